import type { BidOptionPart, Objective, OperationInput, resources } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { OrderedPageRequest, Page } from '../../core/page.ts'
import type { Database, Written } from '../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { batch, type Outcome, refused } from './batch.ts'
import { entityIdOf, missing, timesOf, tooMany } from './entities.ts'
import { pick, said } from './given.ts'
import { payerOfCampaigns } from './order-lines.ts'
import { check, type Rules } from './rules.ts'
import { checkFirst, checkTransition, newSummaryStatus, type Schedule, summaryStatus } from './status.ts'
import { countStore } from './store/counts.ts'
import { type EntityFilter, entityStore } from './store/entities.ts'
import { keptTrackingUrls } from './tracking-urls.ts'

type NewCampaign = OperationInput<typeof resources.campaigns.create>['body'][number]
type CampaignChange = OperationInput<typeof resources.campaigns.update>['body'][number]
type BidOptions = NonNullable<NewCampaign['bid_options']>

/** What is kept of a campaign, under the names of the API. */
export interface CampaignSettings extends Schedule {
  name: string
  objective_type: Objective
  /** In millionths of the ad account's currency; 0: no cap. */
  daily_spend_cap: number
  lifetime_spend_cap: number
  order_line_id: string | null
  tracking_urls: Record<string, string[]> | null
  is_campaign_budget_optimization: boolean
  is_flexible_daily_budgets: boolean
  is_automated_campaign: boolean
  is_performance_plus: boolean
  is_top_of_search: boolean
  is_ltv_optimized?: boolean
  intended_promotion_type: 'LEGACY' | 'STANDARD_AD' | 'CATALOG'
  bid_options: BidOptions | null
  default_ad_group_budget_in_micro_currency?: number | null
  performance_plus_campaign_settings?: object | null
  app_id?: string
  app_platform?: 'IOS' | 'ANDROID'
}

/** A campaign: its row, and what is kept of it. */
export interface Campaign {
  /** Its row, whose `data` has the settings. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: CampaignSettings
}

/** Campaigns: ad groups with one purpose and one budget. */
export interface Campaigns {
  /** Makes campaigns, each for itself. */
  create(
    account: AdAccountRow,
    given: readonly NewCampaign[],
    written?: Written<Outcome<Campaign>[]>,
  ): Promise<Outcome<Campaign>[]>
  /** Changes campaigns, each for itself. */
  update(account: AdAccountRow, changes: readonly CampaignChange[]): Promise<Outcome<Campaign>[]>
  /** Returns a campaign. Throws `adEntityNotFound`. */
  find(account: Pick<AdAccountRow, 'id'>, id: string): Promise<Campaign>
  /** Returns a page of campaigns, by id. */
  list(filter: EntityFilter, page: OrderedPageRequest<readonly [number]>): Promise<Page<Campaign, readonly [number]>>
  /** Returns those of these that the ad account has, by id. */
  byIds(account: Pick<AdAccountRow, 'id'>, ids: readonly number[]): Promise<Map<number, Campaign>>
  /** Returns a campaign of the ad account, and locks it until `tx` ends. Throws `Refused`. */
  lock(tx: Transaction<Schema>, account: Pick<AdAccountRow, 'id'>, id: string): Promise<Campaign>
}

export interface CampaignsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  /**
   * Called when a campaign was changed, in the transaction and before it is written: throws `Refused` when what is in the
   * campaign does not allow that.
   */
  changing?: ((tx: Transaction<Schema>, before: Campaign, after: Campaign) => Promise<void>) | undefined
}

/** The objectives with which the campaign always has the budget. */
const alwaysWithBudget: readonly Objective[] = ['AWARENESS', 'CONSIDERATION', 'WEB_CONVERSION', 'CATALOG_SALES']

