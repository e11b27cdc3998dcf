import {
  type ConversionAction,
  type ConversionDevice,
  type ConversionFilter,
  type ConversionMeasure,
  type ConversionSource,
  conversionActions,
  conversionDevices,
  conversionTouches,
  type ReportColumn,
} from './column.ts'
import { perMicro, plain, ratio, sided, sum } from './make-column.ts'

const nouns: Record<ConversionAction, string> = {
  PAGE_VISIT: 'page visits',
  SIGNUP: 'sign-ups',
  CHECKOUT: 'checkouts',
  CUSTOM: 'custom events',
  ADD_TO_CART: 'additions to a cart',
  LEAD: 'leads',
  SEARCH: 'searches',
  WATCH_VIDEO: 'videos watched',
  VIEW_CATEGORY: 'category views',
  APP_INSTALL: 'app installs',
  UNKNOWN: 'events of no known kind',
  ADD_TO_WISHLIST: 'additions to a wishlist',
  SUBSCRIBE: 'subscriptions',
}

const touchWords = {
  ENGAGEMENT: 'after an engagement with the ad',
  CLICK: 'after a click on the ad',
  VIEW: 'after the ad was seen',
}
const sourceWords: Record<ConversionSource, string> = {
  WEB: 'on the website',
  INAPP: 'in the app',
  OFFLINE: 'offline',
  PINTEREST: 'on Pinterest',
}

const measures: Record<ConversionMeasure, { suffix: string; label: string; means: string }> = {
  conversions: { suffix: '', label: '', means: 'The number of' },
  conversion_value: {
    suffix: '_VALUE_IN_MICRO_DOLLAR',
    label: ', value',
    means: 'The value, in millionths of the currency, of',
  },
  conversion_quantity: { suffix: '_QUANTITY', label: ', quantity', means: 'How many things were had by' },
}

const deviceWords: Record<ConversionDevice, string> = { DESKTOP: 'desktop', MOBILE: 'phone', TABLET: 'tablet' }

