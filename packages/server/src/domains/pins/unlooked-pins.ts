import type { Database } from '../../db/database.ts'
import type { UnlookedPins } from '../looks/backfill.ts'
import { pinStore } from './store.ts'

/** Makes what looking at older Pins needs of them. */
export function unlookedPins(db: Database): UnlookedPins {
  const { withoutLook, setLook } = pinStore(db)
  return { withoutLook, setLook }
}
