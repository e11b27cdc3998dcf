import type { TopicInterest, TrendEngagement, Vertical } from '@pinfold/contract'
import { type CategoryDetails, categoryDetails, type TrendingCategory, trendingCategories } from './categories.ts'
import { type Counts, type CountsOptions, countsOf } from './counts.ts'
import { type Editorial, editorialsOf } from './editorials.ts'
import { frequencyOf, type Keyword, type KeywordQuery, keywordsOf } from './keywords.ts'
import { type Topic, topicsOf } from './topics.ts'

export type { Keyword, KeywordQuery } from './keywords.ts'

/**
 * What is frequent, in whole weeks from Sunday to Saturday (UTC) that are over: counted in searches, in the newest
 * thousand public Pins and what was done with them. Counted anew once a minute at most.
 */
export interface Trends {
  /** Returns the words that are frequent, the first one first. */
  keywords(query: KeywordQuery): Promise<Keyword[]>
  /**
   * Returns how often each of these was counted in the last four weeks: of several words, the rarest counts. Words that say
   * nothing do not matter.
   */
  frequencies(keywords: readonly string[]): Promise<number[]>
  /** Returns at most five topics that belong to an interest, the most frequent first. */
  topics(interest: TopicInterest): Promise<Topic[]>
  /** Returns the kinds of products that something was done with lately, those that grew most first. */
  categories(engagement: TrendEngagement, verticals: readonly Vertical[] | undefined): Promise<TrendingCategory[]>
  /** Returns what was done with the Pins of a kind of product in some weeks; undefined: nothing. */
  category(name: string, engagement: TrendEngagement, weeks: number): Promise<CategoryDetails | undefined>
  /** Returns at most five public boards that most was done with, with their newest Pins. */
  editorials(): Promise<Editorial[]>
  /** Writes the words of searches, and sums up the weeks that are over. */
  settle(): Promise<void>
}

/** Makes the trends. */
export function trendsOf(options: CountsOptions): Trends {
  const counts = countsOf(options)
  const over = <Result>(read: (counts: Counts) => Result): Promise<Result> => counts().then(read)
  return {
    keywords: (query) => over((known) => keywordsOf(known, query)),
    frequencies: (keywords) => over((known) => keywords.map((each) => frequencyOf(known, each))),
    topics: (interest) => over((known) => topicsOf(known, interest)),
    categories: (engagement, verticals) => over((known) => trendingCategories(known, engagement, verticals)),
    category: (name, engagement, weeks) => over((known) => categoryDetails(known, name, engagement, weeks)),
    editorials: () => over(editorialsOf),
    settle: () => over(() => {}),
  }
}
