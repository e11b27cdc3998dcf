import { CommandError } from '../../command-error.ts'
import { type ImportIdentity, JournalFile } from '../../import/journal-file.ts'

/** A batch was loaded, but for the rows that `failed`, which are counted from 0. */
interface Entry {
  batch: number
  key: string
  failed: number[]
}

/** What was loaded, batch by batch. */
export interface HistoryJournal {
  /** Which rows of a batch are still to be loaded; undefined if all of them are. */
  left(number: number, key: string): readonly number[] | undefined
  /** Resolves when it is on the disk. */
  add(entry: Entry): Promise<void>
  close(): Promise<void>
}

/** Opens a journal for this process alone; it is made if it is not there. */
export async function openHistoryJournal(path: string, identity: ImportIdentity): Promise<HistoryJournal> {
  let batches: Entry[] = []
  const note = (entry: Entry): void => {
    if (typeof entry.batch !== 'number') throw new CommandError(`${path} is the journal of another kind of import.`)
    // Where the file has changed, all that follows is loaded anew: of two rows for the same the later one stays.
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
