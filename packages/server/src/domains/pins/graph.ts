import type { Database } from '../../db/database.ts'
import type { Boards } from '../boards/boards.ts'
import type { PinGraph } from '../related/pin-graph.ts'
import { findToSave } from './read.ts'
import { pinStore } from './store.ts'

/** Makes what finding related Pins needs of Pins. */
export function pinGraph({ db, boards }: { db: Database; boards: Boards }): PinGraph {
  const store = pinStore(db)
  const { places, publicSaves, newestOnBoard, compared, byIds } = store
  return {
    ...{ places, publicSaves, newestOnBoard, compared, byIds },
    find: (viewer, id) => findToSave({ store, boards }, viewer, id),
    rolesOn: boards.rolesOn,
  }
}
