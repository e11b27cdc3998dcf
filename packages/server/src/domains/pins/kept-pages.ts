import type { JsonText } from '../../core/json-text.ts'
import type { Page } from '../../core/page.ts'
import type { Database } from '../../db/database.ts'
import { UntilCommit } from '../../db/until-commit.ts'
import type { ListedPin } from './store.ts'

/** A page of Pins. */
export interface PinPage extends Page<ListedPin> {
  /** For what an answer was last made of it, and the answer if it was the second: it stays with a page that is kept. */
  sent: { for: string; answer: JsonText | undefined } | undefined
}

/** Pages of Pins by what they are of, until something is committed. Nobody changes them. */
export type KeptPages = UntilCommit<string, PinPage>

/** What a page takes: each text in its row, as bytes, and in the page as it is sent; most of the former are cached anyway. */
const bytesOf = ({ items }: PinPage): number =>
  items.reduce((sum, { rendered }) => sum + 3 * rendered.length + 400, 200)

/** Makes the pages that are kept of a database; nothing is where others may write at any time. */
export const keptPagesOf = (db: Database, mostBytes: number): KeptPages => new UntilCommit(db, mostBytes, bytesOf)
