import { CommandError } from '../../command-error.ts'
import { type ImportIdentity, JournalFile } from '../../import/journal-file.ts'

/** A batch was loaded, except the rows in `failed`, counted from 0. */
interface Entry {
  batch: number
  key: string
  failed: number[]
}

/** Records what was loaded, batch by batch. */
export interface HistoryJournal {
  /** Returns which rows of a batch are still to be loaded; undefined if all of them are. */
  left(number: number, key: string): readonly number[] | undefined
  /** Resolves when the entry is on disk. */
  add(entry: Entry): Promise<void>
  close(): Promise<void>
}

/** Opens a journal for this process alone; makes it if it does not exist. */
export async function openHistoryJournal(path: string, identity: ImportIdentity): Promise<HistoryJournal> {
  let batches: Entry[] = []
  const note = (entry: Entry): void => {
    if (typeof entry.batch !== 'number') throw new CommandError(`${path} is the journal of another kind of import.`)
    // Where the file has changed, everything after it is loaded again: of two rows for the same number the later one
    // wins.
    if (batches[entry.batch]?.key !== entry.key) batches = batches.slice(0, entry.batch)
    batches[entry.batch] = entry
  }
  const file = await JournalFile.open(path, identity, note)
  return {
    left: (number, key) => (batches[number]?.key === key ? batches[number].failed : undefined),
    add: (entry) => {
      note(entry)
      return file.add(entry)
    },
    close: () => file.close(),
  }
}
