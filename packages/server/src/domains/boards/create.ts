import type { BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { boardKey, tidyName, visibleBoardKeys } from './names.ts'
import type { BoardReads } from './read.ts'
import type { BoardRow, BoardStore } from './store/boards.ts'
import { toldBoard } from './told.ts'

/** The name of every board for advertising only. */
const adsOnlyName = 'Ad-only Pins'
/** The board for Pins saved without a board. */
const quickSavesName = 'Quick Saves'

/** A board to make. */
export interface NewBoard {
  name: string
  description?: string | null
  /** `PUBLIC` by default. */
  privacy?: BoardPrivacy
  /** Whether it is for advertising only: then it is protected, and has the same name as all others of its kind. */
  is_ads_only?: boolean
}

/** Makes boards. */
export interface BoardCreation {
  /**
   * Makes a board. Throws a 400 for a blank name, `boardNameTaken`, `insufficientScope` for a secret board, and
   * `forbidden` when the account has too many.
   */
  create(viewer: Viewer, given: NewBoard, written?: Written<BoardRow>): Promise<BoardRow>
  /** Returns the board for Pins saved without a board; makes it if it does not exist. */
  quickSaves(viewer: Viewer): Promise<BoardRow>
}

export interface BoardCreationOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  store: BoardStore
  reads: BoardReads
  outbox: Outbox
}

/** Makes the creation of boards. */
export function boardCreation({ db, clock, ids, accounts, store, reads, outbox }: BoardCreationOptions): BoardCreation {
  function draft(ownerId: number, name: string, more: Partial<BoardRow> = {}): BoardRow {
    const now = clock.now()
    const { privacy = 'PUBLIC' } = more
    return {
      id: ids.next(),
      owner_id: ownerId,
      name,
      name_key: boardKey(name, privacy),
      description: '',
      privacy,
      is_ads_only: 0,
      pin_count: 0,
      follower_count: 0,
      collaborator_count: 0,
      covers: '[]',
      cover_pin_id: null,
      cover_key: null,
      archived_at: null,
      pins_modified_at: now,
      created_at: now,
      ...more,
    }
  }

  async function insert(tx: Transaction<Schema>, viewer: Viewer, row: BoardRow): Promise<void> {
    // Holds the account: no other board of it is made until `tx` ends.
    await accounts.addBoard(tx, row.owner_id)
    // Of its own kind the index has each name once; the viewer must not see one of the other kind under it either.
    const otherKeys = visibleBoardKeys(viewer, row.name).filter((key) => key !== row.name_key)
    const holders = otherKeys.length > 0 ? await store.idsByKeys(tx, row.owner_id, otherKeys) : []
    if (holders.length > 0 || !(await store.insert(tx, row))) throw new ApiError('boardNameTaken')
    await outbox.changed(tx, [row.owner_id], () => ({ kind: 'board', id: row.id, after: toldBoard(row) }))
  }

  return {
    async create(viewer, given, written) {
      const isAdsOnly = given.is_ads_only === true
      const privacy = isAdsOnly ? 'PROTECTED' : (given.privacy ?? 'PUBLIC')
      if (privacy === 'SECRET') checkSecretWrite(viewer)
      const name = isAdsOnly ? adsOnlyName : tidyName(given.name)
      const kind = { privacy, description: given.description ?? '', is_ads_only: isAdsOnly ? 1 : 0 }
      return db.write(async (tx) => {
        const row = draft(viewer.accountId, name, kind)
        await insert(tx, viewer, row)
        await written?.(tx, row)
        return row
      })
    },

    async quickSaves(viewer) {
      const id = await db.write(async (tx) => {
        const [existing] = await store.idsByKeys(tx, viewer.accountId, visibleBoardKeys(viewer, quickSavesName))
        if (existing !== undefined) return existing
        const row = draft(viewer.accountId, quickSavesName)
        await insert(tx, viewer, row)
        return row.id
      })
      return reads.findToWrite(viewer, String(id))
    },
  }
}
