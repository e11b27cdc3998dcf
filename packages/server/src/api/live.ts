import { createHash } from 'node:crypto'
import type { resources } from '@pinfold/contract'
import { invalid } from '../core/errors.ts'
import { networkOf } from '../core/network.ts'
import { type Viewer, visitor } from '../core/viewer.ts'
import type { ListState, WatchedList } from '../domains/live/list-watch.ts'
import type { Handlers } from '../http/handlers.ts'
import { accountPins } from './render/account-pins.ts'
import { views } from './render/views.ts'
import type { Services } from './services.ts'

type LiveServices = Pick<Services, 'accounts' | 'boards' | 'listWatch' | 'mediaUrl' | 'pins'>

/** What a query says of a list. */
interface ListQuery {
  board_id?: string
  username?: string
}

/** So many of a list are compared where it has no count of its own. */
const compared = 60
const first = (size: number) => ({ before: Number.MAX_SAFE_INTEGER, size })

/** The operations that tell whether what is shown has changed. */
export function liveApi(services: LiveServices): Handlers<typeof resources.live> {
  const { boards, listWatch, pins } = services
  const { accountOf } = views(services)

  async function boardState(viewer: Viewer, id: string): Promise<ListState> {
    const board = await boards.view(viewer, id)
    const [newest, inOrder] = await Promise.all([
      pins.onBoard(board, undefined, first(1)),
      pins.inOrder(board, undefined, { after: undefined, order: 'ASCENDING', size: compared }),
    ])
    const order = inOrder.items.map(({ id }) => id)
    return stateOf(newest.items, [order, board.pin_count, board.pins_modified_at, board.privacy])
  }

  /** Returns a list that a viewer may see. Throws as reading it does. */
  async function listOf(viewer: Viewer, { board_id: boardId, username }: ListQuery): Promise<WatchedList> {
    if (boardId !== undefined && username !== undefined) throw invalid(`Name 'board_id' or 'username', not both.`)
    if (boardId !== undefined) {
      const board = await boards.view(viewer, boardId)
      const sees = board.privacy === 'PUBLIC' ? visitor : viewer
      return { key: `board ${board.id} ${keyOf(sees)}`, read: () => boardState(sees, boardId) }
    }
    if (username === undefined)
      return { key: 'new', read: async () => stateOf((await pins.newest(first(compared))).items) }
    const account = await accountOf(username)
    const list = accountPins(viewer, account.id)
    const read = async () => stateOf((await pins.list(list.viewer, list.filter, first(compared))).items)
    return { key: `pins ${account.id} ${keyOf(list.viewer)}`, read }
  }

  return {
    watch: async ({ viewer = visitor, caller, sender, query }) => {
      const list = await listOf(viewer, query)
      const asker = caller?.accountId ?? networkOf(sender.address)
      if (query.since !== undefined) await listWatch.changed(list, query.since, asker)
      // Again: what was seen before may be secret by now.
      const { version, newest } = await (await listOf(viewer, query)).read()
      return { version, newest_id: newest === null ? null : String(newest) }
    },
  }
}

/** Whoever has the same of these sees the same. */
const keyOf = ({ accountId, secret }: Viewer): string => `${accountId} ${secret}`

/** Makes a state of the first Pins of a list, and of what else tells that it changed. */
function stateOf(items: readonly { id: number }[], more: readonly unknown[] = []): ListState {
  const ids = items.map(({ id }) => id)
  const version = createHash('sha256')
    .update(JSON.stringify([ids, more]))
    .digest('base64url')
    .slice(0, 16)
  return { version, newest: ids.length > 0 ? Math.max(...ids) : null }
}
