import type { CreativeType, OperationInput, PinKind, resources } from '@pinfold/contract'
import { ApiError, invalid } from '../core/errors.ts'
import { type Viewer, visitor } from '../core/viewer.ts'
import type { BoardRow } from '../domains/boards/boards.ts'
import { wantedColour } from '../domains/looks/colour-cells.ts'
import { readHost } from '../domains/pins/list-filter.ts'
import type { WantedPins } from '../domains/search/visible-pins.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import { views } from './render/views.ts'
import type { Services } from './services.ts'

type Finding = typeof resources.finding
type FindingServices = Pick<
  Services,
  'accounts' | 'analytics' | 'boards' | 'bookmarks' | 'mediaUrl' | 'pins' | 'search'
>
type PinsQuery = OperationInput<Finding['pins']>['query']

const typeOf: Record<PinKind, CreativeType> = { image: 'REGULAR', video: 'VIDEO', carousel: 'CAROUSEL' }

/** At most this many of each are suggested, and the Pins are the best among so many of the newest. */
const suggested = { pins: 6, boards: 5, people: 4, rankedPins: 200 }
const mostPeople = 50
const fromTheStart = { after: undefined, order: 'ASCENDING' } as const

/** The operations that find things for the web app, among what one may see. */
export function findingApi(services: FindingServices): Handlers<Finding> {
  const { accounts, boards, bookmarks, search } = services
  const { onePin, pageOfPins } = pinRenderer(services)
  const { person, board: boardView } = views(services)

  /** Returns what a query wants. Throws a 400, and `boardNotFound`. */
  async function wantedOf(viewer: Viewer, given: PinsQuery): Promise<WantedPins> {
    return {
      query: given.query ?? '',
      mine: isMine(viewer, given),
      board: given.board_id === undefined ? undefined : await boards.view(viewer, given.board_id),
      type: given.kind && typeOf[given.kind],
      host: given.site === undefined ? undefined : readHost('site', given.site),
      hasLink: given.has_link,
      since: given.since === undefined ? undefined : dayOf(given.since),
      colour: given.color === undefined ? undefined : wantedColour(`#${given.color}`),
    }
  }

  /** Returns boards as pages show them. A board whose owner is gone meanwhile is left out. */
  async function shownBoards(viewer: Viewer, rows: readonly BoardRow[]) {
    const owners = await accounts.byIds(rows.map((row) => row.owner_id))
    return rows.flatMap((row) => {
      const owner = owners.get(row.owner_id)
      return owner ? [boardView(viewer, row, owner)] : []
    })
  }

  async function suggestedBoards(viewer: Viewer, query: string) {
    const size = suggested.boards
    const isSignedIn = viewer.accountId !== visitor.accountId
    const [own, open] = await Promise.all([
      isSignedIn ? search.suggestBoards(viewer, query, { before: Number.MAX_SAFE_INTEGER, size }) : { items: [] },
      boards.publicNamed(query, { ...fromTheStart, size }),
    ])
    const rows = new Map([...own.items, ...open.items].map((row) => [row.id, row]))
    return shownBoards(viewer, [...rows.values()].slice(0, size))
  }

  async function suggestedPins(viewer: Viewer, query: string) {
    const wanted = { query, mine: false, most: suggested.rankedPins, isTyped: true }
    const { items } = await search.visiblePins(viewer, wanted, { from: 0, size: suggested.pins })
    return Promise.all(items.map(async (pin) => JSON.parse((await onePin(viewer, pin)).text)))
  }

  return {
    pins: async ({ viewer = visitor, query: given }) => {
      const wanted = await wantedOf(viewer, given)
      const { bookmark: _, page_size: __, ...rest } = given
      const listName = `web/search_pins ${viewer.accountId} ${JSON.stringify(Object.entries(rest).sort())}`
      const { colour } = wanted
      if (colour) {
        const { after, size } = bookmarks.readOrdered(listName, given, ['number', 'number'])
        return pageOfPins(
          viewer,
          listName,
          await search.visiblePinsNear(viewer, { ...wanted, colour }, { after, size }),
        )
      }
      const { after, size: most } = bookmarks.readOrdered(listName, given, ['number'])
      const [from] = after ?? [0]
      const { items, next } = await search.visiblePins(viewer, wanted, { from, size: most })
      return pageOfPins(viewer, listName, { items, next: next === null ? null : [next] })
    },

    boards: async ({ viewer = visitor, query: given }) => {
      const { query } = given
      const mine = isMine(viewer, given)
      const listName = `web/search_boards ${viewer.accountId} ${mine} ${query}`
      const { items, next } = mine
        ? await search.boards(viewer, query, bookmarks.read(listName, given))
        : await boards.publicNamed(query, bookmarks.readOrdered(listName, given, ['string', 'number']))
      const shown = await shownBoards(viewer, items)
      return bookmarks.render(listName, { items: shown.map((view) => JSON.stringify(view)), next })
    },

    people: async ({ query: { query } }) => ({ items: (await accounts.named(query, mostPeople)).map(person) }),

    suggest: async ({ viewer = visitor, query: { query } }) => {
      if (query.trim() === '') return { pins: [], boards: [], people: [] }
      const [foundPins, foundBoards, people] = await Promise.all([
        suggestedPins(viewer, query),
        suggestedBoards(viewer, query),
        accounts.named(query, suggested.people),
      ])
      return { pins: foundPins, boards: foundBoards, people: people.map(person) }
    },
  }
}

/** Returns whether only the viewer's own things are wanted. Throws `authenticationFailed` if nobody is signed in. */
function isMine({ accountId }: Viewer, { scope = 'all' }: Pick<PinsQuery, 'scope'>): boolean {
  if (scope === 'all') return false
  if (accountId === visitor.accountId) throw new ApiError('authenticationFailed')
  return true
}

/** Returns when a day begins, in milliseconds. Throws a 400 for a day that there is not. */
function dayOf(day: string): number {
  const ms = Date.parse(day)
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day))
    throw invalid(`'since' must be a day, such as 2026-03-01.`)
  return ms
}
