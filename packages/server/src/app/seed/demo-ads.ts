import { createRandom, type Random } from '@pinfold/demo-pictures/random'
import type { SeedAdDay, SeedCampaign } from './seed-ads.ts'

/** What one of the demo's ads costs and does: an audience sees it, and a part of them does more. */
interface Character {
  impressions: number
  /** Shares of those who see it. */
  clicks: number
  outbound: number
  saves: number
  /** What a thousand impressions cost, in millionths of the currency. */
  costOfThousand: number
}

const campaignDays = 45

/** Returns the campaigns of the demo, with numbers of weeks: the same on any day. */
export function demoCampaigns(): SeedCampaign[] {
  return [
    {
      campaign: { name: 'Cups for spring', objective_type: 'CONSIDERATION', daily_spend_cap: 20_000_000 },
      daysAgo: campaignDays,
      adGroups: [
        {
          adGroup: {
            ...{ name: 'Who likes ceramics', billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 500_000 },
            targeting_spec: { LOCATION: ['US', 'CA'], AGE_BUCKET: ['25-34', '35-44'] },
          },
          ads: [
            ad('Blue glaze test stack', 1, { ...usual, impressions: 1400, clicks: 0.012 }),
            ad('Three vessels, four o’clock', 2, { ...usual, impressions: 900 }),
          ],
        },
      ],
    },
    {
      campaign: { name: 'The studio', objective_type: 'AWARENESS', lifetime_spend_cap: 900_000_000 },
      daysAgo: campaignDays,
      adGroups: [
        {
          adGroup: {
            ...{ name: 'Everybody', billable_event: 'IMPRESSION', bid_in_micro_currency: 4_000_000 },
            targeting_spec: { LOCATION: ['US'] },
          },
          ads: [ad('The good chair', 3, { ...usual, impressions: 2600, clicks: 0.004, costOfThousand: 3_600_000 })],
        },
      ],
    },
  ]
}

const usual: Character = { impressions: 1000, clicks: 0.009, outbound: 0.6, saves: 0.006, costOfThousand: 4_800_000 }

function ad(pin: string, seed: number, character: Character) {
  const random = createRandom(seed)
  const numbers = Array.from({ length: campaignDays }, (_, i) => dayOf(campaignDays - 1 - i, character, random))
  return { name: `${pin}, ad`, pin, numbers }
}

function dayOf(
  daysAgo: number,
  { impressions, clicks, outbound, saves, costOfThousand }: Character,
  random: Random,
): SeedAdDay {
  const seen = Math.round(impressions * random.between(0.75, 1.25) * (daysAgo === 0 ? 0.4 : 1))
  const clicked = Math.round(seen * clicks * random.between(0.8, 1.2))
  const saved = Math.round(seen * saves * random.between(0.8, 1.2))
  return {
    daysAgo,
    counts: {
      IMPRESSION_1: seen,
      CLICKTHROUGH_1: clicked,
      OUTBOUND_CLICK_1: Math.round(clicked * outbound),
      REPIN_1: saved,
      ENGAGEMENT_1: clicked + saved,
      SPEND_IN_MICRO_DOLLAR: Math.round((seen / 1000) * costOfThousand),
    },
  }
}
