import { type ImportIdentity, JournalFile, readJournal } from './journal-file.mts'

/** A row's creation was begun, came to a Pin, or certainly to none. Times are milliseconds since 1970. */
export type Entry =
  | { begun: string; row: number; at: number }
  | { made: string; row: number; pin: string }
  | { failed: string; row: number; reason: string }

/** What is known of earlier runs. */
export interface Past {
  /** What makes this import's keys its own. */
  id: string
  made: Set<string>
  /** Rows of which it is not known what came of them, with when they were begun. */
  begun: Map<string, number>
}

/** What the entries of a journal say, one after another. */
function gathering() {
  const made = new Set<string>()
  const begun = new Map<string, number>()
  const take = (entry: Entry): void => {
    if ('begun' in entry) begun.set(entry.begun, entry.at)
    else if ('made' in entry) {
      made.add(entry.made)
      begun.delete(entry.made)
    } else begun.delete(entry.failed)
  }
  return { made, begun, take }
}

/** What earlier runs did, without taking part; undefined if there were none. */
export async function readPast(path: string, identity: ImportIdentity): Promise<Past | undefined> {
  const { made, begun, take } = gathering()
  const read = await readJournal(path, identity, take)
  return read && { id: read.id, made, begun }
}

/** A file that a line is added to for whatever happens to a row, so that the next run knows. */
export interface Journal {
  past: Past
  /** Resolves when the entry is on the disk. */
  add(entry: Entry): Promise<void>
  close(): Promise<void>
}

/** Opens a journal for this process alone; it is made if it is not there. */
export async function openJournal(path: string, identity: ImportIdentity): Promise<Journal> {
  const { made, begun, take } = gathering()
  const file = await JournalFile.open(path, identity, take)
  return { past: { id: file.id, made, begun }, add: (entry) => file.add(entry), close: () => file.close() }
}
