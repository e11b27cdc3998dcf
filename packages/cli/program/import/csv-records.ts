import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { CommandError } from '../command-error.ts'

/** A record of a CSV, and the line of the file that it ends on, from 1. */
export interface CsvRecord {
  cells: string[]
  line: number
}

/** The records of a CSV, the header among them, as they are read. Throws a `CommandError` for a file that is none. */
export async function* csvRecords(file: string): AsyncGenerator<CsvRecord> {
  const parser = createReadStream(file).pipe(parse({ bom: true, relax_column_count: true, info: true }))
  try {
    // The parser takes the end of a line within a cell for two if it is of two characters.
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

/** Whether there is nothing in a record. */
export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')
