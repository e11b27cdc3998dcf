import {
  type LabelStatus,
  type LabelType,
  labelTypes,
  mostLabelsOnCampaign,
  type OperationInput,
  type resources,
} from '@pinfold/contract'
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
import { oncePerTransaction } from './once-per-transaction.ts'
import { check, type Rules } from './rules.ts'
import { countStore } from './store/counts.ts'
import { type EntityFilter, entityStore } from './store/entities.ts'
import { labelEntityStore } from './store/label-entities.ts'

type NewLabel = OperationInput<typeof resources.labels.create>['body']['labels'][number]
type LabelChange = OperationInput<typeof resources.labels.update>['body']['labels'][number]
type ListQuery = OperationInput<typeof resources.labels.list>['query']

/** What is kept of a label, under the names of the API. */
export interface LabelSettings {
  label_type: LabelType
  value: string
  status: LabelStatus
}

/** A label: its row, and what is kept of it. */
export interface Label {
  /** Its row, whose status is that of the label and its type, such as `ACTIVE BRAND`. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: LabelSettings
}

/** A campaign on which a label is, or is no more. */
export interface LabelledCampaign {
  /** The campaign. */
  campaignId: number
  /** The label. */
  labelId: number
}

/** Words by which campaigns are told apart. */
export interface Labels {
  /** Makes labels, each for itself. */
  create(
    account: AdAccountRow,
    given: readonly NewLabel[],
    written?: Written<Outcome<Label>[]>,
  ): Promise<Outcome<Label>[]>
  /** Changes labels, each for itself. */
  update(account: AdAccountRow, changes: readonly LabelChange[]): Promise<Outcome<Label>[]>
  /** Puts a label on campaigns, each for itself. Throws `adEntityNotFound`. */
  apply(
    account: AdAccountRow,
    labelId: string,
    campaigns: readonly string[],
    written?: Written<Outcome<LabelledCampaign>[]>,
  ): Promise<Outcome<LabelledCampaign>[]>
  /** Takes a label off campaigns, each for itself. Throws `adEntityNotFound`. */
  remove(
    account: AdAccountRow,
    labelId: string,
    campaigns: readonly string[],
    written?: Written<Outcome<LabelledCampaign>[]>,
  ): Promise<Outcome<LabelledCampaign>[]>
  /** Returns which labels a list has. Throws a 400 for two kinds of ids. */
  filter(adAccountId: number, query: ListQuery): Promise<EntityFilter>
  /** Returns a page of labels, by id. */
  list(filter: EntityFilter, page: OrderedPageRequest<readonly [number]>): Promise<Page<Label, readonly [number]>>
}

export interface LabelsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
}

const rules: Rules<Pick<NewLabel, 'label_type' | 'value'>> = [
  {
    broken: ({ value }) => !/\S/.test(value),
    message: `'value' must not be empty, nor have only blanks.`,
  },
  {
    broken: ({ label_type }) => label_type === null,
    message: `'label_type' must be one of ${labelTypes.join(', ')}.`,
  },
]