/** What conversions are, in words: "checkouts on the website after a click on the ad". */
function inWords({ action, touch, source, from, to }: ConversionFilter): string {
  return [
    action ? nouns[action] : 'conversions',
    source && sourceWords[source],
    touch && touchWords[touch],
    from && to && `on a ${deviceWords[to]} after the ad was on a ${deviceWords[from]}`,
  ]
    .filter((word) => word !== undefined)
    .join(' ')
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** A column that counts conversions: its name ends in how. */
function counting(name: string, of: ConversionFilter, measure: ConversionMeasure = 'conversions'): ReportColumn {
  const { suffix, label, means } = measures[measure]
  const words = inWords(of)
  return sum(
    `${name}${suffix}`,
    { count: measure, of },
    {
      displayName: `${capital(words)}${label}`,
      definition: `${means} ${words}.`,
    },
  )
}

/** The spend per conversion, in the currency of the ad account. */
function costPer(name: string, of: ConversionFilter): ReportColumn {
  const conversions = { count: 'conversions', of } as const
  return ratio(
    `${name}_COST_PER_ACTION`,
    { tally: plain('spend'), per: conversions, times: perMicro },
    {
      displayName: `CPA: ${inWords(of)}`,
      definition: `What was spent, shared among the ${inWords(of)}.`,
    },
  )
}

/** The value of conversions per spend. */
function returnOn(name: string, of: ConversionFilter): ReportColumn {
  return ratio(
    `${name}_ROAS`,
    { tally: { count: 'conversion_value', of }, per: plain('spend') },
    {
      displayName: `ROAS: ${inWords(of)}`,
      definition: `The value of ${inWords(of)} for each unit spent.`,
    },
  )
}

/** The conversions per Pin click. */
function rateOf(name: string, of: ConversionFilter): ReportColumn {
  const tally = { count: 'conversions', of } as const
  return ratio(
    `TOTAL_${name}_CONVERSION_RATE`,
    { tally, per: sided('clickthroughs') },
    {
      displayName: `Conversion rate: ${inWords(of)}`,
      definition: `Per Pin click: ${inWords(of)}.`,
    },
  )
}

/** The actions that all families have. */
const known = conversionActions.filter((action) => action !== 'ADD_TO_WISHLIST' && action !== 'SUBSCRIBE')
/** The actions whose value over all touches is a column. */
const withValue = known.filter((action) => action !== 'PAGE_VISIT' && action !== 'UNKNOWN')

const byTouch = () =>
  conversionTouches.flatMap((touch) =>
    known.flatMap((action) => {
      const name = `TOTAL_${touch}_${action}`
      const of = { touch, action }
      return [
        counting(name, of),
        counting(name, of, 'conversion_value'),
        ...(action === 'APP_INSTALL' ? [] : [counting(name, of, 'conversion_quantity')]),
      ]
    }),
  )

const byDevice = () =>
  known.flatMap((action) =>
    conversionDevices.flatMap((from) =>
      conversionDevices.map((to) =>
        counting(`TOTAL_${action}_${from}_ACTION_TO_${to}_CONVERSION`, { action, from, to }),
      ),
    ),
  )

const all = () => [
  counting('TOTAL_CONVERSIONS', {}),
  counting('TOTAL_CONVERSIONS', {}, 'conversion_value'),
  counting('TOTAL_CONVERSIONS', {}, 'conversion_quantity'),
  ...conversionActions
    .filter((action) => action !== 'UNKNOWN')
    .map((action) => counting(`TOTAL_${action}`, { action })),
  ...withValue.map((action) => counting(`TOTAL_${action}`, { action }, 'conversion_value')),
  counting('TOTAL_CHECKOUT', { action: 'CHECKOUT' }, 'conversion_quantity'),
  costPer('PAGE_VISIT', { action: 'PAGE_VISIT' }),
  costPer('APP_INSTALL', { action: 'APP_INSTALL' }),
  returnOn('PAGE_VISIT', { action: 'PAGE_VISIT' }),
  returnOn('CHECKOUT', { action: 'CHECKOUT' }),
  returnOn('CUSTOM', { action: 'CUSTOM' }),
  ...known.map((action) => rateOf(action, { action })),
  rateOf('INAPP_APP_INSTALL', { source: 'INAPP', action: 'APP_INSTALL' }),
]

const actionsOf: Record<ConversionSource, readonly ConversionAction[]> = {
  WEB: known.filter((action) => action !== 'APP_INSTALL'),
  INAPP: ['CHECKOUT', 'ADD_TO_CART', 'SIGNUP', 'SEARCH', 'UNKNOWN', 'APP_INSTALL'],
  OFFLINE: ['CHECKOUT', 'SIGNUP', 'LEAD', 'CUSTOM', 'UNKNOWN'],
  PINTEREST: ['CHECKOUT'],
}

function columnsOfSource(source: ConversionSource): ReportColumn[] {
  return actionsOf[source].flatMap((action) => {
    const of = { source, action }
    const touches = source === 'PINTEREST' ? [] : conversionTouches
    return [
      costPer(`${source}_${action}`, of),
      returnOn(`${source}_${action}`, of),
      counting(`TOTAL_${source}_${action}`, of),
      counting(`TOTAL_${source}_${action}`, of, 'conversion_value'),
      ...touches.flatMap((touch) => [
        counting(`TOTAL_${source}_${touch}_${action}`, { ...of, touch }),
        counting(`TOTAL_${source}_${touch}_${action}`, { ...of, touch }, 'conversion_value'),
      ]),
    ]
  })
}

/** The columns of conversions: by action, by what had been done with the ad, by where, and by device. */
export const conversionColumns = (): readonly ReportColumn[] => [
  ...all(),
  ...byTouch(),
  ...byDevice(),
  ...(['WEB', 'INAPP', 'OFFLINE', 'PINTEREST'] as const).flatMap(columnsOfSource),
]
