import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Counter, Counts } from '../../../db/counters.ts'
import type { Schema } from '../../../db/schema.ts'

export type Tx = Transaction<Schema>
export type PinDayRow = Schema['pin_days']
export type PinBlockRow = Schema['pin_blocks']
export type AccountDayRow = Schema['account_days']
export type TopPinRow = Schema['top_pins']

/** Days or blocks, and app types, each from the first to the last. */
export interface Window {
  first: number
  last: number
  firstApp: number
  lastApp: number
}

/** The requested counts of a day. */
export type DaySums = { day: number } & Partial<Counts>
export type PinSums = { pin_id: number } & Partial<Counts>

/** A row with the id of its Pin. */
export interface OfPin {
  pin_id: number
}

export const each = (ids: readonly number[]): OfPin[] => ids.map((pin_id) => ({ pin_id }))
export const idsOf = (rows: readonly OfPin[]): number[] => rows.map(({ pin_id }) => pin_id)

/** Returns the named columns of a row. */
export function pick<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  const picked = {} as Pick<Row, Name>
  for (const name of names) picked[name] = row[name]
  return picked
}

/** Returns the update of each column: its value plus the new one. */
export const added = (table: string, columns: readonly (Counter | 'changes')[]): Record<string, RawBuilder<number>> =>
  Object.fromEntries(
    columns.map((name) => [name, sql<number>`${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`]),
  )

/** Returns the sum of each column, as a number: PostgreSQL's sums have a type that is read as text. */
export const sums = (columns: readonly Counter[]) =>
  columns.map((name) => sql<number>`cast(sum(${sql.ref(name)}) as bigint)`.as(name))

/** Makes a query for each requested set of columns, once. */
export function byColumns<T>(make: (columns: readonly Counter[]) => T): (columns: readonly Counter[]) => T {
  const made = new Map<string, T>()
  return (columns) => {
    const key = columns.join()
    const known = made.get(key) ?? make(columns)
    made.set(key, known)
    return known
  }
}
