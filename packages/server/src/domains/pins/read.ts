import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../../core/page.ts'
import { type Soon, soon } from '../../core/soon.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { Boards } from '../boards/boards.ts'
import type { KeptPages, PinPage } from './kept-pages.ts'
import { existingAmong, type PinFilter } from './list-filter.ts'
import type { ListedPin, ListItem, PinRow, PinStore, ReadPin } from './store.ts'

/** Reads Pins. Pages are newest first. */
export interface PinReads {
  /**
   * Returns a Pin of the viewer's, or one on a board that the viewer is on. Throws `pinNotFound`, or `forbidden` for any
   * other.
   */
  read(viewer: Viewer, id: string): Soon<ReadPin>
  /** Returns such Pins, each once. Throws `pinNotFound`, or `pinsNotYours`, naming the Pin. */
  readAll(viewer: Viewer, ids: readonly string[]): Promise<ReadPin[]>
  /** Returns the ids of those of these Pins that are on boards of the viewer's. */
  onOwnBoards(viewer: Viewer, pins: readonly ListedPin[]): Promise<ReadonlySet<number>>
  /** Returns the link of a Pin for an account, or for anybody. Throws `pinNotFound`. */
  linkOf(accountId: number | undefined, id: string): Promise<string | null>
  /** Returns a page of the Pins on a board, of all types if `types` is undefined. Throws as `Boards.find`. */
  ofBoard(viewer: Viewer, boardId: string, types: readonly CreativeType[] | undefined, page: PageRequest): Soon<PinPage>
  /** Returns a page of the Pins in a section. Throws as `Boards.readSection`. */
  ofSection(viewer: Viewer, boardId: string, sectionId: string, page: PageRequest): Promise<Page<ListedPin>>
  /** Returns a page of the viewer's Pins; those on secret boards only if the viewer may see them. */
  list(viewer: Viewer, filter: PinFilter, page: PageRequest): Soon<PinPage>
}

/** What finding Pins needs. */
export interface PinFinder {
  store: PinStore
  boards: Boards
}

/** Makes the reads of Pins. */
export function pinReads({ store, boards, keptPages }: PinFinder & { keptPages: KeptPages }): PinReads {
  function read(viewer: Viewer, id: string): Soon<ReadPin> {
    const number = parseId(id)
    return soon(
      number === undefined ? undefined : store.read(number),
      (pin): Soon<ReadPin> =>
        // Where it is matters for Pins of others alone.
        pin && isOwn(viewer, pin) && seesPrivacy(viewer, pin) ? pin : findVisible({ store, boards }, viewer, id),
    )
  }

  return {
    read,

    async readAll(viewer, ids) {
      const pins = new Map<number, ReadPin>()
      for (const id of ids) {
        try {
          const pin = await read(viewer, id)
          pins.set(pin.id, pin)
        } catch (error) {
          throw naming(id, error)
        }
      }
      return [...pins.values()]
    },

    async linkOf(accountId, id) {
      const pin = await findRow(store, id)
      if (pin && (pin.privacy !== 'SECRET' || pin.owner_id === accountId)) return pin.link
      const isOn = accountId !== undefined && (await isOnBoard(boards, accountId, pin))
      if (!pin || !isOn) throw new ApiError('pinNotFound')
      return pin.link
    },

    async onOwnBoards({ accountId }, pins) {
      const placed = await store.places(pins.map(({ id }) => id))
      const roles = await boards.rolesOn(
        accountId,
        placed.map((pin) => pin.board_id),
      )
      return new Set(placed.flatMap((pin) => (roles.get(pin.board_id) === 'owner' ? [pin.id] : [])))
    },

    ...pinLists({ store, boards, keptPages }),
  }
}

