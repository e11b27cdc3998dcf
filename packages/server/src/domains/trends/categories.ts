import { productCategories, type TrendEngagement, type Vertical } from '@pinfold/contract'
import { type Counts, type TrendPin, together } from './counts.ts'
import { growthOf, peakOf, type Series, scaled, sumOf } from './series.ts'

/** A kind of product with whose Pins something was done lately. */
export interface TrendingCategory {
  product_category: string
  pinterest_product_category_id: number
  pct_change_mom: number
  percent_relative_volume: number
  verticals: string[]
}

/** What was done with the Pins of a kind of product. */
export interface CategoryDetails {
  time_series: Record<string, number>
  changes: Record<TrendEngagement, number>
}

const monthWeeks = 4

/** Returns the categories with something in the last four weeks, those that grew most first. */
export function trendingCategories(
  counts: Counts,
  engagement: TrendEngagement,
  verticals: readonly Vertical[] | undefined,
): TrendingCategory[] {
  const { week } = counts
  const found = [...productCategories].flatMap(([name, vertical], place) => {
    if (verticals && !(vertical && verticals.includes(vertical))) return []
    const series = seriesOf(counts, name, engagement)
    const volume = sumOf(series, week, monthWeeks)
    if (volume === 0) return []
    return [{ name, vertical, id: place + 1, volume, change: growthOf(series, week, monthWeeks) }]
  })
  const most = Math.max(...found.map(({ volume }) => volume))
  return found
    .sort((a, b) => b.change - a.change || b.volume - a.volume || a.id - b.id)
    .map(({ name, vertical, id, volume, change }) => ({
      product_category: name,
      pinterest_product_category_id: id,
      pct_change_mom: change,
      percent_relative_volume: Math.round((volume / most) * 100),
      verticals: vertical ? [vertical] : [],
    }))
}

/** Returns the details of a category over some weeks; undefined if nothing was done with its Pins in them. */
export function categoryDetails(
  counts: Counts,
  category: string,
  engagement: TrendEngagement,
  weeks: number,
): CategoryDetails | undefined {
  const { week } = counts
  const series = seriesOf(counts, category, engagement)
  const peak = peakOf(series, week, weeks)
  if (peak === 0) return undefined
  const change = (each: TrendEngagement) => growthOf(seriesOf(counts, category, each), week, monthWeeks)
  return {
    time_series: scaled(series, week, weeks, peak),
    changes: {
      ENGAGEMENT: change('ENGAGEMENT'),
      OUTBOUND_CLICK: change('OUTBOUND_CLICK'),
      SAVE: change('SAVE'),
    },
  }
}

/** The words of a category, as one searches for them. */
export const categoryWords = (category: string): string =>
  (category.split('_AND_')[0] ?? category).replaceAll('_', ' ').toLowerCase()

function seriesOf({ pins }: Counts, category: string, engagement: TrendEngagement): Series {
  const ways = forms.get(category) ?? []
  const ofCategory = pins.filter((pin) =>
    ways.some((words) => words.every((each) => each.some((form) => pin.words.has(form)))),
  )
  const counted: Record<TrendEngagement, (pin: TrendPin) => readonly Series[]> = {
    SAVE: ({ saves }) => [saves],
    OUTBOUND_CLICK: ({ outboundClicks }) => [outboundClicks],
    ENGAGEMENT: ({ saves, outboundClicks, pinClicks }) => [saves, outboundClicks, pinClicks],
  }
  return together(ofCategory.flatMap(counted[engagement]))
}

/** The forms of a word, of one or of many: dresses, dress. */
const formsOf = (word: string): string[] => [word, word.replace(/s$/, ''), word.replace(/es$/, '')]

/**
 * What a Pin must have to be of a category, with the forms of each word: of COATS_AND_JACKETS the one word or the other,
 * of DRESS_PANTS both.
 */
const forms: ReadonlyMap<string, string[][][]> = new Map(
  [...productCategories.keys()].map((name) => [
    name,
    name.split('_AND_').map((part) => part.toLowerCase().split('_').map(formsOf)),
  ]),
)
