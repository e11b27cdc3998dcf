import type { Database } from '../../db/database.ts'
import type { CountedPins } from '../analytics/counted-pins.ts'
import { pinStore } from './store.ts'

/** Makes what analytics asks of Pins. It is apart from `Pins`, which need analytics themselves. */
export function countedPins(db: Database): CountedPins {
  const { counted, countedInPublic, withoutSecret } = pinStore(db)
  return { counted, countedInPublic, withoutSecret }
}
