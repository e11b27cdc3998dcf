import { MapOf, Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { interestKeys } from './follow.ts'
import { ProductCategoryName, verticals } from './product-category.ts'

/** Countries whose trends are told together. A space in a request stands for `+`, which forms turn into one. */
export const trendRegions = [
  'US',
  'CA',
  'DE',
  'FR',
  'ES',
  'IT',
  'DE+AT+CH',
  'GB+IE',
  'IT+ES+PT+GR+MT',
  'PL+RO+HU+SK+CZ',
  'SE+DK+FI+NO',
  'NL+BE+LU',
  'AR',
  'BR',
  'CO',
  'MX',
  'MX+AR+CO+CL',
  'AU+NZ',
] as const

/** How keywords are ranked. */
export const trendTypes = ['growing', 'monthly', 'yearly', 'seasonal'] as const
export type TrendType = (typeof trendTypes)[number]

/** The regions that topics and product categories are told of. */
export const productRegions = ['US', 'GB+IE', 'CA'] as const

/** What topics can be of. */
export const topicInterests = [
  'ALL',
  'ANIMALS',
  'ARCHITECTURE',
  'ART',
  'BEAUTY',
  'DIY_AND_CRAFTS',
  'EDUCATION',
  'EVENT_PLANNING',
  'FASHION',
  'FOOD_AND_DRINKS',
  'GARDENING',
  'HEALTH',
  'HOME_DECOR',
  'PARENTING',
  'TRAVEL',
  'WEDDING',
] as const
export type TopicInterest = (typeof topicInterests)[number]

/** What is counted of product categories. */
export const trendEngagements = ['ENGAGEMENT', 'OUTBOUND_CLICK', 'SAVE'] as const
export type TrendEngagement = (typeof trendEngagements)[number]

/** How many days back product categories are looked at. */
export const lookbackWindows = [90, 180, 365, 730] as const

const ages = ['18-24', '25-34', '35-44', '45-49', '50-54', '55-64', '65+'] as const
const everywhere = 'Nobody here belongs to a country: every region gives the same.'
const everybody = 'Of nobody here it is known: makes no difference.'

export const trendingKeywordParams = Type.Object({
  region: StringEnum(trendRegions, { description: `Where. ${everywhere}`, examples: ['US'] }),
  trend_type: StringEnum(trendTypes, {
    description:
      'growing: by how much more there was in the last 13 weeks than in the 13 before. monthly, yearly: by the last 4 or 52 ' +
      'weeks. seasonal: what grows now and was frequent at this time a year ago, too.',
    examples: ['monthly'],
  }),
})

export const trendingKeywordQuery = {
  interests: Type.Optional(
    Type.Array(StringEnum(interestKeys), {
      maxItems: 50,
      description: 'Only keywords that are known to belong to one of these.',
    }),
  ),
  genders: Type.Optional(
    Type.Array(StringEnum(['female', 'male', 'unknown']), { maxItems: 50, description: everybody }),
  ),
  ages: Type.Optional(Type.Array(StringEnum(ages), { maxItems: 50, description: everybody })),
  include_keywords: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 50,
      description: 'Only keywords that have all words of one of these.',
    }),
  ),
  normalize_against_group: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Whether 100 is the highest number of all keywords, and not of each.',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 50, description: 'The most keywords.' })),
  include_demographics: Type.Optional(
    Type.Boolean({ default: false, description: 'Whether to tell ages and genders, where they are known.' }),
  ),
}

const growth = (description: string) =>
  Type.Integer({ minimum: -10000, maximum: 10001, description: `${description}, in percent; 10001: above 10000.` })

const weeks = (description: string) =>
  MapOf(Type.Integer({ minimum: 0, maximum: 100 }), {
    description: `${description}, by the last day of each.`,
    examples: [{ '2026-03-07': 100 }],
  })

const shares = (description: string) => Nullable(MapOf(Type.Number(), { description }))

