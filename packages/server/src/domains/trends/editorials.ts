import { type Counts, type TrendPin, together } from './counts.ts'
import { interestsOf } from './keywords.ts'
import { growthOf, type Series, sumOf } from './series.ts'

/** A public board that much was done with. */
export interface Editorial {
  boardId: number
  /** Its newest public Pins, newest first. */
  pinIds: number[]
  /** What its keywords are known to belong to. */
  interests: string[]
  /** The words that most of its Pins have, by how much more frequent they are now. */
  keywords: { name: string; pct_growth_mom: number }[]
}

const maxBoards = 5
const maxPins = 6
const maxKeywords = 5
const monthWeeks = 4

/** Returns at most five public boards, those with which most was done in the last four weeks first. */
export function editorialsOf(counts: Counts): Editorial[] {
  const { week, words } = counts
  const volume = (pins: readonly TrendPin[]): number =>
    sumOf(together(pins.flatMap((pin) => [pin.saves, pin.outboundClicks, pin.pinClicks])), week, monthWeeks)
  return [...Map.groupBy(counts.pins, ({ pin }) => pin.board_id)]
    .map(([boardId, pins]) => ({ boardId, pins, volume: volume(pins) }))
    .filter((board) => board.volume > 0)
    .sort((a, b) => b.volume - a.volume || b.boardId - a.boardId)
    .slice(0, maxBoards)
    .map(({ boardId, pins }) => {
      const frequent = frequentWords(pins)
      const seriesOf = (word: string): Series => words.get(word) ?? new Map()
      return {
        boardId,
        pinIds: pins.slice(0, maxPins).map(({ pin }) => pin.id),
        interests: [...new Set(frequent.flatMap(interestsOf))],
        keywords: frequent.map((name) => ({ name, pct_growth_mom: growthOf(seriesOf(name), week, monthWeeks) })),
      }
    })
}

function frequentWords(pins: readonly TrendPin[]): string[] {
  const counts = new Map<string, number>()
  for (const { words } of pins) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1))
    .slice(0, maxKeywords)
    .map(([word]) => word)
}
