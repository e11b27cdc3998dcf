import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { CommandError } from '../command-error.ts'

/** A record of a CSV, and the line that it ends on, from 1. */
export interface CsvRecord {
  cells: string[]
  line: number
}

/**
 * Yields the records of a CSV as they are read, including the header. Throws a `CommandError` for a file that is not a
 * CSV.
 */
export async function* csvRecords(file: string): AsyncGenerator<CsvRecord> {
  const parser = createReadStream(file).pipe(parse({ bom: true, relax_column_count: true, info: true }))
  try {
    // The parser counts a two-character line end within a cell twice.
    let tooMany = 0
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      for (const cell of record) tooMany += cell.includes('\r\n') ? cell.split('\r\n').length - 1 : 0
      yield { cells: record, line: info.lines - tooMany }
    }
  } catch (error) {
    if (error instanceof CsvError) throw new CommandError(`${file} is not CSV: ${error.message}`)
    throw error
  }
}

/** Returns whether a record is empty. */
export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')