export const TrendingKeywords = Model(
  'TrendingKeywords',
  'The words that are frequent now.',
  {
    trends: Type.Optional(
      Type.Array(
        Type.Object({
          keyword: Type.Optional(Type.String({ minLength: 1, description: 'The word.', examples: ['cup'] })),
          pct_growth_wow: Type.Optional(growth('The last week against the one before')),
          pct_growth_mom: Type.Optional(growth('The last 4 weeks against the 4 before')),
          pct_growth_yoy: Type.Optional(growth('The last 52 weeks against the 52 before')),
          time_series: Type.Optional(weeks('How frequent it was in the last 52 weeks, from 0 to 100')),
          predicted_time_series: Type.Optional(weeks('Nothing: nothing is predicted here')),
          has_prediction: Type.Optional(Type.Boolean({ description: 'Always false.' })),
          demographics: Type.Optional(
            Nullable(
              Type.Object(
                {
                  age_distribution: Type.Optional(shares('The share of each age. What is below 0.05 is 0.04.')),
                  gender_distribution: Type.Optional(shares('The share of each gender. What is below 0.05 is 0.04.')),
                },
                { description: 'Who it was. Null unless it is asked for and known.' },
              ),
            ),
          ),
        }),
        { description: 'The keywords, the first one first.' },
      ),
    ),
  },
  {
    examples: [
      {
        trends: [
          {
            keyword: 'cup',
            pct_growth_wow: 20,
            pct_growth_mom: 5,
            pct_growth_yoy: 10001,
            time_series: { '2026-02-28': 80, '2026-03-07': 100 },
            predicted_time_series: {},
            has_prediction: false,
            demographics: null,
          },
        ],
      },
    ],
  },
)

export const productRegionQuery = {
  region: StringEnum(productRegions, { description: `Where. ${everywhere}`, examples: ['US'] }),
}

export const topicQuery = {
  interest: Type.Optional(
    StringEnum(topicInterests, { description: 'Only topics that are known to belong to it; ALL if not given.' }),
  ),
  ...productRegionQuery,
}

const TrendingPin = Model(
  'TrendingPin',
  'The picture of a Pin.',
  {
    id: Type.String({ description: 'The Pin.', examples: ['1142048512397440'] }),
    src: Type.String({ description: 'Where the picture is.' }),
    color: Type.String({ description: 'What colour it has most of, `#rrggbb`.', examples: ['#8a7f72'] }),
    width: Type.Integer({ minimum: 1, description: 'In pixels.' }),
    height: Type.Integer({ minimum: 1, description: 'In pixels.' }),
    vertical_offset: Type.Optional(Type.Number({ description: 'Never there.' })),
  },
  {
    examples: [
      {
        id: '1142048512397440',
        src: 'http://127.0.0.1:3210/media/600x/4f1c.jpg',
        color: '#8a7f72',
        width: 600,
        height: 900,
      },
    ],
  },
)

export const TrendingTopic = Model('TrendingTopic', 'A word that is frequent now, with Pins that have it.', {
  id: Type.String({ description: 'The same for the same word, always.', examples: ['1734950287'] }),
  title: Type.String({ description: 'The word.', examples: ['Cup'] }),
  description: Type.String({ description: 'What it is, in a sentence.' }),
  pins: Type.Array(TrendingPin, { maxItems: 6, description: 'The newest public Pins with it.' }),
  related_searches: Type.Array(Type.String(), { description: 'What stands together with it.' }),
  related_interests: Type.Array(Type.String(), { description: 'What it is known to belong to.' }),
  time_series: MapOf(Type.Number(), { description: 'The last 13 weeks from 0 to 100, by the last day of each.' }),
  percent_growth_mom: Type.Optional(growth('The last 4 weeks against the 4 before')),
})

export const FeaturedTrend = Model(
  'FeaturedTrend',
  'The topics of an interest.',
  {
    interest: StringEnum(topicInterests, { description: 'The one that was asked for.' }),
    market: Type.Optional(StringEnum(productRegions, { description: 'The region that was asked for.' })),
    trends: Type.Optional(Type.Array(TrendingTopic, { description: 'At most five, the most frequent first.' })),
  },
  {
    examples: [
      {
        interest: 'ALL',
        market: 'US',
        trends: [
          {
            id: '1734950287',
            title: 'Cup',
            description: 'A word in public Pins.',
            pins: [],
            related_searches: ['saucer'],
            related_interests: ['HOME_DECOR'],
            time_series: { '2026-02-28': 80, '2026-03-07': 100 },
            percent_growth_mom: 5,
          },
        ],
      },
    ],
  },
)

const engagementQuery = {
  engagement_type: Type.Optional(
    StringEnum(trendEngagements, {
      description: 'What counts: outbound clicks, saves, or these and Pin clicks together, as if not given.',
    }),
  ),
}

export const trendingCategoriesQuery = {
  ...productRegionQuery,
  verticals: Type.Optional(
    Type.Array(StringEnum(verticals), { maxItems: 50, description: 'Only categories of one of these.' }),
  ),
  ages: Type.Optional(Type.Array(StringEnum(ages), { maxItems: 50, description: everybody })),
  genders: Type.Optional(
    Type.Array(StringEnum(['MALE', 'FEMALE', 'UNSPECIFIED']), { maxItems: 50, description: everybody }),
  ),
  ...engagementQuery,
}

