import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import type { OrderedPageRequest, Page } from '../../core/page.ts'
import type { Database, Written } from '../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { type AdReviews, reviewAfterMs } from './ad-reviews.ts'
import { adRules } from './ad-rules.ts'
import {
  type Ad,
  type AdChange,
  type AdSettings,
  adOf,
  changedSettings,
  columnsOf,
  isReviewedAgain,
  type NewAd,
  newSettings,
} from './ad-settings.ts'
import { adSummaryStatus } from './ad-status.ts'
import { type AdvertisedPin, type AdvertisedPins, mayBeAdvertised } from './advertised-pins.ts'
import { batch, type Outcome, refused } from './batch.ts'
import { entityIdOf, missing, timesOf, tooMany } from './entities.ts'
import { check } from './rules.ts'
import { checkFirst, checkTransition, type Schedule } from './status.ts'
import { countStore } from './store/counts.ts'
import { type EntityFilter, entityStore } from './store/entities.ts'

export type { Ad } from './ad-settings.ts'

type Account = Pick<AdAccountRow, 'id' | 'owner_id'>

/** What an ad shows that others say: its ad group, its campaign and its Pin. */
export interface AdSurroundings {
  /** Its ad group and its campaign. */
  within: readonly Schedule[]
  /** Whether its Pin was deleted. */
  isPinDeleted: boolean
}

/** An ad that was made, with what it shows of others. */
export interface MadeAd extends Ad {
  /** What others say of it. */
  surroundings: AdSurroundings
}

/** Ads: Pins that are shown for money. */
export interface Ads {
  /** Makes ads, each for itself. */
  create(account: Account, given: readonly NewAd[], written?: Written<Outcome<MadeAd>[]>): Promise<Outcome<MadeAd>[]>
  /** Changes ads, each for itself. */
  update(account: Account, changes: readonly AdChange[]): Promise<Outcome<Ad>[]>
  /** Returns an ad. Throws `adEntityNotFound`. */
  find(account: Pick<Account, 'id'>, id: string): Promise<Ad>
  /** Returns a page of ads, by id. */
  list(filter: EntityFilter, page: OrderedPageRequest<readonly [number]>): Promise<Page<Ad, readonly [number]>>
  /** Returns those of these that the ad account has, by id. */
  byIds(account: Pick<Account, 'id'>, ids: readonly number[]): Promise<Map<number, Ad>>
  /** Returns what ads of one ad account show of others, by their ids. */
  surroundings(account: Pick<Account, 'id'>, ads: readonly Ad[]): Promise<Map<number, AdSurroundings>>
}

export interface AdsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  pins: AdvertisedPins
  reviews: Pick<AdReviews, 'expect'>
}

