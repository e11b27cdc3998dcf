import type { AdAccountRow } from '../../domains/ad-accounts/ad-accounts.ts'
import type { Outcome } from '../../domains/ads/batch.ts'
import type { Domains } from '../domains.ts'

type NewOf<Kind extends 'campaigns' | 'adGroups' | 'ads'> = Parameters<Domains[Kind]['create']>[1][number]

/** A campaign of a plan, with all that is in it. */
export interface SeedCampaign {
  campaign: Omit<NewOf<'campaigns'>, 'start_time'>
  /** How many days ago it began. */
  daysAgo: number
  adGroups: { adGroup: Omit<NewOf<'adGroups'>, 'campaign_id'>; ads: SeedAd[] }[]
}

/** An ad of a plan. */
export interface SeedAd {
  name: string
  /** The name of the Pin that it shows, one of the same account. */
  pin: string
  /** Numbers of past days. */
  numbers: readonly SeedAdDay[]
}

/** What was counted for an ad on one day, under the names of columns that are plain counts. */
export interface SeedAdDay {
  daysAgo: number
  counts: Readonly<Record<string, number>>
}

/** Through which doors campaigns of a plan are written. */
export type AdsTarget = Pick<Domains, 'campaigns' | 'adGroups' | 'ads' | 'adNumbers'>

const dayMs = 86_400_000

/** Writes campaigns, and what is in them, into an ad account. `pinIdOf`: returns the id of a Pin of the plan by its name. */
export async function seedCampaigns(
  account: AdAccountRow,
  planned: readonly SeedCampaign[],
  pinIdOf: (name: string) => number,
  { campaigns, adGroups, ads, adNumbers }: AdsTarget,
): Promise<void> {
  // It was made a moment ago, by the server's clock.
  const now = account.created_at
  const rows: object[] = []
  for (const { campaign, daysAgo, adGroups: groups } of planned) {
    const given = { ...campaign, start_time: Math.floor((now - daysAgo * dayMs) / 1000) }
    const { row } = madeOf(await campaigns.create(account, [given]))
    for (const { adGroup, ads: shown } of groups) {
      const group = madeOf(await adGroups.create(account, [{ ...adGroup, campaign_id: String(row.id) }]))
      const made = await ads.create(
        account,
        shown.map(({ name, pin }) => ({
          ...{ name, ad_group_id: String(group.row.id), creative_type: 'REGULAR', pin_id: String(pinIdOf(pin)) },
        })),
      )
      for (const [i, { numbers }] of shown.entries()) {
        const ad_id = String(madeOf(made.slice(i)).row.id)
        for (const day of numbers) rows.push(...rowsOf(ad_id, day, now))
      }
    }
  }
  const { errors } = await adNumbers.loadHistory(account.owner_id, rows)
  if (errors[0]) throw new Error(`The seed has numbers of ads that are refused: ${errors[0].message}`)
}

function rowsOf(ad_id: string, { daysAgo, counts }: SeedAdDay, now: number): object[] {
  const date = new Date(now - daysAgo * dayMs).toISOString().slice(0, 10)
  return Object.entries(counts).map(([metric, value]) => ({ date, ad_id, metric, value }))
}

/** Returns the first of several outcomes. */
function madeOf<Made>([outcome]: readonly Outcome<Made>[]): Made {
  if (outcome && 'made' in outcome) return outcome.made
  throw new Error(`The seed has ads that are refused: ${outcome?.refusals[0]?.message}`)
}
