// What the app reads first on each of its pages, as `packages/web/src/api/queries.ts` writes it. What is missing here, or
// written otherwise, the app requests.

const pageSize = 30

type Params = Record<string, string>

const feed = (name: string) => `/_pinfold/web/feed?page_size=${pageSize}&feed=${name}`
const boardReads = ({ id, section }: Params) => [
  `/_pinfold/web/boards/${id}`,
  `/_pinfold/web/boards/${id}/sections?page_size=250`,
  `/_pinfold/web/boards/${id}/pins?page_size=${pageSize}${section === undefined ? '' : `&section_id=${section}`}`,
]
const profileReads =
  (list: 'boards' | 'pins') =>
  ({ username }: Params) => [
    `/_pinfold/web/users/${username}`,
    `/_pinfold/web/users/${username}/${list}?page_size=${pageSize}`,
  ]

const byPath: Record<string, (params: Params) => string[]> = {
  '/': () => [feed('new')],
  '/following': () => [feed('following')],
  '/for-you': () => [feed('for_you')],
  '/pin/:id': ({ id }) => [`/_pinfold/web/pins/${id}`],
  '/board/:id': boardReads,
  '/board/:id/section/:section': boardReads,
  '/u/:username': profileReads('boards'),
  '/u/:username/pins': profileReads('pins'),
}

/** Returns the addresses of what the app reads first at a path with these parameters. */
export function readsOf(path: string, params: Params): string[] {
  const isPlain = Object.values(params).every((value) => /^\w+$/.test(value))
  return ['/_pinfold/web/session', ...(isPlain ? (byPath[path]?.(params) ?? []) : [])]
}
