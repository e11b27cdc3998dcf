import type { Clock } from '../../core/clock.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { DatedPin, SearchablePins } from '../search/searchable-pins.ts'
import { wordsOf } from '../search/words.ts'
import type { SearchedWords } from './searched-words.ts'
import { seasonalCount, seasonalWords } from './seasonal-words.ts'
import type { Series } from './series.ts'
import { isTelling } from './telling-words.ts'
import { firstDayOf, keptWeeks, weekAt, weekOfDay } from './weeks.ts'

/** What was done with a Pin, by week. */
export interface Engagements {
  saves: Series
  outboundClicks: Series
  pinClicks: Series
}

/** A public Pin with its words and what was done with it. */
export interface TrendPin extends Engagements {
  pin: DatedPin
  words: ReadonlySet<string>
}

/** What is known of what is frequent, in weeks that are over. */
export interface Counts {
  /** The last week that is over. */
  week: number
  /** How frequent each word was: in searches, new Pins and what was done with Pins. */
  words: ReadonlyMap<string, Series>
  /** The newest public Pins, newest first. */
  pins: readonly TrendPin[]
}

export interface CountsOptions {
  clock: Clock
  pins: Pick<SearchablePins, 'newestPublic'>
  analytics: Pick<Analytics, 'engagements'>
  searched: SearchedWords
  /** Whether words of our own count as well: in the demo. */
  withSeasons: boolean
}

/** Words are counted in at most this many Pins. */
const maxPins = 1000
/** What was done is counted of at most this many of them. */
const maxEngaged = 500
/** Counts are counted anew after this long. */
const freshMs = 60_000

/** Makes what counts: at most once a minute, however many ask. */
export function countsOf(options: CountsOptions): () => Promise<Counts> {
  const { clock } = options
  let latest: { at: number; counts: Promise<Counts> } | undefined
  return () => {
    const at = clock.now()
    if (latest && at - latest.at < freshMs && weekAt(at) === weekAt(latest.at)) return latest.counts
    const counts = count(options)
    latest = { at, counts }
    counts.catch(() => {
      latest = undefined
    })
    return counts
  }
}

async function count({ clock, pins, analytics, searched, withSeasons }: CountsOptions): Promise<Counts> {
  const week = weekAt(clock.now()) - 1
  const first = week - keptWeeks + 1
  const found = await pins.newestPublic(maxPins)
  const days = { first: firstDayOf(first), last: firstDayOf(week + 1) - 1 }
  const engaged = await analytics.engagements(
    found.slice(0, maxEngaged).map(({ id }) => id),
    days,
  )
  const ofPin = Map.groupBy(engaged, ({ pin_id }) => pin_id)
  const known = found.map((pin) => withWords(pin, ofPin.get(pin.id) ?? []))
  const words = new Map<string, Map<number, number>>()
  const add = (word: string, at: number, amount: number) => {
    if (amount === 0 || at < first || at > week) return
    const series = words.get(word) ?? new Map<number, number>()
    words.set(word, series.set(at, (series.get(at) ?? 0) + amount))
  }

  for (const { pin, words: ofOne, ...series } of known)
    for (const word of ofOne) {
      add(word, weekAt(pin.created_at), 1)
      for (const one of Object.values(series)) for (const [at, amount] of one) add(word, at, amount)
    }
  const publicWords = new Set(known.flatMap(({ words: ofOne }) => [...ofOne]))
  await searched.settle((word) => publicWords.has(word))
  for (const { word, week: at, accounts } of await searched.since(first)) add(word, at, accounts)
  if (withSeasons)
    for (const [word, season] of seasonalWords)
      for (let at = first; at <= week; at++) add(word, at, seasonalCount(season, at))
  return { week, words, pins: known }
}

/** What was done with a Pin on a day. */
export type EngagedDay = Awaited<ReturnType<Analytics['engagements']>>[number]

function withWords(pin: DatedPin, days: readonly EngagedDay[]): TrendPin {
  const texts = `${pin.title ?? ''} ${pin.description ?? ''} ${pin.alt_text ?? ''}`
  const byWeek = (amountOf: (day: EngagedDay) => number | undefined): Series => {
    const series = new Map<number, number>()
    for (const day of days) {
      const at = weekOfDay(day.day)
      series.set(at, (series.get(at) ?? 0) + (amountOf(day) ?? 0))
    }
    return series
  }
  return {
    pin,
    words: new Set(wordsOf(texts).filter(isTelling)),
    saves: byWeek(({ saves }) => saves),
    outboundClicks: byWeek(({ outbound_clicks }) => outbound_clicks),
    pinClicks: byWeek(({ pin_clicks }) => pin_clicks),
  }
}

/** The sum of some series. */
export function together(all: readonly Series[]): Series {
  const sum = new Map<number, number>()
  for (const series of all) for (const [week, amount] of series) sum.set(week, (sum.get(week) ?? 0) + amount)
  return sum
}
