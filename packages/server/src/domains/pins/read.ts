import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../../core/page.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { Boards } from '../boards/boards.ts'
import { existingAmong, type PinFilter } from './list-filter.ts'
import type { ListedPin, PinRow, PinStore, ReadPin } from './store.ts'

/** Reads Pins. Pages are newest first. */
export interface PinReads {
  /** Returns a Pin of the viewer's. Throws `pinNotFound`, or `forbidden` for somebody else's. */
  read(viewer: Viewer, id: string): Promise<ReadPin>
  /** Returns Pins of the viewer's, each once. Throws `pinNotFound`, or `pinsNotYours`, naming the Pin. */
  readAll(viewer: Viewer, ids: readonly string[]): Promise<ReadPin[]>
  /** Returns the link of a Pin for an account, or for anybody. Throws `pinNotFound`. */
  linkOf(accountId: number | undefined, id: string): Promise<string | null>
  /** Returns a page of the Pins on a board, of all types if `types` is undefined. Throws as `Boards.find`. */
  ofBoard(
    viewer: Viewer,
    boardId: string,
    types: readonly CreativeType[] | undefined,
    page: PageRequest,
  ): Promise<Page<ListedPin>>
  /** Returns a page of the Pins in a section. Throws as `Boards.readSection`. */
  ofSection(viewer: Viewer, boardId: string, sectionId: string, page: PageRequest): Promise<Page<ListedPin>>
  /** Returns a page of the viewer's Pins; those on secret boards only if the viewer may see them. */
  list(viewer: Viewer, filter: PinFilter, page: PageRequest): Promise<Page<ListedPin>>
}

/** Makes the reads of Pins. */
export function pinReads(store: PinStore, boards: Boards): PinReads {
  async function read(viewer: Viewer, id: string): Promise<ReadPin> {
    const number = parseId(id)
    return mine(viewer, number === undefined ? undefined : await store.read(number))
  }

  return {
    read,

    async readAll(viewer, ids) {
      const pins = new Map<number, ReadPin>()
      for (const id of ids) {
        const pin = await read(viewer, id).catch((error) => rethrowNaming(id, error))
        pins.set(pin.id, pin)
      }
      return [...pins.values()]
    },

    async linkOf(accountId, id) {
      const pin = await findRow(store, id)
      if (!pin || (pin.privacy === 'SECRET' && pin.owner_id !== accountId)) throw new ApiError('pinNotFound')
      return pin.link
    },

    ...pinLists(store, boards),
  }
}

function pinLists(store: PinStore, boards: Boards): Pick<PinReads, 'ofBoard' | 'ofSection' | 'list'> {
  return {
    async ofBoard(viewer, boardId, types, { before, size }) {
      const board = await boards.find(viewer, boardId)
      const range = { boardId: board.id, before, count: size + 1 }
      const rows = types
        ? await mergeNewestFirst(
            existingAmong(types).map((type) => store.ofBoardByType({ ...range, type })),
            size + 1,
          )
        : await store.ofBoard(range)
      return toPage(rows, size, (row) => row)
    },

    async ofSection(viewer, boardId, sectionId, { before, size }) {
      const section = await boards.readSection(viewer, boardId, sectionId)
      return toPage(await store.ofSection({ sectionId: section.id, before, count: size + 1 }), size, (row) => row)
    },

    // Each combination of the filter's values is a range of the index; the list is their merge.
    async list(viewer, { privacies, repins, creativeTypes, hosts }, { before, size }) {
      const [ownerId, count] = [viewer.accountId, size + 1]
      const types = creativeTypes && existingAmong(creativeTypes)
      const lists = privacies
        .filter((privacy) => privacy !== 'SECRET' || viewer.secret !== 'none')
        .flatMap((privacy) => repins.map((isRepin) => ({ ownerId, privacy, isRepin: isRepin ? 1 : 0, before, count })))
        .flatMap((range) => (hosts ? hosts.map((host) => ({ ...range, host })) : [range]))
        .flatMap((range) =>
          types ? types.map((type) => store.ofOwnerByType({ ...range, type })) : [store.ofOwner(range)],
        )
      return toPage(await mergeNewestFirst(lists, count), size, (row) => row)
    },
  }
}

/** Returns a Pin that the viewer may change. Throws as `read`, and `insufficientScope` for a secret one. */
export async function findToWrite(store: PinStore, viewer: Viewer, id: string): Promise<PinRow> {
  const pin = mine(viewer, await findRow(store, id))
  if (pin.privacy === 'SECRET') checkSecretWrite(viewer)
  return pin
}

/** Returns a Pin that the viewer may save: their own, or anybody's on a public board. Throws as `read`. */
export async function findToSave(store: PinStore, viewer: Viewer, id: string): Promise<PinRow> {
  const pin = await findRow(store, id)
  return pin?.privacy === 'PUBLIC' ? pin : mine(viewer, pin)
}

async function findRow(store: PinStore, id: string): Promise<PinRow | undefined> {
  const number = parseId(id)
  return number === undefined ? undefined : await store.byId(number)
}

/**
 * Returns the Pin if it is the viewer's. Throws `pinNotFound`, or `forbidden` for somebody else's that is not secret.
 */
function mine<P extends { owner_id: number; privacy: BoardPrivacy }>(viewer: Viewer, pin: P | undefined): P {
  if (!pin) throw new ApiError('pinNotFound')
  const isOwner = pin.owner_id === viewer.accountId
  if (pin.privacy === 'SECRET' && !(isOwner && viewer.secret !== 'none')) throw new ApiError('pinNotFound')
  if (!isOwner) throw new ApiError('forbidden')
  return pin
}

function rethrowNaming(id: string, error: unknown): never {
  if (!(error instanceof ApiError)) throw error
  throw new ApiError(error.entry === 'forbidden' ? 'pinsNotYours' : error.entry, { detail: `It is Pin ${id}.` })
}
