import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { Bearers } from './bearers.ts'
import type { CodeStore, TokenStore } from './store.ts'

/** The dependencies of the rules of tokens. */
export interface TokenParts {
  db: Database
  clock: Clock
  ids: IdMaker
  codes: CodeStore
  tokens: TokenStore
  bearers: Bearers
  /** What tokens have before their secret part, beside what tells their kind. */
  mark: string
  outbox: Outbox
}
