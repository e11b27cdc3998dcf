import { ApiError } from '../../../core/errors.ts'
import type { Schema } from '../../../db/schema.ts'
import type { AdAccounts } from '../../ad-accounts/ad-accounts.ts'
import type { CountedAd } from '../../analytics/counted-ads.ts'

type Row = Pick<Schema['ads'], 'id' | 'ad_account_id' | 'parent_id' | 'campaign_id' | 'pin_id'>

/** Returns those ads that are in ad accounts which an account manages, by id. */
export type WritableAds = (accountId: number, rows: readonly Row[]) => Promise<Map<number, CountedAd>>

/** Makes the choice of the ads whose numbers somebody may write. */
export function writableAds(adAccounts: Pick<AdAccounts, 'adAccountFor'>): WritableAds {
  async function manages(accountId: number, adAccountId: number): Promise<boolean> {
    try {
      await adAccounts.adAccountFor({ accountId }, String(adAccountId), 'manage')
      return true
    } catch (error) {
      if (error instanceof ApiError && error.entry === 'forbidden') return false
      throw error
    }
  }

  return async (accountId, rows) => {
    const managed = new Set<number>()
    for (const id of new Set(rows.map((row) => row.ad_account_id))) if (await manages(accountId, id)) managed.add(id)
    return new Map(rows.flatMap((row) => (managed.has(row.ad_account_id) ? [[row.id, countedAd(row)]] : [])))
  }
}

/** Returns what counting needs of an ad. */
export const countedAd = ({ id, ad_account_id, parent_id, campaign_id, pin_id }: Row): CountedAd => ({
  ...{ id, adGroupId: parent_id, campaignId: campaign_id, adAccountId: ad_account_id, pinId: pin_id },
})
