import { weekText } from './weeks.ts'

/** How often something was counted in each week. */
export type Series = ReadonlyMap<number, number>

/** The sum of the `count` weeks up to `last`. */
export function sumOf(series: Series, last: number, count: number): number {
  let sum = 0
  for (let week = last - count + 1; week <= last; week++) sum += series.get(week) ?? 0
  return sum
}

/** By how many percent the `count` weeks up to `last` have more than those before: whole, and 10001 above 10000. */
export function growthOf(series: Series, last: number, count: number): number {
  const [now, before] = [sumOf(series, last, count), sumOf(series, last - count, count)]
  if (before === 0) return now === 0 ? 0 : 10_001
  const percent = Math.round((now / before - 1) * 100)
  return percent > 10_000 ? 10_001 : percent
}

/** The highest of the `count` weeks up to `last`. */
export const peakOf = (series: Series, last: number, count: number): number =>
  Math.max(...weeksTo(last, count).map((week) => series.get(week) ?? 0))

/** The `count` weeks up to `last` by their last days, as whole numbers of which 100 stands for `peak`. */
export const scaled = (series: Series, last: number, count: number, peak: number): Record<string, number> =>
  Object.fromEntries(
    weeksTo(last, count).map((week) => [
      weekText(week),
      peak === 0 ? 0 : Math.round(((series.get(week) ?? 0) / peak) * 100),
    ]),
  )

const weeksTo = (last: number, count: number): number[] => Array.from({ length: count }, (_, i) => last - count + 1 + i)
