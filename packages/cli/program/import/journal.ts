import { type ImportIdentity, JournalFile, readJournal } from './journal-file.ts'

/**
 * What happened to a row: its video was sent, then found ready; its creation began, made a Pin, or certainly made none:
 * `refused`, because of what was sent. Times are milliseconds since 1970.
 */
export type Entry =
  | { sent: string; row: number; media: string }
  | { uploaded: string; row: number; media: string }
  | { begun: string; row: number; at: number }
  | { made: string; row: number; pin: string }
  | { failed: string; row: number; reason: string; refused?: boolean }

/** What is known of earlier runs. */
export interface Past {
  /** Makes this import's keys unique. */
  id: string
  made: Set<string>
  /** Rows whose result is unknown, with the time when they were begun. */
  begun: Map<string, number>
  /** The video ids of rows whose video was sent… */
  sent: Map<string, string>
  /** …and of those whose video was found ready. */
  uploaded: Map<string, string>
}

/** Collects what a journal's entries say. */
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
      // The video may have been refused, or no longer exist: it is uploaded again.
      if (entry.refused) uploaded.delete(entry.failed)
    }
  }
  return { made, begun, sent, uploaded, take }
}

/** Reads what earlier runs did, without taking part; undefined if there were none. */
export async function readPast(path: string, identity: ImportIdentity): Promise<Past | undefined> {
  const { take, ...known } = gathering()
  const read = await readJournal(path, identity, take)
  return read && { id: read.id, ...known }
}

/** A file with a line for each event of a row, so that the next run knows. */
export interface Journal {
  past: Past
  /** Resolves when the entry is on disk. */
  add(entry: Entry): Promise<void>
  close(): Promise<void>
}

/** Opens a journal for this process alone; makes it if it does not exist. */
export async function openJournal(path: string, identity: ImportIdentity): Promise<Journal> {
  const { take, ...known } = gathering()
  const file = await JournalFile.open(path, identity, take)
  return { past: { id: file.id, ...known }, add: (entry) => file.add(entry), close: () => file.close() }
}
