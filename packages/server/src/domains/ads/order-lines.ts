import type { OrderLinePaidType, OrderLineStatus } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { OrderedPageRequest, Page } from '../../core/page.ts'
import type { Database } from '../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import { refused } from './batch.ts'
import { entityIdOf, missing, tooMany } from './entities.ts'
import { countStore } from './store/counts.ts'
import { entityStore } from './store/entities.ts'

/** An order line to make. */
export interface NewOrderLine {
  /** What people call it. */
  name: string
  /** ACTIVE if not given. */
  status?: OrderLineStatus
  /** What may be spent, in millionths of the ad account's currency. */
  budget?: number
  /** What is paid of that, in the same unit. */
  paid_budget?: number
  /** How it is paid. */
  paid_type?: OrderLinePaidType
  /** The order that it is of. */
  purchase_order_id?: string
  /** In Unix seconds; now if not given. */
  start_time?: number
  /** In Unix seconds; without end if not given. */
  end_time?: number
}

/** What is kept of an order line, under the names of the API. */
interface OrderLineSettings {
  name: string
  budget: number | null
  paid_budget: number | null
  paid_type: OrderLinePaidType | null
  purchase_order_id: string | null
  start_time: number
  end_time: number | null
  /** The campaigns that it pays for. */
  campaign_ids: string[]
}

/** An order line: its row, and what is kept of it. */
export interface OrderLine {
  /** Its row, whose `data` has the settings. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: OrderLineSettings
}

/** Order lines: what campaigns may spend of an order. */
export interface OrderLines {
  /** Makes an order line. Throws a 400 when there are too many, or when it ends before it begins. */
  add(account: Pick<AdAccountRow, 'id'>, given: NewOrderLine): Promise<OrderLine>
  /** Returns an order line. Throws `adEntityNotFound`. */
  find(account: Pick<AdAccountRow, 'id'>, id: string): Promise<OrderLine>
  /** Returns a page of those that were not deleted, by id. */
  list(adAccountId: number, page: OrderedPageRequest<readonly [number]>): Promise<Page<OrderLine, readonly [number]>>
}

/** The order line that pays for a campaign. */
interface Payer {
  campaignId: number
  /** Which one it was; null: none. */
  before: string | null
  /** Which one it becomes; null: none. */
  after: string | null
}

/** Makes the order lines over `db`. */
export function orderLinesOf({ db, clock, ids }: { db: Database; clock: Clock; ids: IdMaker }): OrderLines {
  const store = entityStore(db, 'order_lines')
  const counts = countStore(db)

  return {
    add: (account, { status = 'ACTIVE', ...given }) =>
      db.write(async (tx) => {
        const now = clock.now()
        const none = { budget: null, paid_budget: null, paid_type: null, purchase_order_id: null, end_time: null }
        const settings = { ...none, start_time: Math.floor(now / 1000), campaign_ids: [], ...given }
        if (settings.end_time !== null && settings.end_time <= settings.start_time)
          throw invalid(`'end_time' must be after 'start_time'.`)
        const most = limits.orderLinesPerAdAccount
        if (!(await counts.add(tx, { ownerId: account.id, kind: 'order_lines', most })))
          throw invalid(`An ad account has ${most} order lines at most.`)
        const made = { ad_account_id: account.id, parent_id: account.id, created_at: now, updated_at: now }
        const row = { id: ids.next(), status, data: JSON.stringify(settings), ...made }
        await store.insert(tx, row)
        return { row, settings }
      }),

    async find(account, id) {
      const row = await store.byId(account.id, entityIdOf(id))
      if (!row) throw missing('order line', id)
      return orderLineOf(row)
    },

    async list(adAccountId, page) {
      const { items, next } = await store.list({ adAccountId, statuses: ['ACTIVE', 'PAUSED'] }, page)
      return { items: items.map(orderLineOf), next }
    },
  }
}

/**
 * Returns what checks, in the transaction that writes a campaign, which order line is to pay for it, and returns what writes
 * that down once nothing else can refuse the campaign. Throws `Refused`.
 */
export function payerOfCampaigns(db: Database) {
  const store = entityStore(db, 'order_lines')

  return async (tx: Transaction<Schema>, account: Pick<AdAccountRow, 'id'>, { campaignId, before, after }: Payer) => {
    if (before === after) return async () => {}
    const named = [before, after].filter((id) => id !== null).map(entityIdOf)
    const lines = new Map<number, OrderLine>()
    // In one order, so that no two wait for each other.
    for (const id of named.sort((a, b) => a - b)) {
      const row = await store.lock(tx, account.id, id)
      if (row) lines.set(id, orderLineOf(row))
    }
    const lineOf = (id: string | null) => (id === null ? undefined : lines.get(entityIdOf(id)))
    const [left, entered] = [lineOf(before), lineOf(after)]
    if (after !== null && !entered) throw refused(`There is no order line ${after} in this ad account.`)
    const most = limits.campaignsPerOrderLine
    if (entered && entered.settings.campaign_ids.length >= most) throw tooMany(most, 'campaigns', 'An order line')
    const write = (line: OrderLine | undefined, change: (campaignIds: string[]) => string[]) =>
      line && store.update(tx, { ...line.row, ...dataOf(line, change(line.settings.campaign_ids)) })
    return async () => {
      await write(left, (those) => those.filter((id) => id !== String(campaignId)))
      await write(entered, (those) => [...those, String(campaignId)])
    }
  }
}

/** Returns what takes campaigns that are deleted, in the same transaction, from the order lines that paid for them. */
export function leavingOrderLines(db: Database) {
  const store = entityStore(db, 'order_lines')

  return async (tx: Transaction<Schema>, adAccountId: number, campaigns: readonly AdEntityColumns[]) => {
    const payers = new Set(campaigns.map(({ data }) => entityIdOf(JSON.parse(data).order_line_id ?? '')))
    const gone = new Set(campaigns.map(({ id }) => String(id)))
    for (const id of [...payers].filter((payer) => payer > 0).sort((a, b) => a - b)) {
      const row = await store.lock(tx, adAccountId, id)
      if (!row) continue
      const line = orderLineOf(row)
      const left = line.settings.campaign_ids.filter((each) => !gone.has(each))
      await store.update(tx, { ...row, ...dataOf(line, left) })
    }
  }
}

const dataOf = ({ settings }: OrderLine, campaign_ids: string[]) => ({
  data: JSON.stringify({ ...settings, campaign_ids }),
})

/** Returns an order line as the API shows it. */
export const showOrderLine = ({ row, settings }: OrderLine) => ({
  id: String(row.id),
  ad_account_id: String(row.ad_account_id),
  status: row.status as OrderLineStatus,
  type: 'orderline',
  ...settings,
})

const orderLineOf = (row: AdEntityColumns): OrderLine => ({ row, settings: JSON.parse(row.data) })
