import { hash } from 'node:crypto'

// The rows of a table are summed up alike on both databases, in whatever order they come: by adding up numbers from the
// SHA-256 of each.

/** The number of a table's rows, and sums of numbers from their hashes. */
export interface TableSum {
  rows: number
  parts: number[]
}

/** So many numbers of 32 bits are taken from each hash. */
export const sumParts = 4
/** Sums are taken modulo this, so that they are whole numbers here. */
const modulus = 2 ** 48

/** Returns the sum of no rows. */
export const emptySum = (): TableSum => ({ rows: 0, parts: new Array(sumParts).fill(0) })

/** Adds a row, as `rowText` has it, to a sum. */
export function noteRow(sum: TableSum, row: string): void {
  const digest = hash('sha256', row, 'hex')
  sum.rows++
  for (let i = 0; i < sumParts; i++)
    sum.parts[i] = ((sum.parts[i] ?? 0) + Number.parseInt(digest.slice(i * 8, i * 8 + 8), 16)) % modulus
}

/** Returns the sum of which PostgreSQL says the number of rows and the parts. */
export const sumFrom = (rows: string | number, parts: readonly (string | number)[]): TableSum => ({
  rows: Number(rows),
  parts: parts.map((part) => Number(BigInt(part) % BigInt(modulus))),
})

/** Returns whether two tables have the same rows. */
export const isSameSum = (a: TableSum, b: TableSum): boolean =>
  a.rows === b.rows && a.parts.every((part, i) => part === b.parts[i])

/** Returns the SQL, in both dialects, of a text that differs when the values of a row do: each with its length before it. */
export const rowText = (columns: readonly string[]): string =>
  columns
    .map((column) => `coalesce(length(cast("${column}" as text)) || ':' || cast("${column}" as text), '-')`)
    .join(' || ')
