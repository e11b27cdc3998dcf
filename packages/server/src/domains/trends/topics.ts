import { createHash } from 'node:crypto'
import type { TopicInterest } from '@pinfold/contract'
import type { Counts, TrendPin } from './counts.ts'
import { interestsOf, rankedWords } from './keywords.ts'
import { growthOf, peakOf, scaled } from './series.ts'

/** A word that is frequent, with public Pins that have it. */
export interface Topic {
  id: string
  word: string
  interests: TopicInterest[]
  time_series: Record<string, number>
  percent_growth_mom: number
  /** The newest Pins that have it, newest first. */
  pinIds: number[]
}

const maxTopics = 5
const maxPins = 6
const shownWeeks = 13
const monthWeeks = 4

/** Returns at most five topics that belong to an interest, the most frequent first. */
export function topicsOf(counts: Counts, interest: TopicInterest): Topic[] {
  const { week } = counts
  const topics: Topic[] = []
  for (const word of rankedWords(counts, 'monthly')) {
    const interests = topicInterestsOf(word)
    const pins = interest === 'ALL' || interests.includes(interest) ? pinsWith(counts.pins, word) : []
    if (pins.length === 0) continue
    const series = counts.words.get(word) ?? new Map()
    topics.push({
      id: idOf(word),
      word,
      interests,
      time_series: scaled(series, week, shownWeeks, peakOf(series, week, shownWeeks)),
      percent_growth_mom: growthOf(series, week, monthWeeks),
      pinIds: pins,
    })
    if (topics.length === maxTopics) break
  }
  return topics
}

const pinsWith = (pins: readonly TrendPin[], word: string): number[] =>
  pins
    .filter(({ words }) => words.has(word))
    .slice(0, maxPins)
    .map(({ pin }) => pin.id)

/** The same number for the same word. */
const idOf = (word: string): string => String(createHash('sha256').update(word).digest().readUInt32BE(0))

const topicNames: Partial<Record<string, TopicInterest>> = {
  animals: 'ANIMALS',
  architecture: 'ARCHITECTURE',
  art: 'ART',
  beauty: 'BEAUTY',
  diy_and_crafts: 'DIY_AND_CRAFTS',
  education: 'EDUCATION',
  event_planning: 'EVENT_PLANNING',
  childrens_fashion: 'FASHION',
  mens_fashion: 'FASHION',
  womens_fashion: 'FASHION',
  food_and_drinks: 'FOOD_AND_DRINKS',
  gardening: 'GARDENING',
  health: 'HEALTH',
  home_decor: 'HOME_DECOR',
  parenting: 'PARENTING',
  travel: 'TRAVEL',
  wedding: 'WEDDING',
}

const topicInterestsOf = (word: string): TopicInterest[] => [
  ...new Set(interestsOf(word).flatMap((key) => topicNames[key] ?? [])),
]
