import { infiniteQueryOptions, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiFailure } from './call.ts'
import * as calls from './calls.ts'

/** How long what was left is kept, so that going back shows it at once. */
const keptMs = 30 * 60_000
const freshMs = 30_000
/** As in the addresses that the server answers within the page: `reads-of.ts` there. */
const pageSize = 30
/** A list of so many pages is read anew when it is shown again after a while; a longer one stays as it is. */
const fewPages = 4

/** Whether the same request may be answered another time: nobody refused it. */
export const isPassing = (error: Error): boolean =>
  !(error instanceof ApiFailure) || error.status === 0 || error.status >= 500

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      // The session is over: the page says so in its bar too.
      if (error instanceof ApiFailure && error.status === 401)
        void queryClient.invalidateQueries({ queryKey: ['session'] })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: freshMs,
      gcTime: keptMs,
      retry: (failures, error) => failures < 2 && isPassing(error),
      refetchOnWindowFocus: false,
    },
  },
})

/** A page of a list. */
interface Listed<Item> {
  items: Item[]
  bookmark: string | null
}

/** Declares a list that is read page by page. `read`: reads the page at a bookmark. */
function pages<Item>(
  key: readonly unknown[],
  read: (page: { page_size: number; bookmark?: string }, signal: AbortSignal) => Promise<Listed<Item>>,
) {
  const readPage = (bookmark: string | null, signal: AbortSignal) =>
    read({ page_size: pageSize, ...(bookmark !== null && { bookmark }) }, signal)
  const options = infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ bookmark }) => bookmark,
    // Pages that were read stay the same objects anyway; to compare all of a long list would take longer than a frame.
    structuralSharing: false,
    // Reading a long list anew takes a request for each of its pages.
    refetchOnMount: ({ state }) => (state.data?.pages.length ?? 0) <= fewPages,
  })
  return Object.assign(options, { /** Reads a page, and keeps nothing of it. */ readPage })
}

export type FeedName = 'new' | 'following' | 'for_you'

/** What the app reads, by name: the key under which it is kept, and the request. */
export const queries = {
  session: () =>
    queryOptions({
      queryKey: ['session'],
      queryFn: ({ signal }) => calls.getSession({}, { signal }),
      staleTime: 5 * 60_000,
    }),
  feed: (feed: FeedName) =>
    pages(['feed', feed], (page, signal) => calls.listFeed({ query: { ...page, feed } }, { signal })),
  pin: (pinId: string) =>
    queryOptions({
      queryKey: ['pin', pinId],
      queryFn: ({ signal }) => calls.getPin({ params: { pin_id: pinId } }, { signal }),
    }),
  related: (pinId: string) =>
    pages(['related', pinId], (query, signal) => calls.listRelated({ params: { pin_id: pinId }, query }, { signal })),
  profile: (username: string) =>
    queryOptions({
      queryKey: ['profile', username],
      queryFn: ({ signal }) => calls.getProfile({ params: { username } }, { signal }),
    }),
  profileBoards: (username: string, archived = false) =>
    pages(['profile', username, archived ? 'archived' : 'boards'], (page, signal) =>
      calls.listProfileBoards({ params: { username }, query: { ...page, archived } }, { signal }),
    ),
  profilePins: (username: string) =>
    pages(['profile', username, 'pins'], (query, signal) =>
      calls.listProfilePins({ params: { username }, query }, { signal }),
    ),
  board: (boardId: string) =>
    queryOptions({
      queryKey: ['board', boardId],
      queryFn: ({ signal }) => calls.getBoard({ params: { board_id: boardId } }, { signal }),
    }),
  sections: (boardId: string) =>
    pages(['board', boardId, 'sections'], (page, signal) => {
      // There are 500 at most, and a page of a board names all of them.
      const query = { ...page, page_size: 250 }
      return calls.listSections({ params: { board_id: boardId }, query }, { signal })
    }),
  trash: () => pages(['trash'], (query, signal) => calls.listTrash({ query }, { signal })),
  /** The boards that somebody may pin to: archived ones are not among them. */
  ownBoards: (username: string) =>
    pages(['own boards', username], (page, signal) =>
      calls.listProfileBoards({ params: { username }, query: { ...page, page_size: 250 } }, { signal }),
    ),
  boardPins: (boardId: string, sectionId: string | undefined) =>
    pages(['board', boardId, 'pins', sectionId ?? null], (page, signal) => {
      const query = { ...page, ...(sectionId !== undefined && { section_id: sectionId }) }
      return calls.listBoardPins({ params: { board_id: boardId }, query }, { signal })
    }),
  searchPins: (query: calls.PinsQuery) =>
    pages(['search', 'pins', query], (page, signal) => calls.searchPins({ query: { ...query, ...page } }, { signal })),
  searchBoards: (query: string, scope: 'all' | 'mine') =>
    pages(['search', 'boards', query, scope], (page, signal) =>
      calls.searchBoards({ query: { query, scope, ...page } }, { signal }),
    ),
  searchPeople: (query: string) =>
    queryOptions({
      queryKey: ['search', 'people', query],
      queryFn: ({ signal }) => calls.searchPeople({ query: { query } }, { signal }),
    }),
  suggestions: (query: string) =>
    queryOptions({
      queryKey: ['suggestions', query],
      queryFn: ({ signal }) => calls.suggest({ query: { query } }, { signal }),
      retry: false,
    }),
  /** One's boards, as far as one looks through a list of them. */
  boardsToChoose: (username: string) =>
    queryOptions({
      queryKey: ['profile', username, 'boards-to-choose'],
      queryFn: ({ signal }) => calls.listProfileBoards({ params: { username }, query: { page_size: 250 } }, { signal }),
    }),
  settings: () =>
    queryOptions({
      queryKey: ['settings'],
      queryFn: ({ signal }) => calls.getSettings({}, { signal }),
      staleTime: 0,
    }),
  sessions: () =>
    queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => calls.listSessions({}, { signal }), staleTime: 0 }),
  connectedApps: () =>
    queryOptions({
      queryKey: ['connected apps'],
      queryFn: ({ signal }) => calls.listConnectedApps({}, { signal }),
      staleTime: 0,
    }),
  followList: (username: string, which: 'followers' | 'following') =>
    pages(['profile', username, which], (query, signal) => {
      const list = which === 'followers' ? calls.listFollowers : calls.listFollowing
      return list({ params: { username }, query }, { signal })
    }),
}
