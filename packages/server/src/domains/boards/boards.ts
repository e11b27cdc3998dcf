import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { BoardFollowers } from './board-followers.ts'
import { type BoardChanges, boardChanges } from './change.ts'
import { type BoardCreation, boardCreation } from './create.ts'
import { type BoardMerging, boardMerging } from './merge.ts'
import type { PinsOnBoards } from './pins-on-boards.ts'
import { type BoardReads, boardReads } from './read.ts'
import { type BoardRemoval, boardRemoval } from './remove.ts'
import { type Sections, sectionsOf } from './sections.ts'
import { boardStore } from './store/boards.ts'
import { collaboratorStore } from './store/collaborators.ts'
import { sectionStore } from './store/sections.ts'

export type { BoardChange } from './change.ts'
export { coverKeys } from './covers.ts'
export type { NewBoard } from './create.ts'
export type { BoardRole, PrivacyFilter } from './read.ts'
export { type BoardRow, type NamedBoard, newestBoardId } from './store/boards.ts'
export { newestSectionId, type SectionRow } from './store/sections.ts'

/** Boards and their sections. */
export interface Boards extends BoardReads, BoardCreation, BoardChanges, BoardMerging, BoardRemoval, Sections {}

export interface BoardsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  pins: PinsOnBoards
  followers: BoardFollowers
  outbox: Outbox
}

/** Makes the boards over `db`. */
export function boardsOf({ db, clock, ids, accounts, pins, followers, outbox }: BoardsOptions): Boards {
  const store = boardStore(db)
  const sections = sectionStore(db)
  const collaborators = collaboratorStore(db)
  const reads = boardReads({ store, collaborators, accounts })
  return {
    ...reads,
    ...boardCreation({ db, clock, ids, accounts, store, reads, outbox }),
    ...boardChanges({ db, clock, store, collaborators, reads, pins, followers, outbox }),
    ...boardRemoval({ db, accounts, store, collaborators, sections, reads, pins, followers, outbox }),
    ...boardMerging({ db, clock, ids, accounts, store, collaborators, sections, reads, pins, followers, outbox }),
    ...sectionsOf({ db, clock, ids, boards: store, store: sections, collaborators, reads, pins }),
  }
}
