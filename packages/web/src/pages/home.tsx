import { useInfiniteQuery, usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { BoardView } from '../api/calls.ts'
import { type FeedName, queries } from '../api/queries.ts'
import { useTitle } from '../shell/title.ts'
import { DensityChoice } from '../ui/density-choice.tsx'
import { Icon } from '../ui/icon.tsx'
import { Failure, State, signInHref } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { PinList, useItems } from './list.tsx'

/** The feeds, each with its address. */
const feeds: readonly { name: FeedName; href: string }[] = [
  { name: 'new', href: '/' },
  { name: 'following', href: '/following' },
  { name: 'for_you', href: '/for-you' },
]

const emptyWords = { new: words.emptyNew, following: words.emptyFollowing, for_you: words.emptyForYou }

/** The first page: the newest Pins, those of whom one follows, or what is like one's own. */
export function Home({ feed }: { feed: FeedName }) {
  const { data: session, error, refetch } = useQuery(queries.session())
  // At the same time: whoever is signed in, the Pins are there when the page is.
  usePrefetchInfiniteQuery(queries.feed(feed))
  useTitle(feed === 'new' ? '' : words.feeds[feed])
  if (!session) return error && <Failure error={error} retry={() => void refetch()} />
  return (
    <>
      <h1 className="sr-only">{words.feeds[feed]}</h1>
      {session.person === null && <Welcome isDemo={session.is_demo} />}
      <div className={session.person ? 'strip' : 'strip max-md:hidden'}>
        <nav className="scroll" aria-label={words.feedsLabel}>
          {session.person &&
            feeds.map(({ name, href }) => (
              <Link key={name} href={href} className="chip" aria-current={name === feed ? 'page' : undefined}>
                {words.feeds[name]}
              </Link>
            ))}
          {session.person && <BoardChips username={session.person.username} />}
        </nav>
        <DensityChoice isInStrip />
      </div>
      <PinList
        key={feed}
        label={words.feeds[feed]}
        query={queries.feed(feed)}
        empty={<State said={emptyWords[feed]} />}
        {...(feed === 'new' && { watched: {} })}
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

/** At most this many boards are named; the others are on the profile. */
const shownBoards = 12

/** One's own boards, those that changed last first. */
function BoardChips({ username }: { username: string }) {
  const boards = useItems(useInfiniteQuery(queries.profileBoards(username)))
  const changed = ({ board }: BoardView) => board.board_pins_modified_at ?? ''
  const newest = boards.toSorted((a, b) => changed(b).localeCompare(changed(a))).slice(0, shownBoards)
  if (newest.length === 0) return null
  return (
    <>
      <span className="rule" aria-hidden="true" />
      {newest.map(({ board, cover_urls: [cover] }) => (
        <Link key={board.id} href={`/board/${board.id}`} className="chip">
          {cover && <img src={cover.replace('/400x300/', '/150x150/')} width={24} height={24} alt="" />}
          <span dir="auto">{board.name}</span>
          {board.privacy === 'SECRET' && <Icon name="lock" size={16} />}
        </Link>
      ))}
    </>
  )
}
