import { sql } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare } from '../../../db/prepared.ts'
import type { PinSearchQuery, PinSearchStore, PinWords, WantedWord } from '../pin-search-store.ts'

/**
 * The index of Pins in PostgreSQL: a `tsvector` each, built here and not by a dictionary of the database, so that words
 * are the same on every database. Words that begin with a dot stand for the owner and the board.
 */
export function postgresStore(db: Database): PinSearchStore {
  const rows = db.read.selectFrom('pin_search')
  const newest = prepare(db, ({ match, before, count }: { match: string; before: number; count: number }) =>
    rows
      .select('pin_id')
      .where(sql<boolean>`document @@ ${match}::tsquery`)
      .where('pin_id', '<', before)
      .orderBy('pin_id', 'desc')
      .limit(count),
  )
  const titled = prepare(db, ({ match, from }: { match: string; from: number }) =>
    rows.select('pin_id').where(sql<boolean>`document @@ ${match}::tsquery`).where('pin_id', '>=', from),
  )
  const ids = (found: readonly { pin_id: number }[]): number[] => found.map(({ pin_id }) => pin_id)

  return {
    async insert(tx, pins) {
      const values = pins.map((pin) => ({ pin_id: pin.id, document: sql<string>`${documentOf(pin)}::tsvector` }))
      if (values.length > 0) await tx.insertInto('pin_search').values(values).execute()
    },
    async delete(tx, gone) {
      if (gone.length > 0) await tx.deleteFrom('pin_search').where('pin_id', 'in', gone).execute()
    },
    newest: async ({ before, count, ...query }) => ids(await newest.all({ match: matchOf(query), before, count })),
    titled: async ({ wanted, from }) => ids(await titled.all({ match: wanted.map(inTitle).join(' & '), from })),
  }
}

const owner = (id: number): string => `'.o${id}'`
const board = (id: number): string => `'.b${id}'`

/** Returns the words of a Pin with their weights: A for the title, B for the host, D for the others. */
function documentOf({ ownerId, boardId, title, text, host }: PinWords): string {
  let place = 0
  const weighted = (words: readonly string[], weight: string) =>
    words.map((word) => {
      place = Math.min(place + 1, 16_383) // The last position in a tsvector.
      return `'${word}':${place}${weight}`
    })
  return [owner(ownerId), board(boardId), ...weighted(title, 'A'), ...weighted(host, 'B'), ...weighted(text, 'D')].join(
    ' ',
  )
}

/** Returns a search in PostgreSQL's syntax. Words consist of letters and digits, so quotes are enough. */
function matchOf({ ownerId, boardId, wanted, withoutBoardIds }: Omit<PinSearchQuery, 'before' | 'count'>): string {
  const places = [
    ...(ownerId === undefined ? [] : [owner(ownerId)]),
    ...(boardId === undefined ? [] : [board(boardId)]),
  ]
  return [...places, ...wanted.map(wantedText), ...withoutBoardIds.map((id) => `!${board(id)}`)].join(' & ')
}

const wantedText = (word: WantedWord): string => `(${[wordsText(word), ...word.boardIds.map(board)].join(' | ')})`

const wordsText = ({ words, isPrefix }: WantedWord): string =>
  words.map((word) => `'${word}'${isPrefix ? ':*' : ''}`).join(' | ')

const inTitle = ({ words, isPrefix }: WantedWord): string =>
  `(${words.map((word) => `'${word}':${isPrefix ? '*' : ''}A`).join(' | ')})`
