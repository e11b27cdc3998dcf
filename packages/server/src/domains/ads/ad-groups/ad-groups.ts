import type { SummaryStatus } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../../core/account-limits.ts'
import type { Clock } from '../../../core/clock.ts'
import type { IdMaker } from '../../../core/ids.ts'
import { type OrderedPageRequest, type Page, toOrderedPage } from '../../../core/page.ts'
import type { Database, Written } from '../../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../../db/schema.ts'
import type { AdAccountRow } from '../../ad-accounts/ad-accounts.ts'
import { batch, type Outcome, refused } from '../batch.ts'
import type { Campaign, Campaigns } from '../campaigns.ts'
import { entityIdOf, missing, timesOf, tooMany } from '../entities.ts'
import { check } from '../rules.ts'
import { checkFirst, checkTransition, summaryStatus } from '../status.ts'
import { adGroupPromotionStore } from '../store/ad-group-promotions.ts'
import { countStore } from '../store/counts.ts'
import { type EntityFilter, entityStore } from '../store/entities.ts'
import { targetedInterests } from '../targeting/interests.ts'
import { adGroupRules } from './rules.ts'
import { type AdGroupChange, type AdGroupSettings, changedAdGroup, type NewAdGroup, newAdGroup } from './settings.ts'

type Account = Pick<AdAccountRow, 'id'>

/** An ad group: its row, and what is kept of it. */
export interface AdGroup {
  /** Its row, whose `data` has the settings. The parent is the campaign. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: AdGroupSettings
}

/** An ad group with its campaign, by whose state and times it is shown too. */
export interface PlacedAdGroup extends AdGroup {
  /** The campaign that it is in. */
  campaign: Campaign
}

/** Ad groups: ads of a campaign with one audience and one bid. */
export interface AdGroups {
  /** Makes ad groups, each for itself. */
  create(
    account: AdAccountRow,
    given: readonly NewAdGroup[],
    written?: Written<Outcome<PlacedAdGroup>[]>,
  ): Promise<Outcome<PlacedAdGroup>[]>
  /** Changes ad groups, each for itself. */
  update(account: AdAccountRow, changes: readonly AdGroupChange[]): Promise<Outcome<PlacedAdGroup>[]>
  /** Returns an ad group. Throws `adEntityNotFound`. */
  find(account: Account, id: string): Promise<PlacedAdGroup>
  /** Returns a page of ad groups, by id. */
  list(
    filter: EntityFilter,
    page: OrderedPageRequest<readonly [number]>,
  ): Promise<Page<PlacedAdGroup, readonly [number]>>
  /** Returns a page of the ad groups that show one of these promotions, by id, whatever their status. */
  listPromoting(
    account: Account,
    promotionIds: readonly string[],
    page: OrderedPageRequest<readonly [number]>,
  ): Promise<Page<PlacedAdGroup, readonly [number]>>
  /** Returns those of these that the ad account has, by id. */
  byIds(account: Account, ids: readonly number[]): Promise<Map<number, PlacedAdGroup>>
  /** Returns an ad group of the ad account, and locks it until `tx` ends. Throws `Refused`. */
  lock(tx: Transaction<Schema>, account: Account, id: string): Promise<AdGroup>
}

export interface AdGroupsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  campaigns: Campaigns
}

/** What can be changed while an ad group is a draft. */
const draftOnly = ['billable_event', 'budget_type'] as const

