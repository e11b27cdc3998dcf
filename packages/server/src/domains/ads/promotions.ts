import type { DiscountStatus, EntityStatus, OperationInput, resources } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { OrderedPageRequest, Page } from '../../core/page.ts'
import type { Database, Written } from '../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { batch, type Outcome, refused } from './batch.ts'
import { entityIdOf, missing, tooMany } from './entities.ts'
import { pick, said } from './given.ts'
import { check, type Rules } from './rules.ts'
import { checkTransition } from './status.ts'
import { countStore } from './store/counts.ts'
import { type EntityFilter, entityStore } from './store/entities.ts'

type NewPromotion = OperationInput<typeof resources.promotions.create>['body'][number]
type PromotionChange = OperationInput<typeof resources.promotions.update>['body'][number]
type TemplateValue = NonNullable<NewPromotion['template_values']>[number]

/** What is kept of a promotion, under the names of the API. */
export interface PromotionSettings {
  status: EntityStatus
  promotion_title: string
  promotion_type: NewPromotion['promotion_type']
  platform_type: string
  template_values: TemplateValue[]
  promotion_custom_id: string
  promotion_code?: string
  external_id?: string
  /** In Unix seconds. */
  start_time?: number
  end_time?: number
}

/** A promotion: its row, and what is kept of it. */
export interface Promotion {
  /** Its row, whose `data` has the settings. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: PromotionSettings
}

/** Promotions: discounts and other offers that ads can show. */
export interface Promotions {
  /** Makes promotions, each for itself. Throws a 400 for a platform that nothing comes from. */
  create(
    account: AdAccountRow,
    given: readonly NewPromotion[],
    written?: Written<Outcome<Promotion>[]>,
  ): Promise<Outcome<Promotion>[]>
  /** Changes promotions, each for itself. Throws a 400 for a platform that nothing comes from. */
  update(account: AdAccountRow, changes: readonly PromotionChange[]): Promise<Outcome<Promotion>[]>
  /** Returns a promotion. Throws `adEntityNotFound`. */
  find(account: Pick<AdAccountRow, 'id'>, id: string): Promise<Promotion>
  /** Returns a page of promotions, by id. */
  list(filter: EntityFilter, page: OrderedPageRequest<readonly [number]>): Promise<Page<Promotion, readonly [number]>>
  /** Deletes a promotion: ad groups name it no more. Throws `adEntityNotFound`. */
  delete(account: Pick<AdAccountRow, 'id'>, id: string): Promise<void>
}

const platforms = ['DEFAULT', 'SHOPIFY']

const rules: Rules<PromotionSettings> = [
  {
    broken: ({ promotion_title: title }) => !/\S/.test(title) || title.length > 255,
    message: `'promotion_title' must have 1 to 255 characters, and not only blanks.`,
  },
  {
    broken: ({ promotion_code: code = '' }) => code.length > 255,
    message: `'promotion_code' must have at most 255 characters.`,
  },
  {
    broken: ({ start_time: start = 0, end_time: end = 0 }) => start < 0 || end < 0,
    message: `'start_time' and 'end_time' are Unix seconds, and not negative.`,
  },
  {
    broken: ({ start_time: start, end_time: end }) => start !== undefined && end !== undefined && end <= start,
    message: `'end_time' must be after 'start_time'.`,
  },
  {
    broken: ({ template_values: values }) => values.some(({ percent = 0 }) => percent < 0 || percent > 100),
    message: `'percent' in 'template_values' must be from 0 to 100.`,
  },
  {
    broken: ({ template_values: values }) => values.some(({ amount = 0 }) => amount < 0),
    message: `'amount' in 'template_values' must not be negative.`,
  },
  {
    broken: ({ template_values: values }) => values.some(({ custom_text: words = '' }) => words.length > 255),
    message: `'custom_text' in 'template_values' must have at most 255 characters.`,
  },
]

/** Makes the promotions over `db`. */
export function promotionsOf({ db, clock, ids }: { db: Database; clock: Clock; ids: IdMaker }): Promotions {
  const store = entityStore(db, 'promotions')
  const counts = countStore(db)

  async function lock(tx: Transaction<Schema>, account: AdAccountRow, id: string): Promise<Promotion> {
    const row = await store.lock(tx, account.id, entityIdOf(id))
    if (!row) throw refused(`There is no promotion ${id} in this ad account.`)
    return promotionOf(row)
  }

  return {
    async create(account, given, written) {
      checkPlatforms(given)
      const one = async (tx: Transaction<Schema>, promotion: NewPromotion) => {
        const id = ids.next()
        const settings = newSettings(promotion, String(id))
        check(rules, settings)
        const most = limits.promotionsPerAdAccount
        if (!(await counts.add(tx, { ownerId: account.id, kind: 'promotions', most })))
          throw tooMany(most, 'promotions')
        const now = clock.now()
        const made = { ad_account_id: account.id, parent_id: account.id, created_at: now, updated_at: now }
        const row = { id, ...made, ...columnsOf(settings) }
        await store.insert(tx, row)
        return { row, settings }
      }
      return batch(db, given, one, written)
    },

    async update(account, changes) {
      checkPlatforms(changes)
      return batch(db, changes, async (tx, change) => {
        const before = await lock(tx, account, change.id)
        const settings = changedSettings(before.settings, change)
        checkTransition(before.settings.status, settings.status)
        check(rules, settings)
        const row = { ...before.row, ...columnsOf(settings), updated_at: clock.now() }
        await store.update(tx, row)
        return { row, settings }
      })
    },

    async find(account, id) {
      const row = await store.byId(account.id, entityIdOf(id))
      if (!row) throw missing('promotion', id)
      return promotionOf(row)
    },

    async list(filter, page) {
      const { items, next } = await store.list(filter, page)
      return { items: items.map(promotionOf), next }
    },

    delete: (account, id) =>
      db.write(async (tx) => {
        const row = await store.lock(tx, account.id, entityIdOf(id))
        if (!row) throw missing('promotion', id)
        await store.remove(tx, row.id)
        await counts.subtract(tx, { ownerId: account.id, kind: 'promotions', count: 1 })
      }),
  }
}

/** Returns a promotion as the API shows it. `now`: milliseconds. */
export function showPromotion({ row, settings }: Promotion, now: number) {
  return {
    id: String(row.id),
    ad_account_id: String(row.ad_account_id),
    ...settings,
    discount_status: discountStatus(settings, now),
  }
}

/** Returns what has become of a discount. `now`: milliseconds. */
function discountStatus({ status, start_time, end_time }: PromotionSettings, now: number): DiscountStatus {
  const seconds = now / 1000
  if (end_time !== undefined && end_time <= seconds) return 'EXPIRED'
  if (status === 'PAUSED') return 'PAUSED'
  if (status !== 'ACTIVE') return 'OTHER'
  return start_time !== undefined && start_time > seconds ? 'SCHEDULED' : 'ACTIVE'
}

const promotionOf = (row: AdEntityColumns): Promotion => ({ row, settings: JSON.parse(row.data) })

const columnsOf = (settings: PromotionSettings) => ({ status: settings.status, data: JSON.stringify(settings) })

/** Throws a 400 if one of these comes from an unknown platform: unlike other mistakes, that refuses all of them. */
function checkPlatforms(given: readonly { platform_type?: string | null }[]): void {
  const unknown = given.find(({ platform_type: platform }) => platform != null && !platforms.includes(platform))
  if (unknown)
    throw invalid(`Platform type not supported for promotions: 'platform_type' must be ${platforms.join(' or ')}.`)
}

/** What may be set as it is sent. */
const asSent = [
  ...(['promotion_title', 'promotion_type', 'platform_type', 'template_values', 'promotion_custom_id'] as const),
  ...(['promotion_code', 'external_id', 'start_time', 'end_time'] as const),
] as const

/** What null unsets. */
const unsettable = ['promotion_code', 'external_id', 'start_time', 'end_time'] as const

function newSettings(given: NewPromotion, id: string): PromotionSettings {
  return {
    ...{ status: 'ACTIVE', platform_type: 'DEFAULT', template_values: [], promotion_custom_id: id },
    ...pick(said(given), asSent),
  } as PromotionSettings
}

function changedSettings(before: PromotionSettings, change: PromotionChange): PromotionSettings {
  const kept = { ...before, ...pick(said(change), [...asSent, 'status'] as const) } as PromotionSettings
  for (const name of unsettable) if (change[name] === null) delete kept[name]
  if (change.template_values === null) kept.template_values = []
  return kept
}