/** Makes the ads over `db`. */
export function adsOf({ db, clock, ids, pins, reviews }: AdsOptions): Ads {
  const store = entityStore(db, 'ads')
  const adGroups = entityStore(db, 'ad_groups')
  const campaigns = entityStore(db, 'campaigns')
  const counts = countStore(db)

  /** Returns the Pin that an ad is to show. Throws `Refused`. */
  function promotable(known: ReadonlyMap<number, AdvertisedPin>, account: Account, id: string): AdvertisedPin {
    const pin = known.get(parseId(id) ?? 0)
    if (!mayBeAdvertised(pin, account.owner_id))
      throw refused(`The owner of the ad account has no Pin ${id} that may be advertised: it must not be secret.`)
    return pin
  }

  /** Returns the ad group of a new ad, and locks it, so that it is not removed meanwhile. Throws `Refused`. */
  async function groupFor(tx: Transaction<Schema>, account: Account, id: string): Promise<AdEntityColumns> {
    const row = await adGroups.lock(tx, account.id, entityIdOf(id))
    if (!row) throw refused(`There is no ad group ${id} in this ad account.`)
    if (row.status === 'ARCHIVED' || row.status === 'DELETED_DRAFT')
      throw refused(`The ad group ${id} is ${row.status}: it takes no ads.`)
    return row
  }

  /** Returns ad groups, by id, and the campaigns that they are in. */
  async function groupsAndCampaigns(account: Pick<Account, 'id'>, groupIds: readonly number[]) {
    const groups = await adGroups.byIds(account.id, groupIds)
    const parents = [...groups.values()].map(({ parent_id }) => parent_id)
    return { groups, campaigns: await campaigns.byIds(account.id, parents) }
  }

  const pinsNamed = (sent: readonly (string | null | undefined)[], more: readonly number[] = []) =>
    pins.byIds([...sent.flatMap((id) => parseId(id ?? '') ?? []), ...more])

  /** Returns when an ad is to be reviewed: not before it is no draft any more. */
  const reviewTime = ({ status }: AdSettings, now: number) =>
    status === 'DRAFT' || status === 'DELETED_DRAFT' ? null : now + reviewAfterMs

  async function byIds(account: Pick<Account, 'id'>, wanted: readonly number[]): Promise<Map<number, Ad>> {
    const rows = await store.byIds(account.id, wanted)
    return new Map([...rows].map(([id, row]) => [id, adOf(row)]))
  }

  function changed(before: Ad, change: AdChange, pin: AdvertisedPin | undefined): Ad {
    const settings = changedSettings(before.settings, change, pin?.link ?? null)
    const now = clock.now()
    const after: Ad = {
      row: { ...before.row, pin_id: pin?.id ?? before.row.pin_id, updated_at: now },
      settings,
    }
    const wasDraft = before.settings.status === 'DRAFT'
    if (!isReviewedAgain(before, after) && !(wasDraft && settings.status !== 'DRAFT'))
      return { row: { ...after.row, ...columnsOf(settings) }, settings }
    const pending = { ...settings, rejected_reasons: [], rejection_labels: [] }
    const review = { review_status: 'PENDING', review_at: reviewTime(settings, now) } as const
    return { row: { ...after.row, ...review, ...columnsOf(pending) }, settings: pending }
  }

  return {
    async create(account, given, written) {
      const known = await pinsNamed(given.map(({ pin_id }) => pin_id))
      const around = await groupsAndCampaigns(
        account,
        given.map(({ ad_group_id }) => entityIdOf(ad_group_id)),
      )
      const outcomes = await batch(
        db,
        given,
        async (tx, one) => {
          const now = clock.now()
          const pin = promotable(known, account, one.pin_id)
          const settings = newSettings(one, pin.link)
          checkFirst(settings.status)
          check(adRules, { settings, pin })
          const adGroup = await groupFor(tx, account, one.ad_group_id)
          const most = limits.adsPerAdGroup
          if (!(await counts.add(tx, { ownerId: adGroup.id, kind: 'ads', most })))
            throw tooMany(most, 'ads', 'An ad group')
          const row = {
            ...{ id: ids.next(), ad_account_id: account.id, parent_id: adGroup.id, campaign_id: adGroup.parent_id },
            ...{ pin_id: pin.id, created_at: now, updated_at: now, ...columnsOf(settings) },
            ...{ review_status: 'PENDING' as const, review_at: reviewTime(settings, now) },
          }
          await store.insert(tx, row)
          const within = schedulesOf(adGroup, around.campaigns.get(adGroup.parent_id))
          return { row, settings, surroundings: { within, isPinDeleted: false } }
        },
        written,
      )
      reviews.expect()
      return outcomes
    },

    async update(account, changes) {
      const before = await byIds(
        account,
        changes.map(({ id }) => entityIdOf(id)),
      )
      const shown = [...before.values()].map(({ row }) => row.pin_id)
      const known = await pinsNamed(
        changes.map(({ pin_id }) => pin_id),
        shown,
      )
      const outcomes = await batch(db, changes, async (tx, change) => {
        const row = await store.lock(tx, account.id, entityIdOf(change.id))
        if (!row) throw refused(`There is no ad ${change.id} in this ad account.`)
        const ad = adOf(row)
        const { ad_group_id: group, pin_id: pinId } = change
        if (group && entityIdOf(group) !== row.parent_id)
          throw refused(`An ad stays in its ad group: leave 'ad_group_id' out.`)
        const isOther = pinId && parseId(pinId) !== row.pin_id
        if (isOther && ad.settings.status !== 'DRAFT') throw refused(`'pin_id' can be changed while an ad is a DRAFT.`)
        const pin = isOther ? promotable(known, account, pinId) : known.get(row.pin_id)
        const after = changed(ad, change, pin)
        checkTransition(ad.settings.status, after.settings.status)
        check(adRules, { settings: after.settings, pin })
        await store.update(tx, after.row)
        return after
      })
      reviews.expect()
      return outcomes
    },

    async find(account, id) {
      const row = await store.byId(account.id, entityIdOf(id))
      if (!row) throw missing('ad', id)
      return adOf(row)
    },

    async list(filter, page) {
      const { items, next } = await store.list(filter, page)
      return { items: items.map(adOf), next }
    },

    byIds,

    async surroundings(account, ads) {
      const rows = ads.map(({ row }) => row)
      const [around, existing] = await Promise.all([
        groupsAndCampaigns(
          account,
          rows.map(({ parent_id }) => parent_id),
        ),
        pins.existing(rows.map(({ pin_id }) => pin_id)),
      ])
      return new Map(
        rows.map((row) => {
          const within = schedulesOf(around.groups.get(row.parent_id), around.campaigns.get(row.campaign_id))
          return [row.id, { within, isPinDeleted: !existing.has(row.pin_id) }]
        }),
      )
    },
  }
}

const schedulesOf = (...rows: readonly (AdEntityColumns | undefined)[]): Schedule[] =>
  rows.flatMap((row) => (row ? [scheduleOf(row)] : []))

/** Returns when what an ad is in is to be shown: ad groups and campaigns keep it under the same names. */
function scheduleOf({ data }: { data: string }): Schedule {
  const { status, start_time = null, end_time = null }: Schedule = JSON.parse(data)
  return { status, start_time, end_time }
}

/** Returns an ad as the API shows it. `isNew`: in the answer that creates it. `now`: milliseconds. */
export function showAd(
  { row, settings }: Ad,
  { within, isPinDeleted }: AdSurroundings,
  now: number,
  isNew: boolean = false,
) {
  const found = adSummaryStatus({ status: settings.status, review: row.review_status, isPinDeleted, within }, now)
  return {
    id: String(row.id),
    ad_account_id: String(row.ad_account_id),
    campaign_id: String(row.campaign_id),
    ad_group_id: String(row.parent_id),
    pin_id: String(row.pin_id),
    ...settings,
    is_pin_deleted: isPinDeleted,
    review_status: row.review_status,
    // The answer that creates it says so of what is paused.
    summary_status: isNew && settings.status === 'PAUSED' && found === 'ADVERTISER_DISABLED' ? 'PAUSED' : found,
    ...timesOf(row),
    type: 'pinpromotion',
  } as const
}
