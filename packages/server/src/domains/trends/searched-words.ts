import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import { wordsOf } from '../search/words.ts'
import { type SearchedWeek, type SearchedWord, searchedWordStore } from './store.ts'
import { isTelling } from './telling-words.ts'
import { keptWeeks, weekAt } from './weeks.ts'

/**
 * The words of searches, by week. An account counts once for a word in a week, however often it searches. Nothing tells
 * what one account alone searched for.
 */
export interface SearchedWords {
  /** Notes the words of a search. They are written later, some together; a crash loses those that are not. */
  note(accountId: number, text: string): void
  /** Writes what was noted. */
  write(): Promise<void>
  /**
   * Writes what was noted, and sums up the weeks that are over: of each stay the thousand words that most accounts
   * searched for, and of those only what two did, or `isPublic` says anybody can read. Removes what is two years old.
   */
  settle(isPublic: (word: string) => boolean): Promise<void>
  /** Returns the sums of weeks that are over, from `week` on. */
  since(week: number): Promise<SearchedWeek[]>
}

/** Of longer searches the first words count. */
const maxWordsOfSearch = 16
/** At most this many different words of an account count in a week: nobody fills the tables alone. */
const maxWordsOfAccount = 500
/** At most this many words wait to be written; what comes then is not counted. */
const maxWaiting = 20_000
/** Of a week that is over at most this many words stay. */
const maxWordsOfWeek = 1000

/** Makes the words of searches over `db`. */
export function searchedWordsOf({ db, clock }: { db: Database; clock: Clock }): SearchedWords {
  const store = searchedWordStore(db)
  const waiting = new Map<string, SearchedWord>()
  const waitingOf = new Map<number, number>()

  async function write(): Promise<void> {
    if (waiting.size === 0) return
    const rows = [...waiting.values()]
    waiting.clear()
    waitingOf.clear()
    await db.write(async (tx) => {
      for (const [, words] of Map.groupBy(rows, ({ week, account_id }) => `${week} ${account_id}`)) {
        const [first] = words
        const left = first ? maxWordsOfAccount - (await store.count(tx, first.week, first.account_id)) : 0
        await store.add(tx, words.slice(0, Math.max(left, 0)))
      }
    })
  }

  /** Sums up the first week that is over and is not summed up yet; false if there is none. */
  const sumUp = (isPublic: (word: string) => boolean): Promise<boolean> =>
    db.write(async (tx) => {
      const week = await store.unsummed(tx, weekAt(clock.now()))
      if (week === undefined) return false
      const words = await store.mostSearched(tx, week, maxWordsOfWeek)
      const told = words.filter(({ word, accounts }) => accounts > 1 || isPublic(word))
      await store.replace(
        tx,
        week,
        told.map(({ word, accounts }) => ({ week, word, accounts })),
      )
      await store.removeBefore(tx, weekAt(clock.now()) - keptWeeks)
      return true
    })

  return {
    note(accountId, text) {
      const week = weekAt(clock.now())
      for (const word of wordsOf(text).slice(0, maxWordsOfSearch).filter(isTelling)) {
        const key = `${week} ${accountId} ${word}`
        const ofAccount = waitingOf.get(accountId) ?? 0
        if (waiting.has(key) || waiting.size >= maxWaiting || ofAccount >= maxWordsOfAccount) continue
        waiting.set(key, { week, account_id: accountId, word })
        waitingOf.set(accountId, ofAccount + 1)
      }
    },

    write,

    async settle(isPublic) {
      await write()
      let isMore = true
      while (isMore) isMore = await sumUp(isPublic)
    },

    since: store.since,
  }
}
