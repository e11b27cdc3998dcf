import type { OperationInput, resources, ScheduleStatus } from '@pinfold/contract'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { OrderedPageRequest, Page } from '../../core/page.ts'
import type { Database, Written } from '../../db/database.ts'
import type { AdEntityColumns } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { batch, type Outcome, refused } from './batch.ts'
import type { Campaign } from './campaigns.ts'
import { entityIdOf, tooMany } from './entities.ts'
import { pick } from './given.ts'
import { check, type Rules } from './rules.ts'
import { countStore } from './store/counts.ts'
import { entityStore } from './store/entities.ts'

type NewSchedule = OperationInput<typeof resources.schedules.create>['body'][number]
type ScheduleChange = OperationInput<typeof resources.schedules.update>['body'][number]

/** What is kept of a schedule, under the names of the API. */
export type ScheduleSettings = Omit<NewSchedule, 'entity_id'>

/** A schedule: its row, and what is kept of it. */
export interface AdSchedule {
  /** Its row, whose parent is the campaign. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: ScheduleSettings
}

/** Which schedules a list has. */
export interface ScheduleFilter {
  adAccountId: number
  /** Those of these campaigns. */
  campaignIds: readonly number[]
  /** Only those with one of these statuses by now. */
  statuses?: readonly ScheduleStatus[] | undefined
  /** Only those of this type. */
  type?: string | undefined
}

/** Changes of campaigns for some time. */
export interface Schedules {
  /** Makes schedules, each for itself. */
  create(
    account: AdAccountRow,
    given: readonly NewSchedule[],
    written?: Written<Outcome<AdSchedule>[]>,
  ): Promise<Outcome<AdSchedule>[]>
  /** Changes schedules, each for itself. */
  update(account: AdAccountRow, changes: readonly ScheduleChange[]): Promise<Outcome<AdSchedule>[]>
  /** Returns a page of schedules, by id. */
  list(
    filter: ScheduleFilter,
    page: OrderedPageRequest<readonly [number]>,
  ): Promise<Page<AdSchedule, readonly [number]>>
  /** Returns campaigns of an ad account as their schedules make them now. */
  applied(campaigns: readonly Campaign[]): Promise<Campaign[]>
}

export interface SchedulesOptions {
  db: Database
  clock: Clock
  ids: IdMaker
}

/** A schedule, and the campaign that it is to change. */
interface Draft {
  schedule: ScheduleSettings
  campaign: Campaign['settings']
}

const isBudget = ({ schedule }: Draft) => schedule.schedule_type === 'CAMPAIGN_BUDGET_CHANGE'
const isBids = ({ schedule }: Draft) => schedule.schedule_type === 'CAMPAIGN_BID_MULTIPLIERS'

const rules: Rules<Draft> = [
  {
    broken: ({ schedule: { entity_type: type = 'CAMPAIGN' } }) => type !== 'CAMPAIGN',
    message: `'entity_type' must be CAMPAIGN: schedules change campaigns alone.`,
  },
  {
    broken: ({ schedule }) => schedule.schedule_type === undefined,
    message: `'schedule_type' is needed: CAMPAIGN_BUDGET_CHANGE or CAMPAIGN_BID_MULTIPLIERS.`,
  },
  {
    broken: ({ schedule: { start_timestamp: start } }) => start === undefined || start < 0,
    message: `'start_timestamp' is needed: Unix seconds, and not negative.`,
  },
  {
    broken: ({ schedule: { start_timestamp: start = 0, end_timestamp: end } }) => end !== undefined && end <= start,
    message: `'end_timestamp' must be after 'start_timestamp'.`,
  },
  {
    broken: (it) => isBudget(it) && it.schedule.schedule_action === undefined,
    message: `'schedule_action' is needed: INCREASE_BY_VALUE or INCREASE_BY_PERCENT.`,
  },
  {
    broken: (it) => isBudget(it) && !isIncrease(it.schedule.delta_value),
    message: `'delta_value' must be a whole number above 0, up to 1,000,000,000,000, as a text.`,
  },
  {
    broken: (it) => isBudget(it) && it.campaign.daily_spend_cap === 0 && it.campaign.lifetime_spend_cap === 0,
    message: 'The campaign has no cap that could change.',
  },
  {
    broken: (it) => isBids(it) && typeof it.schedule.delta_value !== 'object',
    message: `'delta_value' must be an object with multipliers.`,
  },
  {
    broken: (it) => isBids(it) && factorsOf(it.schedule.delta_value).some((factor) => factor < 0 || factor > 10),
    message: 'Each multiplier of bids must be from 0 to 10.',
  },
]

const isIncrease = (value: ScheduleSettings['delta_value']) =>
  typeof value === 'string' && /^[1-9]\d{0,12}$/.test(value) && Number(value) <= 1e12

function factorsOf(delta: ScheduleSettings['delta_value']): number[] {
  if (typeof delta !== 'object') return []
  const { audience_multipliers: audiences = [], ...others } = delta
  const factors = Object.values(others).flatMap((part) => Object.values(part ?? {}))
  return [...factors.filter((each) => typeof each === 'number'), ...audiences.map(({ multiplier }) => multiplier)]
}

const names = [
  ...(['delta_value', 'start_timestamp', 'end_timestamp', 'entity_type', 'name', 'schedule_action'] as const),
  ...(['schedule_status', 'schedule_type'] as const),
] as const

/** Makes the schedules over `db`. */
export function schedulesOf({ db, clock, ids }: SchedulesOptions): Schedules {
  const store = entityStore(db, 'ad_schedules')
  const campaigns = entityStore(db, 'campaigns')
  const counts = countStore(db)

  /** Returns the schedules of these campaigns that may still work, or all of them, oldest first. */
  async function inCampaigns(ids: readonly number[], isEverything: boolean): Promise<AdSchedule[]> {
    const rows = await store.inParents([...new Set(ids)])
    const wanted = rows.filter(({ status }) => isEverything || status === 'SET')
    return wanted.sort((a, b) => a.id - b.id).map(scheduleOf)
  }

  return {
    create: (account, given, written) =>
      batch(
        db,
        given,
        async (tx, { entity_id, ...rest }) => {
          const parent = await campaigns.lock(tx, account.id, entityIdOf(entity_id))
          if (!parent) throw refused(`There is no campaign ${entity_id} in this ad account.`)
          const settings: ScheduleSettings = { entity_type: 'CAMPAIGN', ...pick(rest, names) }
          check(rules, { schedule: settings, campaign: JSON.parse(parent.data) })
          const most = limits.schedulesPerCampaign
          if (!(await counts.add(tx, { ownerId: parent.id, kind: 'ad_schedules', most })))
            throw tooMany(most, 'schedules', 'A campaign')
          const now = clock.now()
          const made = { ad_account_id: account.id, parent_id: parent.id, created_at: now, updated_at: now }
          const row = { id: ids.next(), ...made, ...columnsOf(settings) }
          await store.insert(tx, row)
          return { row, settings }
        },
        written,
      ),

    update: (account, changes) =>
      batch(db, changes, async (tx, { schedule_id: id, ...change }) => {
        const before = await store.lock(tx, account.id, entityIdOf(id))
        const parent = before && (await campaigns.lock(tx, account.id, before.parent_id))
        if (!parent) throw refused(`There is no schedule ${id} in this ad account.`)
        if (change.entity_id !== undefined && entityIdOf(change.entity_id) !== parent.id)
          throw refused(`'entity_id' cannot change: make another schedule for another campaign.`)
        const settings = { ...scheduleOf(before).settings, ...pick(change, names) }
        check(rules, { schedule: settings, campaign: JSON.parse(parent.data) })
        const row = { ...before, ...columnsOf(settings), updated_at: clock.now() }
        await store.update(tx, row)
        return { row, settings }
      }),

    async list({ adAccountId, campaignIds, statuses, type }, { after: position, order, size }) {
      const sign = order === 'ASCENDING' ? 1 : -1
      const after = position?.[0]
      const found = (await inCampaigns(campaignIds, true))
        .filter(({ row }) => row.ad_account_id === adAccountId)
        .filter(({ row }) => after === undefined || (row.id - after) * sign > 0)
        .filter((each) => !statuses || statuses.includes(scheduleStatus(each, clock.now())))
        .filter(({ settings }) => type === undefined || settings.schedule_type === type)
        .sort((a, b) => (a.row.id - b.row.id) * sign)
      const items = found.slice(0, size)
      const last = items.at(-1)
      return { items, next: found.length > size && last ? [last.row.id] : null }
    },

    async applied(shown) {
      const all = await inCampaigns(
        shown.map(({ row }) => row.id),
        false,
      )
      const now = clock.now()
      const active = Map.groupBy(
        all.filter((each) => scheduleStatus(each, now) === 'ACTIVE'),
        ({ row }) => row.parent_id,
      )
      return shown.map((campaign) => (active.get(campaign.row.id) ?? []).reduce(changedBy, campaign))
    },
  }
}

/** Returns what has become of a schedule. `now`: milliseconds. */
function scheduleStatus({ settings }: AdSchedule, now: number): ScheduleStatus {
  const { schedule_status: status, start_timestamp: start = 0, end_timestamp: end } = settings
  if (status === 'DRAFT' || status === 'CANCELED') return status
  if (end !== undefined && end <= now / 1000) return 'COMPLETED'
  return start > now / 1000 ? 'SCHEDULED' : 'ACTIVE'
}

/** Returns a schedule as the API shows it. `now`: milliseconds. */
export const showSchedule = (schedule: AdSchedule, now: number) => ({
  schedule_id: String(schedule.row.id),
  entity_id: String(schedule.row.parent_id),
  ...schedule.settings,
  schedule_status: scheduleStatus(schedule, now),
})

/** Returns a campaign as a schedule makes it. */
function changedBy({ row, settings }: Campaign, { settings: schedule }: AdSchedule): Campaign {
  const { delta_value: delta, schedule_action: action } = schedule
  if (typeof delta === 'object') {
    const { audience_multipliers: audiences, ...multipliers } = delta
    const byAudience = audiences?.map(({ audience_id, multiplier }) => [audience_id, multiplier] as const)
    const bids = { ...settings.bid_options, ...multipliers } as Campaign['settings']['bid_options']
    const all = { ...bids, ...(byAudience && { audience_multipliers: Object.fromEntries(byAudience) }) }
    return { row, settings: { ...settings, bid_options: all } }
  }
  const raised = (cap: number) => {
    if (cap === 0) return 0
    const more = action === 'INCREASE_BY_PERCENT' ? (cap * Number(delta)) / 100 : Number(delta)
    return Math.min(Number.MAX_SAFE_INTEGER, Math.round(cap + more))
  }
  const { daily_spend_cap: daily, lifetime_spend_cap: lifetime } = settings
  return {
    row,
    settings: { ...settings, daily_spend_cap: raised(daily), lifetime_spend_cap: raised(lifetime) },
  }
}

const columnsOf = (settings: ScheduleSettings) => ({
  status: settings.schedule_status === 'DRAFT' || settings.schedule_status === 'CANCELED' ? 'UNSET' : 'SET',
  data: JSON.stringify(settings),
})

const scheduleOf = (row: AdEntityColumns): AdSchedule => ({ row, settings: JSON.parse(row.data) })
