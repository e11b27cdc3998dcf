import type { Database } from '../../../db/database.ts'
import { prepare } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

/** An ad that shows a Pin. */
export type AdOfPin = Pick<Schema['ads'], 'id' | 'pin_id' | 'campaign_id'>

/** Where a list of ads of a Pin goes on. */
interface Place {
  adAccountId: number
  pinId: number
  /** The last id before. */
  after: number
}

/** The SQL of the ads that show a Pin. */
export interface AdsOfPins {
  /** Returns the next ads of an ad account that show a Pin, by id. */
  inAccount(place: Place): Promise<AdOfPin[]>
  /** Returns the next of those that are in a campaign. */
  inCampaign(place: Place & { campaignId: number }): Promise<AdOfPin[]>
}

/** This many ads are read at a time; where there are fewer, they are the last. */
export const adsAtOnce = 500

/** Makes the store over `db`. */
export function adsOfPins(db: Database): AdsOfPins {
  const ads = ({ adAccountId, pinId, after }: Place) =>
    db.read
      .selectFrom('ads')
      .select(['id', 'pin_id', 'campaign_id'])
      .where('pin_id', '=', pinId)
      .where('ad_account_id', '=', adAccountId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(adsAtOnce)
  const inAccount = prepare(db, (place: Place) => ads(place))
  const inCampaign = prepare(db, (place: Place & { campaignId: number }) =>
    ads(place).where('campaign_id', '=', place.campaignId),
  )
  return { inAccount: inAccount.all, inCampaign: inCampaign.all }
}
