import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { installationStore } from './store.ts'

/** Named whole numbers of a domain, such as the progress of its upkeep. */
export interface Notes {
  /** Returns the number under `name`; undefined if there is none. */
  read(tx: Transaction<Schema>, name: string): Promise<number | undefined>
  /** Sets a number. */
  write(tx: Transaction<Schema>, name: string, value: number): Promise<void>
}

/** Makes the notes in `db`. */
export function notesIn(db: Database): Notes {
  const store = installationStore(db)
  return {
    async read(tx, name) {
      const text = await store.getIn(tx, name)
      return text === undefined ? undefined : Number(text)
    },
    write: (tx, name, value) => store.putIn(tx, name, String(value)),
  }
}
