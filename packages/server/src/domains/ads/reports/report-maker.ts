import { entityStatuses, type ReportColumn, reportColumns } from '@pinfold/contract'
import type { Clock } from '../../../core/clock.ts'
import type { AdCounter } from '../../../db/ad-counters.ts'
import type { Database } from '../../../db/database.ts'
import type { AdEntityColumns } from '../../../db/schema.ts'
import type { AdvertisedPins } from '../advertised-pins.ts'
import { type EntityRow, entityFieldsOf, type Fields, type Level } from '../numbers/entity-fields.ts'
import { periodOf } from '../numbers/range.ts'
import { countersFor, type ReportRow, reportRows, type Subject } from '../numbers/report-rows.ts'
import { type AdSums, type AdSumsBy, adNumbersStore, type TimeRange } from '../store/ad-numbers.ts'
import { type EntityStore, entityStore } from '../store/entities.ts'
import { narrowing } from './narrowing.ts'
import type { CountedLevel, MetricsNarrowing, ReportSpec } from './report-spec.ts'
import { type KeyedRow, reportTable } from './report-table.ts'
import { campaignIdOf, surroundingsIn } from './surroundings.ts'

export interface ReportMakerOptions {
  db: Database
  clock: Clock
  pins: Pick<AdvertisedPins, 'existing'>
  /** Returns the error for a report that cannot be made. */
  refused: (why: string) => Error
}

/** The levels from the general to the detail: their things, and the column that names these. */
const levels: Record<CountedLevel, { kind?: Level; label: string }> = {
  ADVERTISER: { label: 'ADVERTISER_ID' },
  CAMPAIGN: { kind: 'campaign', label: 'CAMPAIGN_ID' },
  AD_GROUP: { kind: 'ad_group', label: 'AD_GROUP_ID' },
  PIN_PROMOTION: { kind: 'ad', label: 'PIN_PROMOTION_ID' },
}

/** As many things are read at a time, … */
const pageSize = 250
/** … as many sums, … */
const sumsAtOnce = 1500
/** … and as many values are written. */
const valuesAtOnce = 3000
/** A row takes as long as this many values, beside those that it has. */
const labelled = 15
/** The numbers of at most this many things go into a report. */
export const mostReportedThings = 200_000

/** Makes what writes reports: from what is counted alone, and in pieces, however much there is of it. */
export function reportMaker({ db, clock, pins, refused }: ReportMakerOptions) {
  const numbers = adNumbersStore(db)
  const fields = entityFieldsOf(db)
  const surroundings = surroundingsIn(db, pins)
  const narrow = narrowing(db, surroundings)
  const stores = {
    campaign: entityStore(db, 'campaigns') as EntityStore<AdEntityColumns>,
    ad_group: entityStore(db, 'ad_groups') as EntityStore<AdEntityColumns>,
    ad: entityStore(db, 'ads') as unknown as EntityStore<AdEntityColumns>,
  }

  /** Yields what rows are about, with the id under which its numbers are: some of both at a time. */
  async function* things(
    spec: ReportSpec & { level: CountedLevel },
    adAccountId: number,
  ): AsyncGenerator<(readonly [id: number, counted: number])[]> {
    const level = lowestLevel(spec)
    if (level === undefined) return yield [[adAccountId, adAccountId]]
    const ids = { campaign: spec.campaign.ids, ad_group: spec.adGroup.ids, ad: spec.ad.ids }[level]
    const filter = { adAccountId, statuses: entityStatuses, among: ids && ({ column: 'id', ids } as const) }
    let after: readonly [number] | undefined
    do {
      const page = await stores[level].list(filter, { after, order: 'ASCENDING', size: pageSize })
      const rows = await narrow(spec, { adAccountId, level, rows: page.items, now: clock.now() })
      yield rows.map((row) => [reportedIdOf(spec.level, row, level), row.id] as const)
      after = page.next ?? undefined
    } while (after)
  }

  /** Returns what rows are about, with the fields that the columns tell. */
  async function subjectsOf(
    level: CountedLevel,
    { adAccountId, ids, columns }: { adAccountId: number; ids: readonly number[]; columns: readonly ReportColumn[] },
  ): Promise<Subject[]> {
    const { kind, label } = levels[level]
    if (!kind) {
      const fieldsOf = await fields.fieldsOf(adAccountId, undefined, [], columns)
      return [{ label: [label, String(adAccountId)], ids: [adAccountId], fields: fieldsOf(undefined) }]
    }
    const rows = await fields.rowsOf(adAccountId, kind, ids)
    const fieldsOf = await fields.fieldsOf(adAccountId, kind, rows, columns)
    const around = columns.some(tellsStatus)
      ? await surroundings({ adAccountId, level: kind, rows, now: clock.now() })
      : undefined
    return rows.map((row) => {
      const known = fieldsOf(row)
      const field: Fields = (entity, name) =>
        name === 'summary_status' ? around?.statusOf(row, entity) : known(entity, name)
      return { label: [label, String(row.id)], ids: [row.id], fields: field }
    })
  }

  /** Yields the rows of a report in their order: some at a time, or none. */
  async function* rowsOf(
    spec: ReportSpec & { level: CountedLevel },
    adAccountId: number,
    { columns, counters }: { columns: readonly ReportColumn[]; counters: readonly AdCounter[] },
  ): AsyncGenerator<KeyedRow[]> {
    const { label } = levels[spec.level]
    /** What is counted, by what it is reported as. */
    const counted = new Map<number, number[]>()
    let count = 0
    for await (const some of things(spec, adAccountId)) {
      for (const [id, of] of some) {
        const known = counted.get(id)
        if (known) known.push(of)
        else counted.set(id, [of])
      }
      count += some.length
      if (count > mostReportedThings) throw refused(`It is of more than ${mostReportedThings} things.`)
      yield []
    }
    const ids = [...counted.keys()].toSorted((a, b) => a - b)
    const by = sumsBy(spec)
    for (const range of rangesOf(spec)) {
      const most = Math.max(1, Math.floor(sumsAtOnce / (range.last - range.first + 1) / 2))
      for (const some of inPortions(ids, most, (id) => counted.get(id)?.length ?? 0)) {
        const reportedAs = new Map(some.flatMap((id) => (counted.get(id) ?? []).map((of) => [of, id] as const)))
        const sums = new Map<string, AdSums>()
        for (const portion of inPortions([...reportedAs.keys()], most)) {
          for (const sum of await numbers.sums(portion, by, range, counters))
            addTo(sums, { ...sum, entity_id: reportedAs.get(sum.entity_id) ?? 0 })
          yield []
        }
        const there = new Set(sums.values().map(({ entity_id }) => entity_id))
        const reported = some.filter((id) => there.has(id))
        const subjects = await subjectsOf(spec.level, { adAccountId, ids: reported, columns })
        let [piece, looked]: [KeyedRow[], number] = [[], 0]
        for (const row of reportRows(subjects, [...sums.values()], { columns, granularity: spec.granularity })) {
          if (passes(spec.metrics, row)) piece.push({ key: String(spec.isByDate ? row.DATE : row[label]), row })
          looked += columns.length + labelled
          if (looked < valuesAtOnce) continue
          yield piece
          ;[piece, looked] = [[], 0]
        }
        yield piece
      }
    }
  }

  return async function* (spec: ReportSpec, adAccountId: number): AsyncGenerator<string> {
    const { level, format, granularity, metrics } = spec
    const known = reportColumns()
    const shown = spec.columns.flatMap((name) => known.get(name) ?? [])
    const columns = [...new Set([...shown, ...metrics.flatMap(({ field }) => known.get(field) ?? [])])]
    const counters = countersFor(columns)
    const rows =
      level === null || counters === undefined ? none() : rowsOf({ ...spec, level }, adAccountId, { columns, counters })
    const labels = [...(level ? [levels[level].label] : []), ...(granularity === 'TOTAL' ? [] : ['DATE'])]
    yield* reportTable(rows, { format, labels, columns: shown })
  }
}