const rules: Rules<CampaignSettings> = [
  {
    broken: ({ name }) => !/\S/.test(name) || name.length > 255,
    message: `'name' must have 1 to 255 characters, and not only blanks.`,
  },
  {
    broken: (c) => c.daily_spend_cap < 0 || c.lifetime_spend_cap < 0,
    message: `'daily_spend_cap' and 'lifetime_spend_cap' must not be negative.`,
  },
  {
    broken: (c) => c.daily_spend_cap > 0 && c.lifetime_spend_cap > 0,
    message: `A campaign has either 'daily_spend_cap' or 'lifetime_spend_cap', not both.`,
  },
  {
    code: 2384,
    broken: (c) => c.is_campaign_budget_optimization && c.daily_spend_cap <= 0 && c.lifetime_spend_cap <= 0,
    message: `A campaign with a budget of its own needs 'daily_spend_cap' or 'lifetime_spend_cap'.`,
  },
  {
    broken: ({ start_time: start, end_time: end }) => end !== null && start !== null && end <= start,
    message: `'end_time' must be after 'start_time'.`,
  },
  {
    broken: ({ start_time: start, end_time: end }) => (start ?? 0) < 0 || (end ?? 0) < 0,
    message: `'start_time' and 'end_time' are Unix seconds, and not negative.`,
  },
  {
    broken: ({ bid_options: options }) => factorsOf(options).some((factor) => factor < 0 || factor > 10),
    message: 'Each multiplier of bids must be from 0 to 10.',
  },
]

/** Makes the campaigns over `db`. */
export function campaignsOf({ db, clock, ids, changing }: CampaignsOptions): Campaigns {
  const store = entityStore(db, 'campaigns')
  const payerOf = payerOfCampaigns(db)
  const counts = countStore(db)

  async function lock(tx: Transaction<Schema>, account: Pick<AdAccountRow, 'id'>, id: string): Promise<Campaign> {
    const row = await store.lock(tx, account.id, entityIdOf(id))
    if (!row) throw refused(`There is no campaign ${id} in this ad account.`)
    return campaignOf(row)
  }

  return {
    create: (account, given, written) =>
      batch(
        db,
        given,
        async (tx, one) => {
          const now = clock.now()
          const settings = newSettings(one, now)
          checkFirst(settings.status)
          check(rules, settings)
          const id = ids.next()
          const payers = { before: null, after: settings.order_line_id }
          const notePayer = await payerOf(tx, account, { campaignId: id, ...payers })
          const most = limits.campaignsPerAdAccount
          if (!(await counts.add(tx, { ownerId: account.id, kind: 'campaigns', most })))
            throw tooMany(most, 'campaigns')
          const made = { ad_account_id: account.id, parent_id: account.id, created_at: now, updated_at: now }
          const row = { id, ...made, ...columnsOf(settings) }
          await store.insert(tx, row)
          await notePayer()
          return { row, settings }
        },
        written,
      ),

    update: (account, changes) =>
      batch(db, changes, async (tx, change) => {
        const before = await lock(tx, account, change.id)
        const settings = changedSettings(before.settings, change)
        checkTransition(before.settings.status, settings.status)
        if (settings.objective_type !== before.settings.objective_type && before.settings.status !== 'DRAFT')
          throw refused(`'objective_type' can be changed while a campaign is a DRAFT.`)
        check(rules, settings)
        const row = { ...before.row, ...columnsOf(settings), updated_at: clock.now() }
        const payers = { before: before.settings.order_line_id, after: settings.order_line_id }
        const notePayer = await payerOf(tx, account, { campaignId: row.id, ...payers })
        await changing?.(tx, before, { row, settings })
        await notePayer()
        await store.update(tx, row)
        return { row, settings }
      }),

    async find(account, id) {
      const row = await store.byId(account.id, entityIdOf(id))
      if (!row) throw missing('campaign', id)
      return campaignOf(row)
    },

    async list(filter, page) {
      const { items, next } = await store.list(filter, page)
      return { items: items.map(campaignOf), next }
    },

    async byIds(account, wanted) {
      const rows = await store.byIds(account.id, wanted)
      return new Map([...rows].map(([id, row]) => [id, campaignOf(row)]))
    },

    lock,
  }
}

/** Returns a campaign as the API shows it. `isNew`: in the answer that creates it. `now`: milliseconds. */
export function showCampaign({ row, settings }: Campaign, now: number, isNew = false) {
  return {
    id: String(row.id),
    ad_account_id: String(row.ad_account_id),
    ...settings,
    ...timesOf(row),
    type: 'campaign',
    summary_status: (isNew ? newSummaryStatus : summaryStatus)(settings, now),
    ext_features: null,
  }
}

