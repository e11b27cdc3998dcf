import { LRUCache } from 'lru-cache'
import type { NamedBoard } from '../boards/boards.ts'
import type { PinIndex } from './pin-index.ts'
import type { WantedWord } from './pin-search-store.ts'
import { isOneErrorAway } from './typing-errors.ts'
import { wordsOf } from './words.ts'

/** At most this many boards stand for a word, and at most this many are excluded; the rest is filtered afterwards. */
export const maxBoards = 500
/** Further words are ignored. */
const maxWords = 16

/** Returns the words of a search. */
export const searchedWords = (query: string): string[] => wordsOf(query).slice(0, maxWords)

/** Returns the conditions for the words of a search, with corrections of typing errors. */
export async function forgiving(
  index: Pick<PinIndex, 'near'>,
  words: readonly string[],
  boards: readonly NamedBoard[],
): Promise<WantedWord[]> {
  const near = await Promise.all(words.map((word) => index.near(word)))
  return words.map((word, i) => {
    const isNamed = (name: string) => name === word || isOneErrorAway(word, name)
    const boardIds = boardIdsWith(boards, isNamed)
    return { words: [word, ...(near[i] ?? [])], isPrefix: i === words.length - 1, boardIds }
  })
}

/** Returns the conditions for the words of a search. */
export function exactly(words: readonly string[], boards: readonly NamedBoard[]): WantedWord[] {
  return words.map((word, i) => {
    const isPrefix = i === words.length - 1
    const boardIds = boardIdsWith(boards, (name) => (isPrefix ? name.startsWith(word) : name === word))
    return { words: [word], isPrefix, boardIds }
  })
}

/** Returns the boards with an accepted word in their names. */
const boardIdsWith = (boards: readonly NamedBoard[], isWanted: (word: string) => boolean): number[] =>
  boards
    .filter(({ name }) => wordsOfName(name).some(isWanted))
    .map(({ id }) => id)
    .slice(0, maxBoards)

/**
 * The words of names of boards: an account with a thousand boards looks through all of them with each search. Made with the
 * first search, as its places take a millisecond.
 */
let knownNames: LRUCache<string, string[]> | undefined

function wordsOfName(name: string): string[] {
  knownNames ??= new LRUCache({ max: 20_000 })
  const known = knownNames.get(name)
  if (known) return known
  const words = wordsOf(name)
  knownNames.set(name, words)
  return words
}