/** Makes the ad groups over `db`. */
export function adGroupsOf({ db, clock, ids, campaigns }: AdGroupsOptions): AdGroups {
  const store = entityStore(db, 'ad_groups')
  const templates = entityStore(db, 'targeting_templates')
  const promotions = entityStore(db, 'promotions')
  const shown = adGroupPromotionStore(db)
  const counts = countStore(db)

  /** Throws `Refused` when an ad group names something that the ad account has not. */
  async function checkNamed(tx: Transaction<Schema>, account: Account, settings: AdGroupSettings): Promise<void> {
    for (const id of settings.targeting_template_ids ?? [])
      if (!(await templates.lock(tx, account.id, entityIdOf(id))))
        throw refused(`There is no targeting template ${id} in this ad account.`)
    for (const id of promotionsOf(settings))
      if (!(await promotions.lock(tx, account.id, entityIdOf(id))))
        throw refused(`There is no promotion ${id} in this ad account.`)
  }

  async function lock(tx: Transaction<Schema>, account: Account, id: string): Promise<AdGroup> {
    const row = await store.lock(tx, account.id, entityIdOf(id))
    if (!row) throw refused(`There is no ad group ${id} in this ad account.`)
    return adGroupOf(row)
  }

  async function placed(account: Account, rows: readonly AdEntityColumns[]): Promise<PlacedAdGroup[]> {
    const parents = await campaigns.byIds(account, [...new Set(rows.map((row) => row.parent_id))])
    const found = rows.map(adGroupOf)
    const named = found.flatMap(({ settings }) => promotionsOf(settings).map(entityIdOf))
    const there = named.length > 0 ? await promotions.byIds(account.id, named) : new Map()
    return found.flatMap(({ row, settings }) => {
      const campaign = parents.get(row.parent_id)
      return campaign ? [{ row, settings: withPromotions(settings, there), campaign }] : []
    })
  }

  /** Returns what is kept of an ad group, without the promotions that were deleted since. */
  async function current(tx: Transaction<Schema>, account: Account, settings: AdGroupSettings) {
    const there = new Map<number, AdEntityColumns>()
    for (const id of promotionsOf(settings).map(entityIdOf)) {
      const promotion = await promotions.lock(tx, account.id, id)
      if (promotion) there.set(id, promotion)
    }
    return withPromotions(settings, there)
  }

  return {
    create: (account, given, written) =>
      batch(
        db,
        given,
        async (tx, one) => {
          const campaign = await campaigns.lock(tx, account, one.campaign_id)
          const { status } = campaign.settings
          if (status === 'ARCHIVED' || status === 'DELETED_DRAFT')
            throw refused(`The campaign ${campaign.row.id} is ${status}, and takes no ad groups.`)
          const settings = newAdGroup(one, campaign.settings)
          checkFirst(settings.status)
          check(adGroupRules, { adGroup: settings, campaign: campaign.settings })
          await checkNamed(tx, account, settings)
          const most = limits.adGroupsPerCampaign
          if (!(await counts.add(tx, { ownerId: campaign.row.id, kind: 'ad_groups', most })))
            throw tooMany(most, 'ad groups', 'A campaign')
          const now = clock.now()
          const made = { ad_account_id: account.id, parent_id: campaign.row.id, created_at: now, updated_at: now }
          const row = { id: ids.next(), ...made, ...columnsOf(settings) }
          await store.insert(tx, row)
          const shows = promotionsOf(settings)
          if (shows.length > 0) await shown.replace(tx, row.id, shows.map(entityIdOf))
          return { row, settings, campaign }
        },
        written,
      ),

    async update(account, changes) {
      // An ad group stays in its campaign, which is locked first: as a change of the campaign does.
      const known = await store.byIds(
        account.id,
        changes.map(({ id }) => entityIdOf(id)),
      )
      return batch(db, changes, async (tx, change) => {
        const parentId = known.get(entityIdOf(change.id))?.parent_id
        if (parentId === undefined) throw refused(`There is no ad group ${change.id} in this ad account.`)
        const campaign = await campaigns.lock(tx, account, String(parentId))
        const before = await lock(tx, account, change.id)
        const settings = changedAdGroup(await current(tx, account, before.settings), change, campaign.settings)
        checkTransition(before.settings.status, settings.status)
        if (change.campaign_id && entityIdOf(change.campaign_id) !== parentId)
          throw refused(`'campaign_id' cannot be changed: an ad group stays in its campaign.`)
        for (const name of draftOnly)
          if (settings[name] !== before.settings[name] && before.settings.status !== 'DRAFT')
            throw refused(`'${name}' can be changed while an ad group is a DRAFT.`)
        check(adGroupRules, { adGroup: settings, campaign: campaign.settings })
        await checkNamed(tx, account, settings)
        const row = { ...before.row, ...columnsOf(settings), updated_at: clock.now() }
        await store.update(tx, row)
        const shows = promotionsOf(settings)
        if (shows.join() !== promotionsOf(before.settings).join())
          await shown.replace(tx, row.id, shows.map(entityIdOf))
        return { row, settings, campaign }
      })
    },

    async find(account, id) {
      const row = await store.byId(account.id, entityIdOf(id))
      const [found] = await placed(account, row ? [row] : [])
      if (!found) throw missing('ad group', id)
      return found
    },

    async list(filter, page) {
      const { items, next } = await store.list(filter, page)
      return { items: await placed({ id: filter.adAccountId }, items), next }
    },

    async listPromoting(account, promotionIds, page) {
      // Those of other ad accounts tell nothing, not even that there are some.
      const mine = await promotions.byIds(account.id, promotionIds.map(entityIdOf))
      const found = await shown.adGroupsWith([...mine.keys()], page)
      const rows = await store.byIds(account.id, found)
      const inOrder = found.flatMap((id) => rows.get(id) ?? [])
      const { items, next } = toOrderedPage(
        inOrder,
        page.size,
        (row) => row,
        ({ id }) => [id] as const,
      )
      return { items: await placed(account, items), next }
    },

    async byIds(account, wanted) {
      const rows = await store.byIds(account.id, wanted)
      const found = await placed(account, [...rows.values()])
      return new Map(found.map((each) => [each.row.id, each]))
    },

    lock,
  }
}

