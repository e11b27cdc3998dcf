import { setImmediate as othersTurn } from 'node:timers/promises'
import { KeySet } from './key-set.ts'
import { keysIn, keyText } from './key-text.ts'
import type { KnownEvents, KnownEventsOptions, KnownKeys } from './known-events.ts'
import { newInTables } from './known-in-tables.ts'
import type { KeyTable } from './store.ts'

/** This many texts are read at a time at the start. */
const textsAtOnce = 100
/** After this many keys of them others get their turn. */
const keysInTurn = 20_000

/** The keys of one of the two tables. */
interface Keys {
  inMemory: KeySet
  /** Whether the table itself has keys: of before there were texts, or of when there was no more room in memory. */
  hasRows: boolean
}

/**
 * Makes known events that are in memory, and in texts from which they are read at the first events after a start: one
 * row for each transaction, at the end of its table. What has no room in memory goes into the tables key by key.
 */
export function inMemory({ store, mostInMemory }: KnownEventsOptions): KnownEvents {
  const { eventKeys } = store
  const none = (): Keys => ({ inMemory: new KeySet(), hasRows: false })
  const tables: Record<KeyTable, Keys> = { 0: none(), 1: none() }
  let ready: Promise<void> | undefined

  async function read(table: KeyTable): Promise<void> {
    const keys = none()
    keys.hasRows = await eventKeys.hasKeys(table)
    let sinceTurn = 0
    for (let after = 0; ; ) {
      const rows = await eventKeys.batchesAfter(table, after, textsAtOnce)
      for (const row of rows) {
        for (const key of keysIn(row.keys)) {
          keys.inMemory.add(key)
          sinceTurn++
        }
        after = row.id
        if (sinceTurn < keysInTurn) continue
        sinceTurn = 0
        await othersTurn()
      }
      if (rows.length < textsAtOnce) break
    }
    tables[table] = keys
  }

  return {
    ready() {
      ready ??= Promise.all([read(0), read(1)])
        .then(() => {})
        .catch((error) => {
          ready = undefined
          throw error
        })
      return ready
    },

    begin(tx, table, cleared): KnownKeys {
      const seen = ([0, 1] as const).filter((each) => !cleared.includes(each))
      const isInMemory = (key: number) => seen.some((each) => tables[each].inMemory.has(key))
      const held = seen.reduce<number>((sum, each) => sum + tables[each].inMemory.size, 0)
      const hasRoom = held < mostInMemory
      const withRows = seen.filter((each) => tables[each].hasRows)
      const taken = new KeySet()
      const written: number[] = []
      /** Of those that were looked for: without room the new ones, else those that the tables have. */
      const found = new Set<number>()

      return {
        async look(keys) {
          if (hasRoom && withRows.length === 0) return
          const others = keys.filter((key) => !isInMemory(key))
          if (!hasRoom) for (const key of await newInTables(store, tx, table, others)) found.add(key)
          else
            for (const each of withRows)
              for (const key of await eventKeys.known(tx, each, [...new Set(others)])) found.add(key)
        },

        take(key) {
          if (isInMemory(key)) return false
          if (!hasRoom) return found.delete(key)
          if (found.has(key) || !taken.add(key)) return false
          written.push(key)
          return true
        },

        async write() {
          if (written.length > 0) await eventKeys.addBatch(tx, table, keyText(written))
        },

        committed() {
          for (const each of cleared) tables[each] = none()
          for (const key of written) tables[table].inMemory.add(key)
          if (!hasRoom) tables[table].hasRows = true
        },
      }
    },
  }
}
