import { memo, Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import { Board as BoardPage } from './pages/board.tsx'
import { Home as HomePage } from './pages/home.tsx'
import { PinPage as ThePinPage } from './pages/pin.tsx'
import { lazily } from './shell/lazy-page.tsx'
import { goOver, usePagePath, usePageSearch } from './shell/over.ts'
import { Shell } from './shell/shell.tsx'
import { useTitle } from './shell/title.ts'
import { Missing } from './ui/state.tsx'
import { words } from './words/index.ts'

// Pages change with their own addresses: a Pin that opens over a wall leaves the wall as it is.
const Home = memo(HomePage)
const Board = memo(BoardPage)
const PinPage = memo(ThePinPage)

const CreatePage = lazily(async () => (await import('./pinning/create-page.tsx')).default)
const Profile = lazily(async () => (await import('./pages/profile.tsx')).Profile)
const TrashPage = lazily(async () => (await import('./pinning/trash-page.tsx')).TrashPage)
const FollowList = lazily(async () => (await import('./pages/follow-list.tsx')).FollowList)
const SettingsPage = lazily(async () => (await import('./settings/settings-page.tsx')).SettingsPage)
const DeveloperPage = lazily(async () => (await import('./developer/developer-page.tsx')).DeveloperPage)
const SearchPage = lazily(async () => (await import('./pages/search.tsx')).SearchPage)

/** The app: its frame, and the page of the address. The server answers these addresses with the app too. */
export function App() {
  return (
    <Router hook={usePage} searchHook={usePageSearch} aroundNav={goOver}>
      <Pages />
    </Router>
  )
}

const usePage = (): [string, typeof navigate] => [usePagePath(), navigate]

function Pages() {
  return (
    <Shell>
      <Suspense fallback={<div className="min-h-96" aria-busy="true" />}>
        <Switch>
          <Route path="/">
            <Home feed="new" />
          </Route>
          <Route path="/following">
            <Home feed="following" />
          </Route>
          <Route path="/for-you">
            <Home feed="for_you" />
          </Route>
          <Route path="/pin/:id">{({ id }) => <PinPage pinId={id} />}</Route>
          <Route path="/board/:id">{({ id }) => <Board boardId={id} />}</Route>
          <Route path="/board/:id/section/:section">
            {({ id, section }) => <Board boardId={id} sectionId={section} />}
          </Route>
          <Route path="/u/:username">{({ username }) => <Profile username={username} tab="boards" />}</Route>
          <Route path="/u/:username/archived">{({ username }) => <Profile username={username} tab="archived" />}</Route>
          <Route path="/u/:username/pins">{({ username }) => <Profile username={username} tab="pins" />}</Route>
          <Route path="/create">
            <CreatePage />
          </Route>
          <Route path="/trash">
            <TrashPage />
          </Route>
          <Route path="/u/:username/followers">
            {({ username }) => <FollowList key={username} username={username} which="followers" />}
          </Route>
          <Route path="/u/:username/following">
            {({ username }) => <FollowList key={username} username={username} which="following" />}
          </Route>
          <Route path="/settings">
            <SettingsPage part="profile" />
          </Route>
          <Route path="/settings/security">
            <SettingsPage part="security" />
          </Route>
          <Route path="/settings/apps">
            <SettingsPage part="apps" />
          </Route>
          <Route path="/developer/:part?">{({ part }) => <DeveloperPage part={part} />}</Route>
          <Route path="/search">
            <SearchPage tab="pins" />
          </Route>
          <Route path="/search/boards">
            <SearchPage tab="boards" />
          </Route>
          <Route path="/search/people">
            <SearchPage tab="people" />
          </Route>
          <Route>
            <NothingHere />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
}

function NothingHere() {
  useTitle(words.missingPage.title)
  return <Missing said={words.missingPage} />
}
