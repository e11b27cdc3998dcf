import type { OperationInput, PlacementGroup, resources } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { OrderedPageRequest, Page } from '../../core/page.ts'
import type { Database, Written } from '../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { Refused } from './batch.ts'
import { entityIdOf, missing, timesOf, tooMany } from './entities.ts'
import { reachOf, roundly } from './reach.ts'
import { check, type Rules } from './rules.ts'
import { countStore } from './store/counts.ts'
import { entityStore } from './store/entities.ts'
import { ageFaults, keptTargeting, type TargetingSpec } from './targeting/spec.ts'
import { keptTrackingUrls } from './tracking-urls.ts'

type NewTemplate = OperationInput<typeof resources.targetingTemplates.create>['body']
type TemplateChange = OperationInput<typeof resources.targetingTemplates.update>['body']
type Keyword = NonNullable<NonNullable<NewTemplate['keywords']>[number]>

/** What is kept of a targeting template, under the names of the API. */
export interface TemplateSettings {
  name: string
  targeting_attributes: TargetingSpec
  auto_targeting_enabled: boolean
  keywords: Keyword[]
  placement_group: PlacementGroup
  tracking_urls: Record<string, string[]> | null
  status: 'ACTIVE' | 'DELETED'
}

/** A targeting template: its row, and what is kept of it. */
export interface TargetingTemplate {
  /** Its row, whose `data` has the settings. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: TemplateSettings
}

/** Which targeting templates a list has. */
export interface TemplateFilter {
  adAccountId: number
  /** Only those whose names have this somewhere. */
  search: string
}

/** Whom ads are for, kept under names for several ad groups. */
export interface TargetingTemplates {
  /** Makes one. Throws a 400 when it breaks a rule. */
  create(account: AdAccountRow, given: NewTemplate, written?: Written<TargetingTemplate>): Promise<TargetingTemplate>
  /** Changes or deletes one. Throws `adEntityNotFound`, and a 400 when it breaks a rule. */
  update(account: AdAccountRow, change: TemplateChange): Promise<void>
  /** Returns a page of those that are not deleted, by id. */
  list(
    filter: TemplateFilter,
    page: OrderedPageRequest<readonly [number]>,
  ): Promise<Page<TargetingTemplate, readonly [number]>>
}

export interface TargetingTemplatesOptions {
  db: Database
  clock: Clock
  ids: IdMaker
}

const rules: Rules<TemplateSettings> = [
  {
    broken: ({ name }) => !/\S/.test(name) || name.length > 255,
    message: `'name' must have 1 to 255 characters, and not only blanks.`,
  },
  {
    broken: ({ keywords }) => keywords.some(({ value = '' }) => !/\S/.test(value) || [...value].length > 120),
    message: `Each of 'keywords' needs a 'value' with 1 to 120 characters, and not only blanks.`,
  },
  {
    broken: ({ keywords }) => keywords.some(({ match_type }) => match_type === undefined),
    message: `Each of 'keywords' needs a 'match_type'.`,
  },
  {
    broken: ({ targeting_attributes: spec }) => ageFaults.mixed(spec),
    message: `'AGE_BUCKET' cannot be together with 'MINIMUM_AGE' and 'MAXIMUM_AGE'.`,
  },
  {
    broken: ({ targeting_attributes: spec }) => ageFaults.unpaired(spec),
    message: `'MINIMUM_AGE' and 'MAXIMUM_AGE' must be there together.`,
  },
  {
    broken: ({ targeting_attributes: spec }) => ageFaults.outOfRange(spec),
    message: `'MINIMUM_AGE' must be from 18 to 65, and 'MAXIMUM_AGE' from there to 65, or 65+.`,
  },
]

/** Makes the targeting templates over `db`. */
export function targetingTemplatesOf({ db, clock, ids }: TargetingTemplatesOptions): TargetingTemplates {
  const store = entityStore(db, 'targeting_templates')
  const counts = countStore(db)

  async function insert(tx: Transaction<Schema>, account: AdAccountRow, settings: TemplateSettings) {
    check(rules, settings)
    const most = limits.targetingTemplatesPerAdAccount
    if (!(await counts.add(tx, { ownerId: account.id, kind: 'targeting_templates', most })))
      throw tooMany(most, 'targeting templates')
    const now = clock.now()
    const made = { ad_account_id: account.id, parent_id: account.id, created_at: now, updated_at: now }
    const row = { id: ids.next(), ...made, ...columnsOf(settings) }
    await store.insert(tx, row)
    return { row, settings }
  }

  return {
    create: (account, given, written) =>
      orInvalid(() =>
        db.write(async (tx) => {
          const made = await insert(tx, account, newSettings(given))
          await written?.(tx, made)
          return made
        }),
      ),

    update: (account, { id, operation_type, targeting_attributes }) =>
      orInvalid(() =>
        db.write(async (tx) => {
          const before = await store.lock(tx, account.id, entityIdOf(id))
          if (!before || before.status === 'DELETED') throw missing('targeting template', id)
          const { settings: old } = templateOf(before)
          const settings: TemplateSettings = {
            ...old,
            ...(operation_type === 'REMOVE' && { status: 'DELETED' }),
            ...(operation_type === 'UPDATE' &&
              targeting_attributes && { targeting_attributes: keptTargeting(targeting_attributes) }),
          }
          check(rules, settings)
          await store.update(tx, { ...before, ...columnsOf(settings), updated_at: clock.now() })
        }),
      ),

    async list({ adAccountId, search }, page) {
      const all = { adAccountId, statuses: ['ACTIVE'] }
      if (search === '') {
        const { items, next } = await store.list(all, page)
        return { items: items.map(templateOf), next }
      }
      // There are few enough to look at each.
      const everything = { ...page, size: limits.targetingTemplatesPerAdAccount }
      const found = (await store.list(all, everything)).items
        .map(templateOf)
        .filter(({ settings: { name } }) => name.toLowerCase().includes(search.toLowerCase()))
      const items = found.slice(0, page.size)
      const last = items.at(-1)
      return { items, next: found.length > page.size && last ? [last.row.id] : null }
    },
  }
}

/** Returns a targeting template as the API shows it. `withSizing`: with how many people it could reach. */
export function showTemplate({ row, settings }: TargetingTemplate, withSizing: boolean) {
  return {
    id: String(row.id),
    ad_account_id: String(row.ad_account_id),
    ...settings,
    placement_traffic_type: null,
    ...timesOf(row),
    sizing: withSizing ? { reach_estimate: reachEstimate(settings) } : null,
    valid: true,
  }
}

function reachEstimate(settings: TemplateSettings) {
  const reach = reachOf({
    targeting: settings.targeting_attributes,
    hasLookalikes: settings.auto_targeting_enabled,
    placement: settings.placement_group,
    keywords: settings.keywords as Required<Keyword>[],
  })
  return { estimate: roundly(reach), lower_bound: roundly(reach * 0.75), upper_bound: roundly(reach * 1.25) }
}

/** Runs `work`; what it refuses becomes a 400 with all reasons. */
async function orInvalid<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused) throw invalid(error.refusals.map(({ message }) => message).join(' '))
    throw error
  }
}

const newSettings = (given: NewTemplate): TemplateSettings => ({
  name: given.name,
  targeting_attributes: keptTargeting(given.targeting_attributes),
  auto_targeting_enabled: given.auto_targeting_enabled ?? true,
  keywords: given.keywords ?? [],
  placement_group: given.placement_group ?? 'ALL',
  tracking_urls: keptTrackingUrls(given.tracking_urls),
  status: 'ACTIVE',
})

const columnsOf = (settings: TemplateSettings) => ({ status: settings.status, data: JSON.stringify(settings) })

const templateOf = (row: AdEntityColumns): TargetingTemplate => ({ row, settings: JSON.parse(row.data) })
