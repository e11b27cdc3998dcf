import type { InterestKey } from '@pinfold/contract'
import { firstDayOf } from './weeks.ts'

/** A word that comes back every year. */
export interface SeasonalWord {
  interests: readonly InterestKey[]
  /** The day of the year on which it is most frequent. */
  peakDay: number
  /** For how many days around it it is frequent. */
  days: number
  /** How frequent it is at most. */
  height: number
  /** By how much more from year to year; 0.1: a tenth. */
  growth: number
  /** The share of women among who looks for it. */
  female: number
  /** The shares of the ages, youngest first: 18, 25, 35, 45, 50, 55 and 65 years and more. */
  ages: readonly number[]
}

const young = [0.42, 0.33, 0.11, 0.06, 0.04, 0.03, 0.01]
const grown = [0.14, 0.29, 0.24, 0.11, 0.09, 0.08, 0.05]

/** Words of our own for the demo, where nobody searches: made up, and the same every time. */
export const seasonalWords: ReadonlyMap<string, SeasonalWord> = new Map([
  [
    'tulips',
    { interests: ['gardening'], peakDay: 100, days: 30, height: 140, growth: 0.08, female: 0.71, ages: grown },
  ],
  [
    'seedlings',
    { interests: ['gardening'], peakDay: 80, days: 35, height: 90, growth: 0.15, female: 0.6, ages: grown },
  ],
  [
    'balcony',
    {
      interests: ['home_decor', 'gardening'],
      peakDay: 130,
      days: 45,
      height: 110,
      growth: 0.05,
      female: 0.68,
      ages: young,
    },
  ],
  [
    'picnic',
    { interests: ['food_and_drinks'], peakDay: 165, days: 40, height: 100, growth: 0.04, female: 0.7, ages: young },
  ],
  [
    'sandals',
    {
      interests: ['womens_fashion', 'mens_fashion'],
      peakDay: 150,
      days: 45,
      height: 120,
      growth: 0.02,
      female: 0.74,
      ages: young,
    },
  ],
  [
    'lemonade',
    { interests: ['food_and_drinks'], peakDay: 190, days: 35, height: 80, growth: 0.03, female: 0.72, ages: grown },
  ],
  [
    'hammock',
    {
      interests: ['home_decor', 'travel'],
      peakDay: 185,
      days: 40,
      height: 50,
      growth: 0.01,
      female: 0.55,
      ages: grown,
    },
  ],
  [
    'backpack',
    { interests: ['travel', 'education'], peakDay: 225, days: 25, height: 95, growth: 0.02, female: 0.58, ages: young },
  ],
  [
    'pumpkin',
    {
      interests: ['food_and_drinks', 'diy_and_crafts'],
      peakDay: 288,
      days: 25,
      height: 210,
      growth: 0.06,
      female: 0.77,
      ages: grown,
    },
  ],
  [
    'costume',
    {
      interests: ['entertainment', 'diy_and_crafts'],
      peakDay: 298,
      days: 18,
      height: 230,
      growth: 0.07,
      female: 0.73,
      ages: young,
    },
  ],
  [
    'cardigan',
    { interests: ['womens_fashion'], peakDay: 315, days: 50, height: 105, growth: 0.1, female: 0.88, ages: grown },
  ],
  [
    'candle',
    { interests: ['home_decor'], peakDay: 335, days: 35, height: 115, growth: 0.05, female: 0.76, ages: grown },
  ],
  [
    'wreath',
    {
      interests: ['home_decor', 'diy_and_crafts'],
      peakDay: 340,
      days: 22,
      height: 130,
      growth: 0.03,
      female: 0.83,
      ages: grown,
    },
  ],
  [
    'gingerbread',
    { interests: ['food_and_drinks'], peakDay: 346, days: 18, height: 160, growth: 0.04, female: 0.8, ages: grown },
  ],
  [
    'planner',
    { interests: ['education', 'design'], peakDay: 3, days: 18, height: 120, growth: 0.05, female: 0.81, ages: young },
  ],
  [
    'soup',
    { interests: ['food_and_drinks'], peakDay: 20, days: 55, height: 100, growth: 0.02, female: 0.69, ages: grown },
  ],
  [
    'bouquet',
    {
      interests: ['wedding', 'gardening'],
      peakDay: 40,
      days: 14,
      height: 125,
      growth: 0.06,
      female: 0.79,
      ages: young,
    },
  ],
  [
    'stretching',
    { interests: ['health', 'sport'], peakDay: 12, days: 30, height: 85, growth: 0.09, female: 0.75, ages: grown },
  ],
  [
    'ceramics',
    {
      interests: ['art', 'diy_and_crafts'],
      peakDay: 60,
      days: 90,
      height: 70,
      growth: 0.25,
      female: 0.72,
      ages: young,
    },
  ],
  [
    'cottage',
    {
      interests: ['architecture', 'travel'],
      peakDay: 175,
      days: 80,
      height: 60,
      growth: 0.12,
      female: 0.66,
      ages: grown,
    },
  ],
])

const yearDays = 365.2425

/** How frequent a seasonal word is in a week: a bell around its day, higher from year to year. */
export function seasonalCount({ peakDay, days, height, growth }: SeasonalWord, week: number): number {
  const day = firstDayOf(week) + 3
  const dayOfYear = day % yearDays
  const years = Math.floor(day / yearDays) - 50
  const apart = Math.abs(dayOfYear - peakDay)
  const distance = Math.min(apart, yearDays - apart)
  const share = 0.08 + 0.92 * Math.exp(-((distance / days) ** 2))
  return Math.round(height * share * (1 + growth) ** years)
}
