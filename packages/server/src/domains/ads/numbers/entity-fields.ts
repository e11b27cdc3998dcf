import type { ReportColumn, ReportedEntity } from '@pinfold/contract'
import type { Database } from '../../../db/database.ts'
import type { AdEntityColumns } from '../../../db/schema.ts'
import { entityIdOf } from '../entities.ts'
import type { ColumnValue } from '../metrics/column-value.ts'
import { type EntityStore, entityStore } from '../store/entities.ts'

/** What rows of analytics are about. */
export type Level = 'campaign' | 'ad_group' | 'ad'
/** A row of a table, and for ads the campaign and the Pin. */
export type EntityRow = AdEntityColumns & { campaign_id?: number; pin_id?: number }
/** Tells the fields of one thing and of what it is in. */
export type Fields = (entity: ReportedEntity, name: string) => ColumnValue | undefined

/** What is in ad accounts, and what rows tell of it. */
export interface EntityFields {
  /** Returns those of these ids that the ad account has, in their order. */
  rowsOf(adAccountId: number, level: Level, ids: readonly number[]): Promise<EntityRow[]>
  /** Returns what tells the fields of each, as far as the columns need them. */
  fieldsOf(
    adAccountId: number,
    level: Level | undefined,
    rows: readonly EntityRow[],
    columns: readonly ReportColumn[],
  ): Promise<(row: EntityRow | undefined) => Fields>
}

/** Makes the fields over `db`. */
export function entityFieldsOf(db: Database): EntityFields {
  const stores = {
    campaign: entityStore(db, 'campaigns') as EntityStore<AdEntityColumns>,
    ad_group: entityStore(db, 'ad_groups') as EntityStore<AdEntityColumns>,
    ad: entityStore(db, 'ads') as unknown as EntityStore<AdEntityColumns>,
    order_line: entityStore(db, 'order_lines') as EntityStore<AdEntityColumns>,
  }
  type Found = Map<number, EntityRow>
  const read = (adAccountId: number, kind: keyof typeof stores, ids: readonly number[]): Promise<Found> =>
    stores[kind].byIds(adAccountId, ids)

  return {
    async rowsOf(adAccountId, level, ids) {
      const found = await read(adAccountId, level, ids)
      return [...new Set(ids)].flatMap((id) => found.get(id) ?? [])
    },

    async fieldsOf(adAccountId, level, rows, columns) {
      const needed = new Set(columns.flatMap(({ source }) => ('entity' in source ? source.entity : [])))
      const groups: Found =
        level === 'ad' && needed.has('ad_group')
          ? await read(
              adAccountId,
              'ad_group',
              rows.map((row) => row.parent_id),
            )
          : new Map()
      const campaignOf = (row: EntityRow) => (level === 'ad' ? (row.campaign_id ?? 0) : row.parent_id)
      const campaigns: Found =
        level === 'campaign'
          ? new Map(rows.map((row) => [row.id, row]))
          : needed.has('campaign') || needed.has('order_line')
            ? await read(adAccountId, 'campaign', rows.map(campaignOf))
            : new Map()
      const lineOf = (campaign: EntityRow | undefined) => entityIdOf(String(dataOf(campaign).order_line_id ?? ''))
      const lines: Found = needed.has('order_line')
        ? await read(adAccountId, 'order_line', [...campaigns.values()].map(lineOf))
        : new Map()
      const parts = (row: EntityRow | undefined): Partial<Record<ReportedEntity, EntityRow | undefined>> => {
        if (!row) return {}
        const campaign = level === 'campaign' ? row : campaigns.get(campaignOf(row))
        return {
          ...{ campaign, order_line: lines.get(lineOf(campaign)) },
          ad_group: level === 'ad_group' ? row : groups.get(row.parent_id),
          ad: level === 'ad' ? row : undefined,
        }
      }
      return (row) => {
        const known = parts(row)
        return (entity, name) => {
          if (entity === 'ad_account') return name === 'id' ? String(adAccountId) : undefined
          return fieldOf(known[entity], name)
        }
      }
    },
  }
}

function fieldOf(row: EntityRow | undefined, name: string): ColumnValue | undefined {
  if (!row) return undefined
  if (name === 'id') return String(row.id)
  if (name === 'status') return row.status
  if (name === 'pin_id') return row.pin_id === undefined ? undefined : String(row.pin_id)
  const value = dataOf(row)[name]
  return ['string', 'number', 'boolean'].includes(typeof value) ? (value as ColumnValue) : undefined
}

const parsed = new WeakMap<EntityRow, Record<string, unknown>>()

function dataOf(row: EntityRow | undefined): Record<string, unknown> {
  if (!row) return {}
  const known = parsed.get(row) ?? (JSON.parse(row.data) as Record<string, unknown>)
  parsed.set(row, known)
  return known
}
