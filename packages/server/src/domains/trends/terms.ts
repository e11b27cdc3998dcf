import { newestPublic, type PublicPinsOptions } from '../search/newest-public.ts'
import { wordsOf } from '../search/words.ts'
import { isTelling } from './telling-words.ts'

/** Words that go together, by what stands in public Pins. */
export interface Terms {
  /**
   * Returns at most twenty words that stand together with those of `term` in public Pins, the most frequent first. Looks
   * at the newest thousand that have them all.
   */
  related(term: string): Promise<string[]>
  /**
   * Returns at most `count` terms of one to three words that begin with `term` and stand in public Pins, the most
   * frequent first. Looks at the newest thousand that have its words.
   */
  suggest(term: string, count: number): Promise<string[]>
}

const maxRelated = 20
/** Of more words the first ones count. */
const maxWords = 8
/** A suggested term has at most this many words, but for those that were given. */
const mostWords = 3

/** Makes the terms. */
export function termsOf(options: PublicPinsOptions): Terms {
  /** Returns public Pins that have every word, `isPrefix`: the last as the beginning of one. */
  function withWords(words: readonly string[], isPrefix: boolean) {
    const wanted = words.map((word, i) => ({
      words: [word],
      isPrefix: isPrefix && i === words.length - 1,
      boardIds: [],
    }))
    return newestPublic(options, wanted)
  }

  return {
    async related(term) {
      const words = wordsOf(term).slice(0, maxWords)
      if (words.length === 0) return []
      const counts = new Map<string, number>()
      for (const { title, description, alt_text } of await withWords(words, false))
        for (const word of new Set(wordsOf(`${title ?? ''} ${description ?? ''} ${alt_text ?? ''}`)))
          if (isTelling(word) && !words.includes(word)) add(counts, word)
      return mostFrequent(counts, maxRelated)
    },

    async suggest(term, count) {
      const words = wordsOf(term).slice(0, maxWords)
      if (words.length === 0) return []
      // What ends in a space has its last word whole.
      const start = words.join(' ') + (/\s$/.test(term) ? ' ' : '')
      const counts = new Map<string, number>()
      for (const { title, description } of await withWords(words, !start.endsWith(' '))) {
        const phrases = [title, description].flatMap((text) => phrasesFrom(wordsOf(text ?? ''), start))
        for (const phrase of new Set(phrases)) add(counts, phrase)
      }
      return mostFrequent(counts, count)
    },
  }
}

/** The phrases among `words` that begin with `start`; one that would end in a word such as "and" is not whole. */
function phrasesFrom(words: readonly string[], start: string): string[] {
  const length = Math.max(mostWords, start.split(' ').length)
  return words.flatMap((_, from) =>
    words.slice(from, from + length).flatMap((last, i) => {
      const phrase = words.slice(from, from + i + 1).join(' ')
      return phrase.startsWith(start) && isTelling(last) ? [phrase] : []
    }),
  )
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

/** The most frequent first; of those as frequent the shorter ones, then by their letters. */
function mostFrequent(counts: ReadonlyMap<string, number>, count: number): string[] {
  const byLetters = (a: string, b: string) => (a < b ? -1 : 1)
  return [...counts]
    .sort(([a, inA], [b, inB]) => inB - inA || a.length - b.length || byLetters(a, b))
    .slice(0, count)
    .map(([term]) => term)
}
