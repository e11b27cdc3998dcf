// The expected answers of analytics, computed by going through everything that was counted. It shares no code with the
// server.

const dayMs = 86_400_000

/** User agents, and what they are. */
export const agents = [
  {
    text: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    app: 'MOBILE',
    isCrawler: false,
  },
  {
    text: 'Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1',
    app: 'TABLET',
    isCrawler: false,
  },
  {
    text: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
    app: 'WEB',
    isCrawler: false,
  },
  { text: 'curl/8.5.0', app: 'WEB', isCrawler: false },
  { text: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', app: 'WEB', isCrawler: true },
] as const

export interface SentEvent {
  id: string
  type: string
  pin_id: string
  at: string
  viewer: string
  user_agent: string
  watched_from_ms?: number
  watched_to_ms?: number
  duration_ms?: number
}

export interface ModelBoard {
  id: string
  isSecret: boolean
}

export interface ModelPin {
  id: string
  owner: 'alice' | 'bob'
  /** The board it is on now. The Pin is secret if its board is. */
  board: ModelBoard
  isClaimed: boolean
  isVideo: boolean
  isGone: boolean
}

/** A number that was counted, or set, on a day of a Pin. */
export interface Entry {
  pin: string
  day: number
  app: string
  add?: Record<string, number>
  set?: Record<string, number>
}

export interface Query {
  range: { first: number; last: number }
  app: string
  content: string
  format: string
  split: string
  sort: string
  videoSort: string
  count: number
}

/** Returns what an event adds, by the rules on the analytics page. */
export function countsOf(sent: SentEvent): Record<string, number> {
  const plain: Record<string, string> = {
    impression: 'impressions',
    pin_click: 'pin_clicks',
    outbound_click: 'outbound_clicks',
    video_start: 'video_starts',
    profile_visit: 'profile_visits',
    comment: 'comments',
    reaction: 'reactions',
  }
  const { watched_from_ms: from = 0, watched_to_ms: to = 0 } = sent
  const name = plain[sent.type]
  if (name) return { [name]: 1 }
  const reached = (ms: number) => (from < ms && to >= ms ? 1 : 0)
  return {
    video_watch_ms: to - from,
    video_mrc_views: reached(2000),
    video_10s_views: reached(10_000),
    video_95_percent_views: reached(19_000),
  }
}

/** The counters behind the metrics that can be set. */
export const countersOf: Record<string, string> = {
  IMPRESSION: 'impressions',
  SAVE: 'saves',
  PIN_CLICK: 'pin_clicks',
  VIDEO_START: 'video_starts',
  VIDEO_V50_WATCH_TIME: 'video_watch_ms',
}

const pinMetrics = [
  'IMPRESSION',
  'SAVE',
  'SAVE_RATE',
  'PIN_CLICK',
  'OUTBOUND_CLICK',
  'PROFILE_VISIT',
  'USER_FOLLOW',
  'VIDEO_START',
  'VIDEO_MRC_VIEW',
  'VIDEO_10S_VIEW',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_V50_WATCH_TIME',
  'VIDEO_AVG_WATCH_TIME',
]
const accountMetrics = [
  'ENGAGEMENT',
  'ENGAGEMENT_RATE',
  'IMPRESSION',
  'OUTBOUND_CLICK',
  'OUTBOUND_CLICK_RATE',
  'PIN_CLICK',
  'PIN_CLICK_RATE',
  'SAVE',
  'SAVE_RATE',
]
const videoMetrics = [
  'IMPRESSION',
  'SAVE',
  'VIDEO_MRC_VIEW',
  'VIDEO_AVG_WATCH_TIME',
  'VIDEO_V50_WATCH_TIME',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_10S_VIEW',
  'VIDEO_START',
  'OUTBOUND_CLICK',
]

type Counts = Record<string, number>

/** Sums up every entry that `fits`, in order. */
function recount(entries: readonly Entry[], fits: (entry: Entry) => boolean): Counts {
  const cells = new Map<string, number>()
  for (const entry of entries) {
    if (!fits(entry)) continue
    const cell = (name: string) => `${entry.pin} ${entry.day} ${entry.app} ${name}`
    for (const [name, value] of Object.entries(entry.set ?? {})) cells.set(cell(name), value)
    for (const [name, value] of Object.entries(entry.add ?? {}))
      cells.set(cell(name), (cells.get(cell(name)) ?? 0) + value)
  }
  const sums: Counts = {}
  for (const [key, value] of cells) {
    const name = key.split(' ')[3] ?? ''
    sums[name] = (sums[name] ?? 0) + value
  }
  return sums
}

function metric(name: string, counts: Counts): number {
  const of = (counter: string) => counts[counter] ?? 0
  const ratio = (above: number, below: number) => (below === 0 ? 0 : above / below)
  const engagement = of('saves') + of('pin_clicks') + of('outbound_clicks')
  switch (name) {
    case 'IMPRESSION':
      return of('impressions')
    case 'SAVE':
      return of('saves')
    case 'PIN_CLICK':
      return of('pin_clicks')
    case 'OUTBOUND_CLICK':
      return of('outbound_clicks')
    case 'PROFILE_VISIT':
      return of('profile_visits')
    case 'USER_FOLLOW':
      return 0
    case 'VIDEO_START':
      return of('video_starts')
    case 'VIDEO_MRC_VIEW':
      return of('video_mrc_views')
    case 'VIDEO_10S_VIEW':
      return of('video_10s_views')
    case 'QUARTILE_95_PERCENT_VIEW':
      return of('video_95_percent_views')
    case 'VIDEO_V50_WATCH_TIME':
      return of('video_watch_ms')
    case 'VIDEO_AVG_WATCH_TIME':
      return ratio(of('video_watch_ms'), of('video_starts'))
    case 'TOTAL_COMMENTS':
      return of('comments')
    case 'TOTAL_REACTIONS':
      return of('reactions')
    case 'ENGAGEMENT':
      return engagement
    case 'ENGAGEMENT_RATE':
      return ratio(engagement, of('impressions'))
    case 'SAVE_RATE':
      return ratio(of('saves'), of('impressions'))
    case 'PIN_CLICK_RATE':
      return ratio(of('pin_clicks'), of('impressions'))
    case 'OUTBOUND_CLICK_RATE':
      return ratio(of('outbound_clicks'), of('impressions'))
    default:
      throw new Error(`There is no metric ${name}.`)
  }
}

const metricsIn = (names: readonly string[], counts: Counts) =>
  Object.fromEntries(names.map((name) => [name, metric(name, counts)]))
const dateOf = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10)

