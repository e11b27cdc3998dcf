import { cameWithPage } from './first-answers.ts'
import { queries, queryClient } from './queries.ts'

const feeds = { '/': 'new', '/following': 'following', '/for-you': 'for_you' } as const
const isFeed = (path: string): path is keyof typeof feeds => Object.hasOwn(feeds, path)

/** Puts what came with the page into the cache: what the first rendering asks for is there then. */
export async function prime(path: string): Promise<void> {
  const [kind, id = '', , section] = path.split('/').slice(1)
  const primed: Promise<unknown>[] = []
  if (cameWithPage('session')) primed.push(queryClient.prefetchQuery(queries.session()))
  if (isFeed(path) && cameWithPage('feed')) primed.push(queryClient.prefetchInfiniteQuery(queries.feed(feeds[path])))
  if (kind === 'pin' && cameWithPage('pins/')) primed.push(queryClient.prefetchQuery(queries.pin(id)))
  if (kind === 'board' && cameWithPage('boards/'))
    primed.push(
      queryClient.prefetchQuery(queries.board(id)),
      queryClient.prefetchInfiniteQuery(queries.sections(id)),
      queryClient.prefetchInfiniteQuery(queries.boardPins(id, section)),
    )
  await Promise.all(primed)
}