function pinLists({
  store,
  boards,
  keptPages,
}: PinFinder & { keptPages: KeptPages }): Pick<PinReads, 'ofBoard' | 'ofSection' | 'list'> {
  const page = (items: Soon<ListItem[]>, size: number): Soon<PinPage> =>
    soon(items, (read) => {
      const { items: shown, next } = toPage(read, size, (item) => item)
      return soon(store.listed(shown), (rows) => ({ items: rows, next, sent: undefined }))
    })

  return {
    ofBoard: (viewer, boardId, types, { before, size }) =>
      // Whether the viewer may see the board is decided at each read, whatever is kept of it.
      soon(boards.find(viewer, boardId), ({ id }) => {
        const range = { boardId: id, before, count: size + 1 }
        if (!types) return keptPages.get(`board ${id} ${before} ${size}`, () => page(store.ofBoard(range), size))
        const lists = existingAmong(types).map((type) => store.ofBoardByType({ ...range, type }))
        return page(mergeNewestFirst(lists, size + 1), size)
      }),

    async ofSection(viewer, boardId, sectionId, { before, size }) {
      const section = await boards.readSection(viewer, boardId, sectionId)
      return page(store.ofSection({ sectionId: section.id, before, count: size + 1 }), size)
    },

    // Each combination of the filter's values is a range of the index; the list is their merge.
    list(viewer, filter, { before, size }) {
      const [ownerId, count] = [viewer.accountId, size + 1]
      const privacies = filter.privacies.filter((privacy) => privacy !== 'SECRET' || viewer.secret !== 'none')
      const { repins, creativeTypes, hosts } = filter
      const read = () => {
        const types = creativeTypes && existingAmong(creativeTypes)
        const lists = privacies
          .flatMap((privacy) =>
            repins.map((isRepin) => ({ ownerId, privacy, isRepin: isRepin ? 1 : 0, before, count })),
          )
          .flatMap((range) => (hosts ? hosts.map((host) => ({ ...range, host })) : [range]))
          .flatMap((range) =>
            types ? types.map((type) => store.ofOwnerByType({ ...range, type })) : [store.ofOwner(range)],
          )
        return page(mergeNewestFirst(lists, count), size)
      }
      // What is narrowed further is as various as those who ask.
      if (creativeTypes || hosts) return read()
      return keptPages.get(`owner ${ownerId} ${privacies.join()} ${repins.join()} ${before} ${size}`, read)
    },
  }
}

/** Returns a Pin that the viewer may change: an own one. Throws as `read`, and `insufficientScope` for a secret one. */
export async function findToWrite(finder: PinFinder, viewer: Viewer, id: string): Promise<PinRow> {
  const pin = await findVisible(finder, viewer, id)
  if (!isOwn(viewer, pin)) throw new ApiError('forbidden', { detail: 'Only the account that made a Pin changes it.' })
  if (pin.privacy === 'SECRET') checkSecretWrite(viewer)
  return pin
}

/**
 * Returns a Pin that the viewer may delete: an own one, or anybody's on a board of the viewer's. Throws as `read`, and
 * `insufficientScope` for a secret one.
 */
export async function findToRemove(finder: PinFinder, viewer: Viewer, id: string): Promise<PinRow> {
  const pin = await findVisible(finder, viewer, id)
  if (!isOwn(viewer, pin)) {
    const roles = await finder.boards.rolesOn(viewer.accountId, [pin.board_id])
    if (roles.get(pin.board_id) !== 'owner')
      throw new ApiError('forbidden', {
        detail: 'Only the account that made a Pin and the owner of its board delete it.',
      })
  }
  if (pin.privacy === 'SECRET') checkSecretWrite(viewer)
  return pin
}

/** Returns a Pin that the viewer may save: one that `read` returns, or anybody's on a public board. Throws as `read`. */
export async function findToSave(finder: PinFinder, viewer: Viewer, id: string): Promise<PinRow> {
  const pin = await findRow(finder.store, id)
  return pin?.privacy === 'PUBLIC' ? pin : seen(finder, viewer, pin)
}

/** Returns a whole Pin that `read` returns. */
async function findVisible(finder: PinFinder, viewer: Viewer, id: string): Promise<PinRow> {
  return seen(finder, viewer, await findRow(finder.store, id))
}

async function findRow(store: PinStore, id: string): Promise<PinRow | undefined> {
  const number = parseId(id)
  return number === undefined ? undefined : await store.byId(number)
}

/** Returns the Pin if the viewer may see it. Throws `pinNotFound`, or `forbidden` for one that is not secret. */
async function seen({ boards }: PinFinder, viewer: Viewer, pin: PinRow | undefined): Promise<PinRow> {
  const isHidden = !pin || !seesPrivacy(viewer, pin)
  if (!isHidden && isOwn(viewer, pin)) return pin
  // Looked up for what is hidden, too: how long an answer takes tells nobody whether there is such a Pin.
  const isOn = await isOnBoard(boards, viewer.accountId, pin)
  if (isHidden) throw new ApiError('pinNotFound')
  if (isOn) return pin
  throw new ApiError(pin.privacy === 'SECRET' ? 'pinNotFound' : 'forbidden')
}

const isOwn = (viewer: Viewer, pin: { owner_id: number }): boolean => pin.owner_id === viewer.accountId

const seesPrivacy = (viewer: Viewer, pin: { privacy: BoardPrivacy }): boolean =>
  pin.privacy !== 'SECRET' || viewer.secret !== 'none'

/** Returns whether an account is on the board of a Pin, as its owner or a collaborator. */
const isOnBoard = async (boards: Boards, accountId: number, pin: PinRow | undefined): Promise<boolean> =>
  (await boards.rolesOn(accountId, [pin?.board_id ?? 0])).size > 0

/** Returns an error that names the Pin, for one of reading it. */
function naming(id: string, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error
  return new ApiError(error.entry === 'forbidden' ? 'pinsNotYours' : error.entry, { detail: `It is Pin ${id}.` })
}
