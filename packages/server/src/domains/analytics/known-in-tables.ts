import { keysIn } from './key-text.ts'
import type { KnownEvents, KnownEventsOptions, KnownKeys } from './known-events.ts'
import type { AnalyticsStore, KeyTable, Tx } from './store.ts'

type Store = Pick<AnalyticsStore, 'eventKeys'>

/** This many texts of keys are taken over at a time. */
const textsAtOnce = 50

/** Makes known events that are in tables alone. Texts of keys, of a database that one server had, are taken over first. */
export function inTables({ db, store }: KnownEventsOptions): KnownEvents {
  let ready: Promise<void> | undefined

  async function takeOver(): Promise<void> {
    for (const table of [0, 1] as const)
      for (let more = true; more; )
        more = await db.write(async (tx) => {
          const texts = await store.eventKeys.takeBatches(tx, table, textsAtOnce)
          await store.eventKeys.add(tx, table, inOrder(texts.flatMap(keysIn)))
          return texts.length > 0
        })
  }

  return {
    ready() {
      ready ??= takeOver().catch((error) => {
        ready = undefined
        throw error
      })
      return ready
    },

    begin(tx, table): KnownKeys {
      const fresh = new Set<number>()
      return {
        async look(keys) {
          for (const key of await newInTables(store, tx, table, keys)) fresh.add(key)
        },
        take: (key) => fresh.delete(key),
        write: async () => {},
        committed: () => {},
      }
    },
  }
}

/** Stores keys in a table, and returns those that were in neither. */
export async function newInTables(
  { eventKeys }: Store,
  tx: Tx,
  table: KeyTable,
  given: readonly number[],
): Promise<Set<number>> {
  const keys = inOrder(given)
  const fresh = new Set(await eventKeys.add(tx, table, keys))
  for (const key of await eventKeys.known(tx, table === 0 ? 1 : 0, keys)) fresh.delete(key)
  return fresh
}

/** Each once, in one order, so that two transactions do not deadlock. */
const inOrder = (keys: readonly number[]): number[] => [...new Set(keys)].sort((a, b) => a - b)
