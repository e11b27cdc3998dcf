import { type ErrorName, mostFilterIds, type ReportColumn, reportColumns, type SyncColumn } from '@pinfold/contract'
import type { Clock } from '../../../core/clock.ts'
import { ApiError } from '../../../core/errors.ts'
import { parseId } from '../../../core/ids.ts'
import type { Database } from '../../../db/database.ts'
import type { AdAccountRow } from '../../ad-accounts/ad-accounts.ts'
import { entityIdOf } from '../entities.ts'
import { type AdSumsBy, adNumbersStore } from '../store/ad-numbers.ts'
import { type AdOfPin, adsAtOnce, adsOfPins } from '../store/ads-of-pins.ts'
import { entityFieldsOf, type Level } from './entity-fields.ts'
import { analyticsReach, type RangeQuery, readAdRange } from './range.ts'
import { countersFor, type ReportRow, reportRows, type Subject } from './report-rows.ts'

type Account = Pick<AdAccountRow, 'id'>

/** Which numbers, of which days. */
export interface NumbersQuery extends RangeQuery {
  /** The names of what is asked for. */
  columns: readonly SyncColumn[]
}

/** A query about several things. */
export interface EntitiesQuery extends NumbersQuery {
  /** Whether they are added up. */
  aggregate_report_rows?: boolean
}

/** How ads did. Everything is read from sums that are written as events arrive. */
export interface AdAnalytics {
  /** Returns the numbers of an ad account. Throws a 400 for days that there are no numbers of. */
  ofAccount(account: Account, query: NumbersQuery): Promise<ReportRow[]>
  /** Returns those of campaigns. */
  ofCampaigns(account: Account, ids: readonly string[], query: EntitiesQuery): Promise<ReportRow[]>
  /** Returns those of ad groups. */
  ofAdGroups(account: Account, ids: readonly string[], query: EntitiesQuery): Promise<ReportRow[]>
  /** Returns those of ads: of these, or of those in campaigns that show Pins. */
  ofAds(account: Account, which: WhichAds, query: NumbersQuery): Promise<ReportRow[]>
  /** Returns those of Pins as ads of a campaign. */
  ofPins(account: Account, campaignId: string, pinIds: readonly string[], query: NumbersQuery): Promise<ReportRow[]>
}

/** Which ads are meant. */
export interface WhichAds {
  /** These, … */
  ad_ids?: readonly string[]
  /** … or those of these campaigns … */
  campaign_ids?: readonly string[]
  /** … that show one of these Pins. */
  pin_ids?: readonly string[]
}

/** The most values that an answer has. */
const mostValues = 500_000
/** This many rows are made at a time, so that others get their turn in between. */
const rowsAtOnce = 200
const hoursOfDay = 24