export const TrendingProductCategory = Model(
  'TrendingProductCategory',
  'A kind of product, with how much more was done with its Pins lately.',
  {
    engagement_type: StringEnum(trendEngagements, { description: 'What was counted.' }),
    product_category: Type.String({ description: 'The category.', examples: ['TABLEWARE'] }),
    pinterest_product_category_id: Type.Integer({ description: 'Its place among all, by their names, from 1.' }),
    pct_change_mom: growth('The last 4 weeks against the 4 before'),
    percent_relative_volume: Type.Integer({ description: 'The last 4 weeks as a share of the highest, in percent.' }),
    verticals: Type.Optional(Type.Array(Type.String(), { description: 'What it belongs to; nothing, or one.' })),
  },
  {
    examples: [
      {
        engagement_type: 'ENGAGEMENT',
        product_category: 'TABLEWARE',
        pinterest_product_category_id: 7,
        pct_change_mom: 5,
        percent_relative_volume: 100,
        verticals: [],
      },
    ],
  },
)

export const categoryDetailsQuery = {
  product_categories: Type.Array(ProductCategoryName, {
    minItems: 1,
    maxItems: 20,
    description: 'The categories, with commas between them.',
    examples: [['TABLEWARE']],
  }),
  ...productRegionQuery,
  lookback_window: Type.Optional(
    Type.Unsafe<(typeof lookbackWindows)[number]>({
      type: 'number',
      enum: [...lookbackWindows],
      default: 365,
      description: 'How many days back the series goes; in whole weeks.',
    }),
  ),
  ...engagementQuery,
}

const change = Type.Optional(
  Type.Object({ pct_change_mom: Type.Number({ description: 'The last 4 weeks against the 4 before, in percent.' }) }),
)

export const ProductCategoryDetails = Model(
  'ProductCategoryDetails',
  'What was done with the Pins of a kind of product.',
  {
    product_category: ProductCategoryName,
    metrics_highlights: Type.Optional(
      Type.Object(
        { engagement: change, pin_saves: change, outbound_clicks: change },
        { description: 'How much more it was lately.' },
      ),
    ),
    demographics: Type.Optional(
      Type.Object(
        {
          age: MapOf(Type.Number(), { description: 'The share of each age.' }),
          gender: Type.Object(
            { female: Type.Number(), male: Type.Number(), unspecified: Type.Number() },
            { description: 'The share of each gender.' },
          ),
        },
        { description: 'Never there: ages and genders are not known.' },
      ),
    ),
    time_series: Type.Optional(MapOf(Type.Number(), { description: 'From 0 to 100, by the last day of each week.' })),
    has_prediction: Type.Boolean({ description: 'Always false.' }),
    predicted_time_series: Type.Optional(MapOf(Type.Number(), { description: 'Nothing: nothing is predicted here.' })),
    related_searches: Type.Optional(
      Type.Array(Type.String(), { description: 'What stands together with its words in public Pins.' }),
    ),
  },
  {
    examples: [
      {
        product_category: 'TABLEWARE',
        metrics_highlights: { engagement: { pct_change_mom: 5 } },
        time_series: { '2026-02-28': 80, '2026-03-07': 100 },
        has_prediction: false,
        predicted_time_series: {},
        related_searches: ['saucer'],
      },
    ],
  },
)

export const TrendsEditorial = Model(
  'TrendsEditorial',
  'A public board that much is done with, as an article.',
  {
    title: Type.String({ description: "The board's name." }),
    description: Type.String({ description: "The board's description." }),
    board_url: Type.String({ description: 'The address of the board.' }),
    pins_url: Type.Array(Type.String(), { description: 'The addresses of its newest Pins, at most six.' }),
    interests: Type.Array(Type.String(), { description: 'What its keywords are known to belong to.' }),
    related_keywords: Type.Array(
      Type.Object({
        name: Type.String({ description: 'A word that is frequent on it.' }),
        pct_growth_mom: Type.Optional(
          Type.Number({ description: 'The last 4 weeks against the 4 before, in percent.' }),
        ),
      }),
      { description: 'At most five words that its Pins have.' },
    ),
  },
  {
    examples: [
      {
        title: 'Ceramics',
        description: 'Cups and jugs',
        board_url: 'http://127.0.0.1:4000/demo/ceramics',
        pins_url: ['http://127.0.0.1:4000/pin/1142048512397440'],
        interests: ['HOME_DECOR'],
        related_keywords: [{ name: 'cup', pct_growth_mom: 5 }],
      },
    ],
  },
)
