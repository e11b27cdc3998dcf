import type { InterestKey, TrendType } from '@pinfold/contract'
import { wordsOf } from '../search/words.ts'
import type { Counts } from './counts.ts'
import { type SeasonalWord, seasonalWords } from './seasonal-words.ts'
import { growthOf, peakOf, type Series, scaled, sumOf } from './series.ts'
import { isTelling } from './telling-words.ts'

/** Which keywords, and how. */
export interface KeywordQuery {
  /** How they are ranked. */
  type: TrendType
  /** Only those that are known to belong to one of these. */
  interests?: readonly InterestKey[] | undefined
  /** Only those that have all words of one of these. */
  include?: readonly string[] | undefined
  /** Whether 100 is the highest number of all, and not of each. */
  asGroup: boolean
  /** At most this many. */
  count: number
  /** Whether ages and genders are told, where they are known. */
  withDemographics: boolean
}

/** A word that is frequent. */
export interface Keyword {
  keyword: string
  pct_growth_wow: number
  pct_growth_mom: number
  pct_growth_yoy: number
  time_series: Record<string, number>
  demographics: Demographics | null
}

/** Shares, of which those below 0.05 are 0.04. */
export interface Demographics {
  age_distribution: Record<string, number>
  gender_distribution: Record<string, number>
}

const yearWeeks = 52
const monthWeeks = 4
const quarterWeeks = 13

/** How a word ranks, by the kind of ranking; 0 or less: not at all. */
const ranks: Record<TrendType, (series: Series, week: number) => number> = {
  growing: (series, week) => more(sumOf(series, week, quarterWeeks), sumOf(series, week - quarterWeeks, quarterWeeks)),
  monthly: (series, week) => sumOf(series, week, monthWeeks),
  yearly: (series, week) => sumOf(series, week, yearWeeks),
  seasonal(series, week) {
    const aYearAgo = sumOf(series, week - yearWeeks, monthWeeks) / monthWeeks
    const thatYear = sumOf(series, week - yearWeeks + quarterWeeks, yearWeeks) / yearWeeks
    if (aYearAgo <= thatYear) return 0
    return more(sumOf(series, week, monthWeeks), sumOf(series, week - monthWeeks, monthWeeks))
  },
}

/** How many times as much there is now, less one; a few more than nothing are no trend. */
const more = (now: number, before: number): number => (now + 1) / (before + 1) - 1

/** Returns the words that are frequent by a ranking, the first one first. */
export function rankedWords({ words, week }: Counts, type: TrendType): string[] {
  const ranked = [...words].map(([word, series]) => ({ word, rank: ranks[type](series, week) }))
  return ranked
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word)
}

/** Returns how often a keyword was counted in the last four weeks: of several words, the rarest counts. */
export function frequencyOf({ words, week }: Counts, keyword: string): number {
  const telling = wordsOf(keyword).filter(isTelling)
  if (telling.length === 0) return 0
  return Math.min(...telling.map((word) => sumOf(words.get(word) ?? new Map(), week, monthWeeks)))
}

/** Returns the interests that a word is known to belong to. */
export const interestsOf = (word: string): readonly InterestKey[] => seasonalWords.get(word)?.interests ?? []

/** Returns keywords with their numbers. */
export function keywordsOf(counts: Counts, query: KeywordQuery): Keyword[] {
  const { interests, include, asGroup, withDemographics } = query
  const wanted = include?.map(wordsOf)
  const found = rankedWords(counts, query.type)
    .filter((word) => !interests || interestsOf(word).some((each) => interests.includes(each)))
    .filter((word) => !wanted || wanted.some((words) => words.length > 0 && words.every((each) => each === word)))
    .slice(0, query.count)
  const { week } = counts
  const seriesOf = (word: string): Series => counts.words.get(word) ?? new Map()
  const groupPeak = Math.max(0, ...found.map((word) => peakOf(seriesOf(word), week, yearWeeks)))
  return found.map((keyword) => {
    const series = seriesOf(keyword)
    return {
      keyword,
      pct_growth_wow: growthOf(series, week, 1),
      pct_growth_mom: growthOf(series, week, monthWeeks),
      pct_growth_yoy: growthOf(series, week, yearWeeks),
      time_series: scaled(series, week, yearWeeks, asGroup ? groupPeak : peakOf(series, week, yearWeeks)),
      demographics: withDemographics ? demographicsOf(seasonalWords.get(keyword)) : null,
    }
  })
}

const ages = ['18-24', '25-34', '35-44', '45-49', '50-54', '55-64', '65+']

function demographicsOf(word: SeasonalWord | undefined): Demographics | null {
  if (!word) return null
  const told = (share: number): number => (share < 0.05 ? 0.04 : share)
  const unspecified = 0.06
  return {
    age_distribution: Object.fromEntries(ages.map((age, i) => [age, told(word.ages[i] ?? 0)])),
    gender_distribution: {
      female: told(word.female),
      male: told(Math.round((1 - word.female - unspecified) * 100) / 100),
      unspecified,
    },
  }
}
