import { sql } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare } from '../../../db/prepared.ts'
import type { PinSearchQuery, PinSearchStore, WantedWord } from '../pin-search-store.ts'

/**
 * The index of Pins in SQLite: an FTS5 table that only stores words, by the ids of Pins. Its column `scope` has words
 * for the owner and the board, so that one account's Pins are found without reading those of others.
 */
export function sqliteStore(db: Database): PinSearchStore {
  const matching = (match: string) =>
    db.read
      .selectFrom('pin_search')
      .select(sql<number>`rowid`.as('id'))
      .where(sql<boolean>`pin_search match ${match}`)
      .orderBy('id', 'desc')
  const newest = prepare(db, ({ match, before, count }: { match: string; before: number; count: number }) =>
    matching(match).where(sql<number>`rowid`, '<', before).limit(count),
  )
  const titled = prepare(db, ({ match, from }: { match: string; from: number }) =>
    matching(match).where(sql<number>`rowid`, '>=', from),
  )
  const ids = (rows: readonly { id: number }[]): number[] => rows.map(({ id }) => id)

  return {
    async insert(tx, pins) {
      for (const { id, ownerId, boardId, title, text, host } of pins)
        await sql`insert into pin_search (rowid, scope, title, text, host)
          values (${id}, ${`${owner(ownerId)} ${board(boardId)}`}, ${title.join(' ')}, ${text.join(' ')}, ${host.join(' ')})`.execute(
          tx,
        )
    },
    async delete(tx, gone) {
      for (const id of gone) await sql`delete from pin_search where rowid = ${id}`.execute(tx)
    },
    newest: async ({ before, count, ...query }) => ids(await newest.all({ match: matchOf(query), before, count })),
    titled: async ({ wanted, from }) => ids(await titled.all({ match: wanted.map(inTitle).join(' AND '), from })),
  }
}

const owner = (id: number): string => `o${id}`
const board = (id: number): string => `b${id}`

/**
 * Returns a search in FTS5's syntax (https://sqlite.org/fts5.html, 3). Words consist of letters and digits, so quotes
 * are enough.
 */
function matchOf({ ownerId, boardId, wanted, withoutBoardIds }: Omit<PinSearchQuery, 'before' | 'count'>): string {
  const places = [
    ...(ownerId === undefined ? [] : [owner(ownerId)]),
    ...(boardId === undefined ? [] : [board(boardId)]),
  ]
  const all = [...places.map((place) => `scope : ${place}`), ...wanted.map(wantedText)].join(' AND ')
  if (withoutBoardIds.length === 0) return all
  return `(${all}) NOT scope : (${withoutBoardIds.map(board).join(' OR ')})`
}

function wantedText(word: WantedWord): string {
  const { boardIds } = word
  const inPin = `{title text host} : (${wordsText(word)})`
  return boardIds.length === 0 ? inPin : `(${inPin} OR scope : (${boardIds.map(board).join(' OR ')}))`
}

const inTitle = (word: WantedWord): string => `title : (${wordsText(word)})`

const wordsText = ({ words, isPrefix }: WantedWord): string =>
  words.map((word) => `"${word}"${isPrefix ? ' *' : ''}`).join(' OR ')
