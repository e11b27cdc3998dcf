import type { Database } from '../../db/database.ts'
import type { PinGraph } from '../related/pin-graph.ts'
import { findToSave } from './read.ts'
import { pinStore } from './store.ts'

/** Makes what finding related Pins needs of Pins. */
export function pinGraph(db: Database): PinGraph {
  const store = pinStore(db)
  const { places, publicSaves, newestOnBoard, compared, byIds } = store
  return { find: (viewer, id) => findToSave(store, viewer, id), places, publicSaves, newestOnBoard, compared, byIds }
}