/** Reads a campaign from its row. */
export const campaignOf = (row: AdEntityColumns): Campaign => ({ row, settings: JSON.parse(row.data) })

const columnsOf = (settings: CampaignSettings) => ({ status: settings.status, data: JSON.stringify(settings) })

/** Returns whether the campaign has the budget, and no ad group. */
function hasBudget(objective: Objective, given: boolean | undefined): boolean {
  if (alwaysWithBudget.includes(objective)) return true
  // The one objective for which that is not usual.
  return given ?? objective !== 'VIDEO_COMPLETION'
}

/** What may be set as it is sent. */
const asSent = [
  ...(['name', 'status', 'intended_promotion_type', 'is_ltv_optimized', 'is_top_of_search'] as const),
  ...(['is_performance_plus', 'performance_plus_campaign_settings', 'app_id', 'app_platform'] as const),
  ...(['default_ad_group_budget_in_micro_currency', 'is_flexible_daily_budgets', 'is_automated_campaign'] as const),
  ...(['start_time', 'end_time', 'daily_spend_cap', 'lifetime_spend_cap', 'order_line_id'] as const),
] as const

/** What null unsets, and what it is then. */
const unset = {
  ...{ daily_spend_cap: 0, lifetime_spend_cap: 0, order_line_id: null, tracking_urls: null, end_time: null },
  ...{ is_flexible_daily_budgets: false, is_automated_campaign: false, bid_options: null },
} as const

function newSettings(given: NewCampaign, now: number): CampaignSettings {
  const { objective_type, tracking_urls, bid_options, is_campaign_budget_optimization, ...rest } = said(given)
  const objective = objective_type as Objective
  return {
    ...unset,
    ...{ name: '', status: 'ACTIVE', objective_type: objective, start_time: Math.floor(now / 1000) },
    ...{ is_performance_plus: false, is_top_of_search: false, intended_promotion_type: 'STANDARD_AD' },
    ...pick(rest, asSent as never),
    tracking_urls: keptTrackingUrls(tracking_urls),
    is_campaign_budget_optimization: hasBudget(objective, is_campaign_budget_optimization),
    bid_options: bid_options ?? null,
  }
}

function changedSettings(before: CampaignSettings, change: CampaignChange): CampaignSettings {
  const { tracking_urls, bid_options, is_campaign_budget_optimization, objective_type } = change
  const cleared = Object.entries(unset).filter(([name]) => change[name as keyof CampaignChange] === null)
  const objective = objective_type ?? before.objective_type
  const { is_campaign_budget_optimization: had } = before
  const wanted = pick(said(change), asSent as never) as Partial<CampaignSettings>
  return {
    ...before,
    ...Object.fromEntries(cleared),
    // To name one cap is to have that one.
    ...((wanted.daily_spend_cap ?? 0) > 0 && { lifetime_spend_cap: 0 }),
    ...((wanted.lifetime_spend_cap ?? 0) > 0 && { daily_spend_cap: 0 }),
    ...wanted,
    objective_type: objective,
    is_campaign_budget_optimization: hasBudget(objective, is_campaign_budget_optimization ?? had),
    ...(tracking_urls && { tracking_urls: keptTrackingUrls(tracking_urls) }),
    ...(bid_options && { bid_options: changedBids(before.bid_options, bid_options) }),
  }
}

/** The fields of the bid options in each part. */
const partFields: Record<BidOptionPart, readonly (keyof BidOptions)[]> = {
  AUDIENCE: ['audience_multipliers'],
  APP_TYPE: ['app_type_multipliers'],
  PLACEMENT: ['placement_multipliers'],
  GENDER: ['gender_multipliers'],
  AGE_BUCKET: ['age_bucket_multipliers'],
  FREQUENCY: ['frequency_multipliers', 'freq_bid_multiplier_time_window'],
}

function changedBids(before: BidOptions | null, change: NonNullable<CampaignChange['bid_options']>): BidOptions {
  const { update_mask: parts, ...options } = change
  const named = parts.flatMap((part) => partFields[part])
  return { ...before, ...Object.fromEntries(named.map((field) => [field, options[field]])) }
}

const factorsOf = (options: BidOptions | null): number[] =>
  Object.values(options ?? {}).flatMap((part) =>
    Object.values(part ?? {}).filter((factor): factor is number => typeof factor === 'number'),
  )
