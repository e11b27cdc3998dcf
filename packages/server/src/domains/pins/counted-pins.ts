import type { Database } from '../../db/database.ts'
import type { CountedPins } from '../analytics/counted-pins.ts'
import { pinStore } from './store.ts'

/** Makes what analytics needs of Pins. It is separate from `Pins`, which depend on analytics. */
export function countedPins(db: Database): CountedPins {
  const { counted, countedInPublic, parentsOf, withoutSecret } = pinStore(db)
  return { counted, countedInPublic, parentsOf, withoutSecret }
}