/** Nothing is reported for days before the account existed. */
const noAccount = 'BEFORE_BUSINESS_CREATED'

function report(
  entries: readonly Entry[],
  { first, last }: Query['range'],
  names: readonly string[],
  now: number,
  before: string,
  isCounted?: (day: number) => boolean,
) {
  const today = Math.floor(now / dayMs)
  const daily = []
  for (let day = first; day <= last; day++) {
    const metrics = metricsIn(
      names,
      recount(entries, (entry) => entry.day === day),
    )
    // Every Pin and account of the model was made today: an earlier day is ready only if it has numbers.
    const hasNumbers = isCounted?.(day) ?? Object.values(metrics).some((value) => value > 0)
    const past = hasNumbers ? 'READY' : before
    const status = day === today ? 'PROCESSING' : past
    daily.push({ date: dateOf(day), data_status: status, metrics: status === noAccount ? {} : metrics })
  }
  if (daily.every((each) => each.data_status === noAccount)) return { daily_metrics: daily, summary_metrics: {} }
  const inRange = entries.filter(({ day }) => day >= first && day <= last)
  return {
    daily_metrics: daily,
    summary_metrics: metricsIn(
      names,
      recount(inRange, () => true),
    ),
  }
}

const withApp = (entries: readonly Entry[], app: string) =>
  entries.filter((entry) => app === 'ALL' || entry.app === app)
const appsOf = (app: string) => ['MOBILE', 'TABLET', 'WEB'].filter((name) => app === 'ALL' || app === name)

export function expectedPin(entries: readonly Entry[], pin: ModelPin, query: Query, now: number) {
  const own = withApp(
    entries.filter((entry) => entry.pin === pin.id),
    query.app,
  )
  const part = (some: readonly Entry[]) => ({
    ...report(some, query.range, pinMetrics, now, 'BEFORE_PIN_CREATED'),
    lifetime_metrics: metricsIn(
      ['TOTAL_COMMENTS', 'TOTAL_REACTIONS'],
      recount(some, () => true),
    ),
  })
  const apps = query.split === 'APP_TYPE' ? appsOf(query.app) : []
  return { all: part(own), ...Object.fromEntries(apps.map((app) => [app, part(withApp(own, app))])) }
}

const fits = (pin: ModelPin, content: string, format: string) =>
  (content === 'BOTH' || (content === 'CLAIMED') === pin.isClaimed) &&
  (format === 'ALL' || (format === 'ORGANIC_VIDEO') === pin.isVideo)

