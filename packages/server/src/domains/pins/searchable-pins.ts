import type { Database } from '../../db/database.ts'
import type { SearchablePins } from '../search/searchable-pins.ts'
import { pinStore } from './store.ts'

/** Makes what the index of search asks of Pins. It is apart from `Pins`, which need the index themselves. */
export function searchablePins(db: Database): SearchablePins {
  return { searchable: pinStore(db).searchable }
}
