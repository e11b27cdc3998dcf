import { Link } from 'wouter'
import { type FeedName, queries } from '../api/queries.ts'
import { type Density, densities, setDensity, useDensity } from '../preferences.ts'
import { useSession } from '../shell/session.ts'
import { useTitle } from '../shell/title.ts'
import { Icon } from '../ui/icon.tsx'
import { Segment } from '../ui/segment.tsx'
import { State, signInHref } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { PinList } from './list.tsx'

/** The feeds, each with its address. */
const feeds: readonly { name: FeedName; href: string }[] = [
  { name: 'new', href: '/' },
  { name: 'following', href: '/following' },
  { name: 'for_you', href: '/for-you' },
]

const emptyWords = { new: words.emptyNew, following: words.emptyFollowing, for_you: words.emptyForYou }

/** The first page: the newest Pins, those of whom one follows, or what is like one's own. */
export function Home({ feed }: { feed: FeedName }) {
  const session = useSession()
  useTitle(feed === 'new' ? '' : words.feeds[feed])
  return (
    <>
      <h1 className="sr-only">{words.feeds[feed]}</h1>
      {session?.person === null && <Welcome isDemo={session.is_demo} />}
      <div className="strip">
        <nav className="scroll" aria-label={words.feedsLabel}>
          {session?.person &&
            feeds.map(({ name, href }) => (
              <Link key={name} href={href} className="chip" aria-current={name === feed ? 'page' : undefined}>
                {words.feeds[name]}
              </Link>
            ))}
        </nav>
        <DensityChoice />
      </div>
      <PinList
        key={feed}
        label={words.feeds[feed]}
        query={queries.feed(feed)}
        empty={<State said={emptyWords[feed]} />}
      />
    </>
  )
}

/** What a visitor is told. */
function Welcome({ isDemo }: { isDemo: boolean }) {
  if (!isDemo) return <p className="text-22 mb-4 mt-2 font-semibold">{words.welcome}</p>
  return (
    <div className="banner">
      <p>{words.demo}</p>
      <a className="btn" href={signInHref()}>
        {words.demoOpen}
      </a>
    </div>
  )
}

/** How large Pins are in walls. */
export function DensityChoice() {
  const density = useDensity()
  return (
    <Segment<Density>
      label={words.density}
      value={density}
      onChange={setDensity}
      options={densities.map((value) => ({ value, name: words.densities[value], icon: <Icon name={value} /> }))}
    />
  )
}
