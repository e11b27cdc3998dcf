import { type ImportIdentity, JournalFile, readJournal } from './journal-file.ts'

/**
 * A row's video was sent, and then found ready; its creation was begun, came to a Pin, or certainly to none: `refused`,
 * because of what was sent. Times are milliseconds since 1970.
 */
export type Entry =
  | { sent: string; row: number; media: string }
  | { uploaded: string; row: number; media: string }
  | { begun: string; row: number; at: number }
  | { made: string; row: number; pin: string }
  | { failed: string; row: number; reason: string; refused?: boolean }

/** What is known of earlier runs. */
export interface Past {
  /** What makes this import's keys its own. */
  id: string
  made: Set<string>
  /** Rows of which it is not known what came of them, with when they were begun. */
  begun: Map<string, number>
  /** The ids of the videos of rows that were sent… */
  sent: Map<string, string>
  /** …and of those that were found ready. */
  uploaded: Map<string, string>
}

/** What the entries of a journal say, one after another. */
function gathering() {
  const made = new Set<string>()
  const begun = new Map<string, number>()
  const sent = new Map<string, string>()
  const uploaded = new Map<string, string>()
  const take = (entry: Entry): void => {
    if ('sent' in entry) sent.set(entry.sent, entry.media)
    else if ('uploaded' in entry) {
      uploaded.set(entry.uploaded, entry.media)
      sent.delete(entry.uploaded)
    } else if ('begun' in entry) begun.set(entry.begun, entry.at)
    else if ('made' in entry) {
      made.add(entry.made)
      begun.delete(entry.made)
    } else {
      begun.delete(entry.failed)
      // It may be the video that was refused, or one that is no longer there: it is uploaded again.
      if (entry.refused) uploaded.delete(entry.failed)
    }
  }
  return { made, begun, sent, uploaded, take }
}

/** What earlier runs did, without taking part; undefined if there were none. */
export async function readPast(path: string, identity: ImportIdentity): Promise<Past | undefined> {
  const { take, ...known } = gathering()
  const read = await readJournal(path, identity, take)
  return read && { id: read.id, ...known }
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
  const { take, ...known } = gathering()
  const file = await JournalFile.open(path, identity, take)
  return { past: { id: file.id, ...known }, add: (entry) => file.add(entry), close: () => file.close() }
}
