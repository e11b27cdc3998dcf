import type { AppType } from '@pinfold/contract'
import { createRandom, type Random } from '@pinfold/demo-pictures/random'
import type { SeedDay } from './seed.ts'

const days = 90

/** A week of factors, from today back: how much more or less happens on each day. */
const week = [1, 1.35, 1.25, 1, 0.9, 0.85, 0.95] as const
/** The part of today that is over. */
const shareOfToday = 0.4
/** The shares of the kinds of devices. */
const shares: Record<AppType, number> = { MOBILE: 0.72, TABLET: 0.08, WEB: 0.2 }

/** Returns 90 days of numbers for a Pin of the demo: the same for the same Pin and number of days ago, on any day. */
export function demoNumbers(seed: number): SeedDay[] {
  const random = createRandom(seed + 1)
  // Few Pins are popular.
  const popularity = 15 * 40 ** (random.next() ** 2)
  const growth = random.between(0.6, 1.8)
  const rates = {
    saves: random.between(0.012, 0.04),
    pin_clicks: random.between(0.03, 0.08),
    outbound_clicks: random.between(0.005, 0.02),
    profile_visits: random.between(0.001, 0.006),
    user_follows: random.between(0.0002, 0.001),
    comments: random.between(0.0002, 0.001),
    reactions: random.between(0.003, 0.01),
  }
  const numbers: SeedDay[] = []
  for (let daysAgo = days - 1; daysAgo >= 0; daysAgo--) {
    const grown = 1 + (growth * (days - daysAgo)) / days
    const mood = random.between(0.8, 1.2) * (week[daysAgo % week.length] ?? 1) * (daysAgo === 0 ? shareOfToday : 1)
    for (const app of ['MOBILE', 'TABLET', 'WEB'] as const) {
      const impressions = whole(popularity * grown * mood * shares[app] * random.between(0.9, 1.1), random)
      const counts: SeedDay['counts'] = { impressions }
      for (const [counter, rate] of Object.entries(rates))
        counts[counter as keyof typeof rates] = Math.min(whole(impressions * rate, random), impressions)
      numbers.push({ daysAgo, app, counts })
    }
  }
  return numbers
}

/** Rounds up as often as the fraction says, so that rare counts add up all the same. */
const whole = (number: number, random: Random): number => Math.floor(number + random.next())