/** Makes the labels over `db`. */
export function labelsOf({ db, clock, ids }: LabelsOptions): Labels {
  const store = entityStore(db, 'ad_labels')
  const campaigns = entityStore(db, 'campaigns')
  const entities = labelEntityStore(db)
  const counts = countStore(db)

  /** Returns what finds a label of an ad account, and locks it. It throws `adEntityNotFound`. */
  const labelIn = (account: AdAccountRow, text: string) =>
    oncePerTransaction(async (tx) => {
      const row = await store.lock(tx, account.id, entityIdOf(text))
      if (!row) throw missing('label', text)
      return labelOf(row)
    })

  /** Locks a campaign of an ad account: who adds labels to it takes turns. Throws `Refused`. */
  async function lockCampaign(tx: Transaction<Schema>, account: AdAccountRow, text: string): Promise<number> {
    const campaign = await campaigns.lock(tx, account.id, entityIdOf(text))
    if (!campaign) throw refused(`There is no campaign ${text} in this ad account.`)
    return campaign.id
  }

  return {
    create: (account, given, written) =>
      batch(
        db,
        given,
        async (tx, { label_type, value }) => {
          check(rules, { label_type, value })
          const settings = { label_type: label_type as LabelType, value, status: 'ACTIVE' } as const
          const most = limits.labelsPerAdAccount
          if (!(await counts.add(tx, { ownerId: account.id, kind: 'ad_labels', most }))) throw tooMany(most, 'labels')
          const now = clock.now()
          const made = { ad_account_id: account.id, parent_id: account.id, created_at: now, updated_at: now }
          const row = { id: ids.next(), ...made, ...columnsOf(settings) }
          await store.insert(tx, row)
          return { row, settings }
        },
        written,
      ),

    update: (account, changes) =>
      batch(db, changes, async (tx, { id, status, value }) => {
        const before = await store.lock(tx, account.id, entityIdOf(id))
        if (!before) throw refused(`There is no label ${id} in this ad account.`)
        const { settings: old } = labelOf(before)
        const settings = { ...old, status: status ?? old.status, value: value ?? old.value }
        check(rules, settings)
        const row = { ...before, ...columnsOf(settings), updated_at: clock.now() }
        await store.update(tx, row)
        return { row, settings }
      }),

    apply(account, text, campaignIds, written) {
      const label = labelIn(account, text)
      return batch(
        db,
        campaignIds,
        async (tx, campaign) => {
          const { row, settings } = await label(tx)
          const { label_type: type, status } = settings
          const campaignId = await lockCampaign(tx, account, campaign)
          const there = await entities.on(tx, campaignId)
          if (there.some(({ label_id }) => label_id === row.id)) return { campaignId, labelId: row.id }
          if (status === 'ARCHIVED') throw refused(`The label ${text} is ARCHIVED: make it ACTIVE first.`)
          const most = mostLabelsOnCampaign[type]
          if (there.filter(({ label_type }) => label_type === type).length >= most)
            throw tooMany(most, `labels of the type ${type}`, 'A campaign')
          await entities.add(tx, { entity_id: campaignId, label_id: row.id, label_type: type })
          return { campaignId, labelId: row.id }
        },
        written,
      )
    },

    remove(account, text, campaignIds, written) {
      const label = labelIn(account, text)
      return batch(
        db,
        campaignIds,
        async (tx, campaign) => {
          const { row } = await label(tx)
          const campaignId = await lockCampaign(tx, account, campaign)
          await entities.remove(tx, { entity_id: campaignId, label_id: row.id })
          return { campaignId, labelId: row.id }
        },
        written,
      )
    },

    async filter(adAccountId, { campaign_ids, label_ids, entity_statuses = ['ACTIVE'], label_types = labelTypes }) {
      if (campaign_ids && label_ids)
        throw invalid(`Send one of 'campaign_ids' and 'label_ids', and leave the other out.`)
      const wanted = campaign_ids
        ? (await entities.labelsOn(campaign_ids.map(entityIdOf))).map(({ label_id }) => label_id)
        : label_ids?.map(entityIdOf)
      return {
        adAccountId,
        statuses: entity_statuses.flatMap((status) => label_types.map((type) => rowStatus(status, type))),
        among: wanted && { column: 'id', ids: wanted },
      }
    },

    async list(filter, page) {
      const { items, next } = await store.list(filter, page)
      return { items: items.map(labelOf), next }
    },
  }
}

/** Returns a label as the API shows it. */
export const showLabel = ({ row, settings }: Label) => ({ id: String(row.id), ...settings })

const rowStatus = (status: LabelStatus, type: LabelType) => `${status} ${type}`

const columnsOf = (settings: LabelSettings) => ({
  status: rowStatus(settings.status, settings.label_type),
  data: JSON.stringify(settings),
})

const labelOf = (row: AdEntityColumns): Label => ({ row, settings: JSON.parse(row.data) })