/** Makes the analytics of ads. */
export function adAnalyticsOf({ db, clock }: { db: Database; clock: Clock }): AdAnalytics {
  // A replica answers where there is one that is not late.
  const store = adNumbersStore(db, db.late?.run)
  const entities = entityFieldsOf(db)
  const pins = adsOfPins(db)

  async function report(
    query: NumbersQuery,
    { isWholeAccount = false, problem }: { isWholeAccount?: boolean; problem: ErrorName },
    subjectsOf: (columns: readonly ReportColumn[]) => Promise<Subject[]>,
  ): Promise<ReportRow[]> {
    const reach = analyticsReach(query.granularity, isWholeAccount)
    const { first, last } = readAdRange(query, { now: clock.now(), reach, problem })
    const columns = [...new Set(query.columns)].flatMap((name) => reportColumns().get(name) ?? [])
    const counters = countersFor(columns)
    if (!counters) return []
    const { granularity } = query
    const by: AdSumsBy = granularity === 'TOTAL' ? 'total' : granularity === 'HOUR' ? 'hour' : 'day'
    const range =
      by === 'hour' ? { first: first * hoursOfDay, last: last * hoursOfDay + hoursOfDay - 1 } : { first, last }
    const subjects = await subjectsOf(columns)
    const ids = [...new Set(subjects.flatMap((subject) => subject.ids))]
    const rows: ReportRow[] = []
    for (const row of reportRows(subjects, await store.sums(ids, by, range, counters), { columns, granularity })) {
      rows.push(row)
      if (rows.length * columns.length > mostValues)
        throw new ApiError(problem, {
          detail: `An answer has ${mostValues} values at most: ask for fewer columns, days or things at a time.`,
        })
      if (rows.length % rowsAtOnce === 0) await new Promise(setImmediate)
    }
    return rows
  }

  /** Returns what rows of these are about. */
  async function subjectsAt(
    { id: adAccountId }: Account,
    [level, label]: readonly [Level, string],
    ids: readonly number[],
    columns: readonly ReportColumn[],
  ): Promise<Subject[]> {
    const rows = await entities.rowsOf(adAccountId, level, ids)
    const fieldsOf = await entities.fieldsOf(adAccountId, level, rows, columns)
    return rows.map((row) => ({ label: [label, String(row.id)], ids: [row.id], fields: fieldsOf(row) }))
  }

  /** Returns all of the subjects as one. */
  async function together(account: Account, subjects: readonly Subject[]): Promise<Subject[]> {
    const fieldsOf = await entities.fieldsOf(account.id, undefined, [], [])
    return [{ label: undefined, ids: subjects.flatMap(({ ids }) => ids), fields: fieldsOf(undefined) }]
  }

  const ofEntities =
    (at: readonly [Level, string], problem: ErrorName) =>
    (account: Account, ids: readonly string[], query: EntitiesQuery): Promise<ReportRow[]> =>
      report(query, { problem }, async (columns) => {
        const subjects = await subjectsAt(account, at, ids.map(entityIdOf), columns)
        return query.aggregate_report_rows ? together(account, subjects) : subjects
      })

  /** Returns the first ads of campaigns that show Pins. */
  async function firstAds({ id: adAccountId }: Account, campaigns: readonly number[], pinIds: readonly string[]) {
    const wanted = new Set(campaigns)
    const found: AdOfPin[] = []
    for (const pinId of new Set(pinIds.map((id) => parseId(id) ?? 0))) {
      const ofPin = await everyAd((after) => pins.inAccount({ adAccountId, pinId, after }), {
        isWanted: (ad) => wanted.has(ad.campaign_id),
        most: mostFilterIds,
      })
      found.push(...ofPin)
    }
    return found
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .slice(0, mostFilterIds)
  }

  return {
    ofAccount: (account, query) =>
      report(query, { isWholeAccount: true, problem: 'adAccountAnalyticsInvalid' }, async (columns) => {
        const fieldsOf = await entities.fieldsOf(account.id, undefined, [], columns)
        return [{ label: ['AD_ACCOUNT_ID', String(account.id)], ids: [account.id], fields: fieldsOf(undefined) }]
      }),

    ofCampaigns: ofEntities(['campaign', 'CAMPAIGN_ID'], 'campaignsAnalyticsInvalid'),
    ofAdGroups: ofEntities(['ad_group', 'AD_GROUP_ID'], 'adGroupsAnalyticsInvalid'),

    async ofAds(account, { ad_ids: ids, campaign_ids: campaigns, pin_ids: pinIds }, query) {
      if (!ids && !(campaigns && pinIds))
        throw new ApiError('adsAnalyticsInvalid', { detail: `Send 'ad_ids', or both 'campaign_ids' and 'pin_ids'.` })
      return report(query, { problem: 'adsAnalyticsInvalid' }, async (columns) => {
        const wanted = ids
          ? ids.map(entityIdOf)
          : await firstAds(account, (campaigns ?? []).map(entityIdOf), pinIds ?? [])
        return subjectsAt(account, ['ad', 'AD_ID'], wanted, columns)
      })
    },

    ofPins: (account, campaignId, pinIds, query) =>
      report(query, { problem: 'adPinsAnalyticsInvalid' }, async (columns) => {
        const [campaign] = await entities.rowsOf(account.id, 'campaign', [entityIdOf(campaignId)])
        if (!campaign) return []
        const fieldsOf = await entities.fieldsOf(account.id, 'campaign', [campaign], columns)
        const subjects: Subject[] = []
        for (const pin of new Set(pinIds)) {
          const place = { adAccountId: account.id, campaignId: campaign.id, pinId: parseId(pin) ?? 0 }
          const ads = await everyAd((after) => pins.inCampaign({ ...place, after }))
          const fields = fieldsOf(campaign)
          subjects.push({
            label: ['PIN_ID', String(place.pinId)],
            ids: ads.map(({ id }) => id),
            fields: (entity, name) =>
              entity === 'ad' && name === 'pin_id' ? String(place.pinId) : fields(entity, name),
          })
        }
        return subjects
      }),
  }
}

/** Reads ads, some at a time, until there are no more of them, or `most` that are wanted. */
async function everyAd(
  next: (after: number) => Promise<AdOfPin[]>,
  {
    isWanted = () => true,
    most = Number.POSITIVE_INFINITY,
  }: { isWanted?: (ad: AdOfPin) => boolean; most?: number } = {},
): Promise<AdOfPin[]> {
  const found: AdOfPin[] = []
  let after = 0
  while (found.length < most) {
    const ads = await next(after)
    found.push(...ads.filter(isWanted))
    after = ads.at(-1)?.id ?? 0
    if (ads.length < adsAtOnce) break
  }
  return found
}
