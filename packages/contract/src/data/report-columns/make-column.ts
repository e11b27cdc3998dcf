import type { PlainCount, ReportColumn, Side, SidedCount, Tally } from './column.ts'

/** The texts of a column. */
export interface ColumnTexts {
  /** What people call it. */
  displayName: string
  /** What it means. */
  definition: string
}

/** What money is counted in, as a share of what is reported: `IN_DOLLAR` means units of the ad account's currency. */
export const perMicro = 1e-6

/** Returns a column that is a sum of something. */
export const sum = (name: string, tally: Tally, texts: ColumnTexts, times = 1): ReportColumn => ({
  name,
  ...texts,
  source: { tally, times },
})

/** Returns a column that is one sum divided by another. */
export const ratio = (
  name: string,
  { tally, per, times = 1 }: { tally: Tally; per: Tally; times?: number },
  texts: ColumnTexts,
): ReportColumn => ({ name, ...texts, source: { tally, per, times } })

/** Returns what is counted as one. */
export const plain = (count: PlainCount): Tally => ({ count })

/** Returns what is counted on one side, or on both. */
export const sided = (count: SidedCount, side?: Side): Tally => (side ? { count, side } : { count })

/** The three columns of what is counted on both sides: paid, earned, and both, each with its words. */
export const sides = [
  { side: 'paid', number: '1', label: 'paid', where: 'where the Pin was shown as an ad' },
  { side: 'earned', number: '2', label: 'earned', where: 'where the Pin was shown as it had been saved from an ad' },
  { side: undefined, number: undefined, label: 'paid and earned', where: 'whether shown as an ad or saved from one' },
] as const

/** Returns the columns of what is counted on both sides: `NAME_1`, `NAME_2` and `TOTAL_NAME`. */
export function sidedColumns(
  name: string,
  count: SidedCount,
  { displayName, definition }: ColumnTexts,
): ReportColumn[] {
  return sides.map(({ side, number, label, where }) =>
    sum(number ? `${name}_${number}` : `TOTAL_${name}`, sided(count, side), {
      displayName: `${displayName} (${label})`,
      definition: `${definition}, ${where}.`,
    }),
  )
}
