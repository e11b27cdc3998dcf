import { createHash } from 'node:crypto'
import { contentTypeOf, isKey } from '../../storage/storage.ts'
import { BackupError } from './backup-error.ts'
import type { BackupPlace } from './place.ts'

// What a backup consists of is a list of JSON lines: a head, the database in pieces, the pictures and videos in the order of
// their keys, and an end with the sum of all before. It is written and read as a stream: there may be millions.

/** The first line. */
export interface Head {
  /** When the backup was begun: milliseconds since 1970. */
  createdAt: number
  /** The steps of the database's schema. */
  steps: string[]
  /** Whether pictures and videos are in it; `elsewhere`: in a service that has copies of its own. */
  media: 'here' | 'elsewhere'
}

/** A piece of the database, in its order. */
export interface Piece {
  piece: string
  size: number
}

/** A file of a picture or video; `id`: its content, null if the data folder had none. */
export type BackedUpFile = [name: string, size: number, writtenAt: number, id: string | null]

/** A picture or video. */
export interface Media {
  key: string
  files: BackedUpFile[]
}

/** The last line. */
export interface End {
  pieces: number
  databaseBytes: number
  files: number
  mediaBytes: number
  missing: number
}

export type Line = { head: Head } | Piece | Media | { end: End }

/** Counts lines as they pass. */
export class Tally {
  readonly end: End = { pieces: 0, databaseBytes: 0, files: 0, mediaBytes: 0, missing: 0 }

  add(line: Line): void {
    if ('piece' in line) {
      this.end.pieces++
      this.end.databaseBytes += line.size
    } else if ('key' in line)
      for (const [, size, , id] of line.files) {
        if (id === null) this.end.missing++
        else this.end.files++
        this.end.mediaBytes += id === null ? 0 : size
      }
  }
}

/** Yields lines as they are written; adds the end. */
export async function* writtenLines(lines: AsyncIterable<Line>): AsyncGenerator<Buffer> {
  const sum = createHash('sha256')
  const tally = new Tally()
  for await (const line of lines) {
    tally.add(line)
    const text = `${JSON.stringify(line)}\n`
    sum.update(text)
    yield Buffer.from(text)
  }
  yield Buffer.from(`${JSON.stringify({ end: tally.end, sum: sum.digest('hex') })}\n`)
}

/** Yields the lines of a backup. Throws `BackupError`, at its end at the latest, unless all are as they were written. */
export async function* readLines(place: BackupPlace, name: string): AsyncGenerator<Line> {
  try {
    yield* checkedLines(place.readBackup(name))
  } catch (error) {
    if (error instanceof BackupError) throw new BackupError(`The backup ${name} cannot be read: ${error.message}.`)
    throw error
  }
}

/** Yields written lines again. Throws `BackupError` unless all are as they were written. */
export async function* checkedLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const sum = createHash('sha256')
  const tally = new Tally()
  let [count, isWhole, lastKey] = [0, false, '']
  for await (const text of linesOf(bytes)) {
    if (isWhole) throw new BackupError('it was altered')
    const line = parsed(text)
    if ('head' in line !== (count++ === 0)) throw new BackupError('it was altered')
    if ('end' in line) {
      isWhole = line.sum === sum.digest('hex') && JSON.stringify(line.end) === JSON.stringify(tally.end)
      if (!isWhole) throw new BackupError('it was altered')
    } else {
      sum.update(`${text}\n`)
      if ('key' in line) lastKey = checkMedia(line, lastKey)
      tally.add(line)
    }
    yield line
  }
  if (!isWhole) throw new BackupError('it is cut off')
}

/** The longest line: that of a picture or video with a few files. */
const mostLetters = 1_000_000

async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let left = ''
  const decoder = new TextDecoder()
  for await (const part of bytes) {
    const lines = (left + decoder.decode(part, { stream: true })).split('\n')
    left = lines.pop() ?? ''
    yield* lines
    if (left.length > mostLetters) throw new BackupError('it was altered')
  }
  if (left !== '') throw new BackupError('it is cut off')
}

type ReadLine = { head: Head } | Piece | Media | { end: End; sum: string }

function parsed(text: string): ReadLine {
  try {
    return JSON.parse(text)
  } catch {
    throw new BackupError('it was altered')
  }
}

/** Throws unless a line names files that can be stored, after those of the line before. Returns its key. */
function checkMedia({ key, files }: Media, before: string): string {
  const isFile = ([name]: BackedUpFile) => /^[\w-]+\.[a-z0-9]+$/i.test(name) && contentTypeOf(name) !== undefined
  if (isKey(key) && key > before && files.every(isFile)) return key
  throw new BackupError('it names files that cannot be')
}
