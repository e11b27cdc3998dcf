import type { PinterestClient } from '@pinfold/client'
import { accountMetrics, type PinMetric, pinMetrics, StringEnum, Type, topPinsOrders } from '@pinfold/contract'
import { ToolError, tool } from '../tool.ts'
import { PinId, strict } from './fields.ts'

const day = (description: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: `${description}, YYYY-MM-DD, UTC.` }))
const dayMs = 24 * 60 * 60 * 1000
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

const usualPinMetrics: readonly PinMetric[] = ['IMPRESSION', 'OUTBOUND_CLICK', 'PIN_CLICK', 'SAVE']

/** The numbers of the account, of its best Pins, or of some Pins. */
export const getAnalytics = tool({
  name: 'get_analytics',
  title: 'Read numbers',
  description:
    'How often Pins were seen, clicked and saved, over at most 90 days: of the account, of its top Pins, or of Pins by id.',
  toolset: 'analytics',
  effect: 'reads',
  scopes: ['user_accounts:read', 'pins:read', 'boards:read'],
  input: Type.Object(
    {
      of: StringEnum(['account', 'top_pins', 'pins']),
      pin_ids: Type.Optional(Type.Array(PinId(), { minItems: 1, maxItems: 20 })),
      start_date: day('30 days back, if not given'),
      end_date: day('Today, if not given'),
      sort_by: Type.Optional(StringEnum(topPinsOrders, { description: 'Of top_pins.' })),
      metrics: Type.Optional(
        Type.Array(StringEnum([...new Set([...pinMetrics, ...accountMetrics])]), { minItems: 1, maxItems: 15 }),
      ),
      by_day: Type.Optional(Type.Boolean({ description: 'The numbers of each day too, not just the sums.' })),
    },
    strict,
  ),
  async run(
    { of, pin_ids, start_date, end_date, sort_by = 'IMPRESSION', metrics, by_day = false },
    { client, host, signal },
  ) {
    const dates = {
      start_date: start_date ?? dateOf(host.now() - 30 * dayMs),
      end_date: end_date ?? dateOf(host.now()),
    }
    const ofAccount = accountMetrics.filter((metric) => metrics?.includes(metric))
    const metric_types = ofAccount.length > 0 ? { metric_types: ofAccount } : {}
    if (of === 'account') {
      const numbers = await client.userAccount.analytics({ ...dates, ...metric_types }, { signal })
      return { value: { ...dates, account: by_day ? numbers : withoutDays(numbers) } }
    }
    if (of === 'top_pins') {
      const query = { ...dates, ...metric_types, sort_by, num_of_pins: 20 }
      return { value: { ...dates, ...(await client.userAccount.analyticsTopPins(query, { signal })) } }
    }
    if (!pin_ids) throw new ToolError('Give pin_ids, such as find_pins shows them.')
    const wanted = pinMetrics.filter((metric) => (metrics ?? usualPinMetrics).some((name) => name === metric))
    if (wanted.length === 0) throw new ToolError(`A Pin has these metrics: ${pinMetrics.join(', ')}.`)
    const pins = []
    for (const pin_id of pin_ids)
      pins.push({ pin_id, ...(await numbersOf(client, pin_id, { ...dates, metric_types: wanted }, signal, by_day)) })
    return { value: { ...dates, pins } }
  },
})

async function numbersOf(
  client: PinterestClient,
  pinId: string,
  query: Parameters<PinterestClient['pins']['analytics']>[1],
  signal: AbortSignal,
  byDay: boolean,
): Promise<object> {
  const numbers = await client.pins.analytics(pinId, query, { signal })
  return byDay ? numbers : withoutDays(numbers)
}

/** Leaves the numbers of each day out. */
const withoutDays = (numbers: object): object =>
  JSON.parse(JSON.stringify(numbers, (name, value) => (name === 'daily_metrics' ? undefined : value)))