/** How ad groups are shown. */
export interface AdGroupView {
  /** Milliseconds. */
  now: number
  /** Whether it is in the answer that creates it. */
  isNew?: boolean
  /** Whether interests are shown by their names. */
  withInterestNames?: boolean
}

/** Returns an ad group as the API shows it. */
export function showAdGroup(adGroup: PlacedAdGroup, { now, isNew = false, withInterestNames = false }: AdGroupView) {
  const { row, settings } = adGroup
  const isNewlyPaused = isNew && settings.status === 'PAUSED'
  const status = adGroupSummary(adGroup, now)
  return {
    id: String(row.id),
    ad_account_id: String(row.ad_account_id),
    campaign_id: String(row.parent_id),
    ...settings,
    ...(withInterestNames && { targeting_spec: namingInterests(settings.targeting_spec) }),
    conversion_learning_mode_type:
      settings.optimization_goal_metadata.conversion_tag_v3_goal_metadata?.learning_mode_type ?? null,
    ...timesOf(row),
    type: 'adgroup',
    enabled_catalog_expansion: false,
    summary_status: isNewlyPaused && status === 'ADVERTISER_DISABLED' ? 'PAUSED' : status,
  }
}

/** Returns what has become of an ad group: by itself, and while that is nothing else by its campaign. `now`: milliseconds. */
export function adGroupSummary({ settings, campaign }: PlacedAdGroup, now: number): SummaryStatus {
  const own = summaryStatus(settings, now)
  if (own !== 'RUNNING' && own !== 'NOT_STARTED') return own
  const ofCampaign = summaryStatus(campaign.settings, now)
  return ofCampaign === 'RUNNING' ? own : ofCampaign
}

function namingInterests(spec: AdGroupSettings['targeting_spec']): AdGroupSettings['targeting_spec'] {
  const { INTEREST: interests } = spec
  if (!Array.isArray(interests)) return spec
  return { ...spec, INTEREST: interests.map((id) => targetedInterests.get(id)?.name ?? id) }
}

/** Returns the promotions that an ad group shows, each once. */
const promotionsOf = ({ promotion_id: one, promotion_ids: others }: AdGroupSettings): string[] => [
  ...new Set(one === null ? others : [one, ...others]),
]

/** Returns settings that name only promotions that there are: to delete one is not to change every ad group that shows it. */
function withPromotions(settings: AdGroupSettings, there: ReadonlyMap<number, unknown>): AdGroupSettings {
  const { promotion_id: one, promotion_ids: others } = settings
  const isThere = (id: string) => there.has(entityIdOf(id))
  return { ...settings, promotion_id: one !== null && isThere(one) ? one : null, promotion_ids: others.filter(isThere) }
}

/** Returns an ad group. */
export const adGroupOf = (row: AdEntityColumns): AdGroup => ({ row, settings: JSON.parse(row.data) })

const columnsOf = (settings: AdGroupSettings) => ({ status: settings.status, data: JSON.stringify(settings) })
