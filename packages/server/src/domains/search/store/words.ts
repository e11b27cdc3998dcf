import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepareBatch, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import { variantsOf } from '../typing-errors.ts'

type Tx = Transaction<Schema>

/** The SQL of the words in Pins, with the variants that find mistyped ones. */
export interface WordStore {
  /** Adds words, sorted, with their variants; leaves known ones unchanged. */
  add(tx: Tx, words: readonly string[]): Promise<void>
  /** Returns the words that have one of these variants. */
  withVariants(variants: readonly string[]): Promise<string[]>
}

/** Makes the store over `db`. */
export function wordStore(db: Database): WordStore {
  const addWords = prepareBatch((rows: readonly { word: string }[]) =>
    db.read
      .insertInto('search_words')
      .values(rows.map(({ word }) => ({ word })))
      .onConflict((c) => c.doNothing())
      .returning('word'),
  )
  const addVariants = prepareBatch((rows: readonly { variant: string; word: string }[]) =>
    db.read
      .insertInto('search_variants')
      .values(rows.map(({ variant, word }) => ({ variant, word })))
      .onConflict((c) => c.doNothing()),
  )
  const withVariants = prepareBatch((rows: readonly { variant: string }[]) =>
    db.read
      .selectFrom('search_variants')
      .select('word')
      .where(
        'variant',
        'in',
        rows.map(({ variant }) => variant),
      ),
  )

  return {
    async add(tx, words) {
      const added = await addWords(
        within(tx),
        words.map((word) => ({ word })),
      )
      const rows = added.flatMap(({ word }) => variantsOf(word).map((variant) => ({ variant, word })))
      await addVariants(within(tx), rows)
    },
    async withVariants(variants) {
      const rows = await withVariants(
        db.run,
        variants.map((variant) => ({ variant })),
      )
      return [...new Set(rows.map(({ word }) => word))].sort()
    },
  }
}
