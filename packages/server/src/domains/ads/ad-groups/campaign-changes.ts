import type { EntityStatus } from '@pinfold/contract'
import type { Clock } from '../../../core/clock.ts'
import type { Database } from '../../../db/database.ts'
import { refused } from '../batch.ts'
import type { Campaign, CampaignsOptions } from '../campaigns.ts'
import { brokenRules } from '../rules.ts'
import { entityStore } from '../store/entities.ts'
import { adGroupRules } from './rules.ts'
import type { AdGroupSettings } from './settings.ts'

/** What is not shown any more, and need not suit the campaign. */
const over: readonly EntityStatus[] = ['ARCHIVED', 'DELETED_DRAFT']

/**
 * Returns what the change of a campaign does to its ad groups. Where the campaign gets the budget they lose theirs. A change
 * that one of them does not suit, such as an end before its own, is refused.
 */
export function campaignChanges({
  db,
  clock,
}: {
  db: Database
  clock: Clock
}): NonNullable<CampaignsOptions['changing']> {
  const store = entityStore(db, 'ad_groups')
  return async (tx, before, after) => {
    if (!concernsAdGroups(before, after)) return
    const entersBudget = !hasBudget(before) && hasBudget(after)
    const rows = (await store.lockIn(tx, after.row.id)).map((row) => {
      const adGroup: AdGroupSettings = JSON.parse(row.data)
      return { row, adGroup: entersBudget ? withoutBudget(adGroup) : adGroup }
    })
    for (const { row, adGroup } of rows) {
      if (over.includes(adGroup.status)) continue
      const [broken] = brokenRules(adGroupRules, { adGroup, campaign: after.settings })
      if (broken) throw refused(`The ad group ${row.id} does not allow that: ${broken.message}`)
    }
    if (!entersBudget) return
    for (const { row, adGroup } of rows)
      await store.update(tx, { ...row, data: JSON.stringify(adGroup), updated_at: clock.now() })
  }
}

const hasBudget = ({ settings }: Campaign): boolean => settings.is_campaign_budget_optimization

function concernsAdGroups({ settings: before }: Campaign, { settings: after }: Campaign): boolean {
  const names = [
    'is_campaign_budget_optimization',
    'objective_type',
    'start_time',
    'end_time',
    'is_performance_plus',
  ] as const
  return names.some((name) => before[name] !== after[name])
}

const withoutBudget = (adGroup: AdGroupSettings): AdGroupSettings => ({
  ...adGroup,
  budget_in_micro_currency: null,
  budget_type: 'CBO_ADGROUP',
  pacing_delivery_type: 'STANDARD',
})