async function* none(): AsyncGenerator<never> {}

const tellsStatus = ({ source }: ReportColumn) => 'entity' in source && source.field === 'summary_status'

/** Returns the level whose numbers are added up; undefined: the ad account's own. */
function lowestLevel({ level, campaign, adGroup, ad }: ReportSpec & { level: CountedLevel }): Level | undefined {
  const narrows = (by: object) => Object.keys(by).length > 0
  if (level === 'PIN_PROMOTION' || narrows(ad)) return 'ad'
  if (level === 'AD_GROUP' || narrows(adGroup)) return 'ad_group'
  return level === 'CAMPAIGN' || narrows(campaign) ? 'campaign' : undefined
}

/** Returns the id of what something is reported as. */
function reportedIdOf(level: CountedLevel, row: EntityRow, at: Level): number {
  if (level === 'ADVERTISER') return row.ad_account_id
  if (level === 'CAMPAIGN') return campaignIdOf(at, row)
  return level === 'AD_GROUP' && at === 'ad' ? row.parent_id : row.id
}

function sumsBy({ granularity }: ReportSpec): AdSumsBy {
  if (granularity === 'TOTAL') return 'total'
  return granularity === 'HOUR' ? 'hour' : 'day'
}

/** Returns the times whose rows come one after the other: all of them, or one by one. */
function rangesOf({ range, granularity, isByDate }: ReportSpec): TimeRange[] {
  if (!isByDate) return [range]
  const times = Array.from({ length: range.last - range.first + 1 }, (_, i) => range.first + i)
  const periods = Map.groupBy(times, (time) => periodOf(time, granularity))
  return [...periods.values()].map((some) => ({ first: some[0] ?? 0, last: some.at(-1) ?? 0 }))
}

/** Yields some of the items at a time: of as much weight together as there may be, or one. */
function* inPortions<T>(items: readonly T[], most: number, weightOf: (item: T) => number = () => 1): Generator<T[]> {
  let [portion, weight]: [T[], number] = [[], 0]
  for (const item of items) {
    const more = weightOf(item)
    if (portion.length > 0 && weight + more > most) {
      yield portion
      ;[portion, weight] = [[], 0]
    }
    portion.push(item)
    weight += more
  }
  if (portion.length > 0) yield portion
}

function addTo(sums: Map<string, AdSums>, more: AdSums): void {
  const key = `${more.entity_id} ${more.side} ${more.time ?? ''}`
  const known = sums.get(key)
  if (!known) return void sums.set(key, more)
  const { entity_id: _, side: __, time: ___, ...counts } = more
  for (const [counter, value] of Object.entries(counts) as [AdCounter, number][])
    known[counter] = (known[counter] ?? 0) + value
}

const passes = (metrics: readonly MetricsNarrowing[], row: ReportRow): boolean =>
  metrics.every(({ field, operator, values }) => {
    const number = Number(row[field] ?? 0)
    return values.every((value) => (operator === 'LESS_THAN' ? number < value : number > value))
  })
