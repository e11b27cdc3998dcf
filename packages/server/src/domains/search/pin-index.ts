import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import { hostOf } from '../../core/host-of.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { PinSearchStore, PinWords } from './pin-search-store.ts'
import { postgresStore } from './store/postgres.ts'
import { sqliteStore } from './store/sqlite.ts'
import { wordStore } from './store/words.ts'
import { isForgiven, isOneErrorAway, variantsOf } from './typing-errors.ts'
import { wordsOf } from './words.ts'

type Tx = Transaction<Schema>

/** The fields of a Pin that can be searched. */
export type SearchedPin = Pick<
  Schema['pins'],
  'id' | 'owner_id' | 'board_id' | 'title' | 'description' | 'alt_text' | 'link'
>

/** The words of every Pin, written in the transaction that writes the Pin. It does not know who may see a Pin. */
export interface PinIndex extends Pick<PinSearchStore, 'newest' | 'titled'> {
  /** Adds new Pins. */
  add(tx: Tx, pins: readonly SearchedPin[]): Promise<void>
  /** Replaces the words of a changed Pin, if they are others now. */
  replace(tx: Tx, before: SearchedPin, after: SearchedPin): Promise<void>
  /** Removes Pins. */
  remove(tx: Tx, ids: readonly number[]): Promise<void>
  /** Returns the words of Pins that are one typing error away from `word`; at most twenty. */
  near(word: string): Promise<string[]>
}

/** At most this many words replace a mistyped one. */
const maxNear = 20

/** Makes the index of the Pins of `db`. */
export function pinIndexOf(db: Database): PinIndex {
  const store = db.dialect === 'sqlite' ? sqliteStore(db) : postgresStore(db)
  const known = wordStore(db)

  async function addWords(tx: Tx, indexed: readonly PinWords[]): Promise<void> {
    await store.insert(tx, indexed)
    const words = indexed.flatMap(({ title, text, host }) => [...title, ...text, ...host]).filter(isForgiven)
    await known.add(tx, [...new Set(words)].sort())
  }

  return {
    add: (tx, pins) => addWords(tx, pins.map(pinWords)),
    async replace(tx, before, after) {
      const words = pinWords(after)
      if (isDeepStrictEqual(words, pinWords(before))) return
      await store.delete(tx, [after.id])
      await addWords(tx, [words])
    },
    remove: store.delete,
    newest: store.newest,
    titled: store.titled,
    async near(word) {
      if (!isForgiven(word)) return []
      const candidates = await known.withVariants(variantsOf(word))
      return candidates.filter((candidate) => isOneErrorAway(word, candidate)).slice(0, maxNear)
    },
  }
}

function pinWords({ id, owner_id, board_id, title, description, alt_text, link }: SearchedPin): PinWords {
  return {
    id,
    ownerId: owner_id,
    boardId: board_id,
    title: wordsOf(title ?? ''),
    text: wordsOf(`${description ?? ''} ${alt_text ?? ''}`),
    host: wordsOf(hostOf(link) ?? ''),
  }
}