export function expectedAccount(entries: readonly Entry[], pins: readonly ModelPin[], query: Query, now: number) {
  // Whether the account has numbers of a day does not depend on which of them are requested.
  const all = entries.filter((entry) => pins.some(({ id }) => id === entry.pin))
  const isCounted = (day: number) => {
    const counts = recount(all, (entry) => entry.day === day)
    return ['impressions', 'saves', 'pin_clicks', 'outbound_clicks'].some((name) => (counts[name] ?? 0) > 0)
  }
  const of = (content: string, format: string, app: string) => {
    const ids = new Set(pins.filter((pin) => fits(pin, content, format)).map(({ id }) => id))
    const some = withApp(
      entries.filter((entry) => ids.has(entry.pin)),
      app,
    )
    return report(some, query.range, accountMetrics, now, noAccount, isCounted)
  }
  const nothing = report([], query.range, accountMetrics, now, noAccount, isCounted)
  const { content, format, app, split } = query
  const parts: [string, unknown][] = [['all', of(content, format, app)]]
  if (split === 'APP_TYPE') for (const name of appsOf(app)) parts.push([name, of(content, format, name)])
  if (split === 'OWNED_CONTENT')
    for (const name of ['CLAIMED', 'OTHER'])
      parts.push([name, content === 'BOTH' || content === name ? of(name, format, app) : nothing])
  if (split === 'SOURCE') parts.push(['YOUR_PINS', of(content, format, app)], ['OTHER_PINS', nothing])
  if (split === 'PIN_FORMAT')
    for (const name of ['ORGANIC_IMAGE', 'ORGANIC_VIDEO'])
      parts.push([name, format === 'ALL' || format === name ? of(content, name, app) : nothing])
  return Object.fromEntries(parts)
}

export function expectedTop(
  entries: readonly Entry[],
  pins: readonly ModelPin[],
  query: Query,
  operation: 'top_pins' | 'top_video_pins',
  now: number,
) {
  const { range, app, content, format, count } = query
  const isVideo = operation === 'top_video_pins'
  const sort = isVideo ? query.videoSort : query.sort
  const names = isVideo ? videoMetrics : accountMetrics
  const today = Math.floor(now / dayMs)
  const status = range.last < today ? 'READY' : 'PROCESSING'
  const found = pins
    .filter((pin) => fits(pin, content, format) && (!isVideo || pin.isVideo))
    .map((pin) => {
      const own = entries.filter(({ pin: id, day }) => id === pin.id && day >= range.first && day <= range.last)
      const counts = recount(withApp(own, app), () => true)
      return { id: pin.id, value: metric(sort, counts), counts }
    })
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || Number(b.id) - Number(a.id))
  const end = Math.min((range.last + 1) * dayMs - 1000, now)
  return {
    date_availability:
      found.length === 0 ? {} : { is_realtime: true, latest_available_timestamp: Math.floor(end / 1000) * 1000 },
    pins: found.slice(0, count).map(({ id, counts }) => ({
      pin_id: id,
      data_status: Object.fromEntries(names.map((name) => [name, status])),
      metrics: metricsIn(names, counts),
    })),
    sort_by: sort,
  }
}

export function expectedSummary(entries: readonly Entry[], pin: ModelPin, now: number) {
  const own = entries.filter((entry) => entry.pin === pin.id)
  const today = Math.floor(now / dayMs)
  const named = (names: Record<string, string>, counts: Counts) =>
    Object.fromEntries(Object.entries(names).map(([name, counter]) => [name, counts[counter] ?? 0]))
  const names = { impression: 'impressions', pin_click: 'pin_clicks', clickthrough: 'outbound_clicks', save: 'saves' }
  return {
    '90d': named(
      names,
      recount(own, ({ day }) => day > today - 90),
    ),
    lifetime_metrics: named(
      { ...names, reaction: 'reactions', comment: 'comments' },
      recount(own, () => true),
    ),
  }
}

const days = ({ range, app }: Query) =>
  `start_date=${dateOf(range.first)}&end_date=${dateOf(range.last)}&app_types=${app}`
const filters = ({ content, format }: Query) => `from_claimed_content=${content}&pin_format=${format}`
const allPinMetrics = [...pinMetrics, 'TOTAL_COMMENTS', 'TOTAL_REACTIONS'].join()

/** The query of each operation. */
export const queryText = {
  pin: (query: Query) =>
    `${days(query)}&metric_types=${allPinMetrics}&split_field=${query.split === 'APP_TYPE' ? 'APP_TYPE' : 'NO_SPLIT'}`,
  many: (query: Query, pins: readonly ModelPin[]) =>
    `${days(query)}&metric_types=${allPinMetrics}&pin_ids=${pins.map(({ id }) => id).join()}`,
  account: (query: Query) => `${days(query)}&${filters(query)}&split_field=${query.split}`,
  top_pins: (query: Query) => `${days(query)}&${filters(query)}&sort_by=${query.sort}&num_of_pins=${query.count}`,
  top_video_pins: (query: Query) =>
    `${days(query)}&${filters(query)}&sort_by=${query.videoSort}&num_of_pins=${query.count}`,
}
