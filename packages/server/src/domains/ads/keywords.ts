import { type KeywordParent, type MatchType, matchTypes, type OperationInput, type resources } from '@pinfold/contract'
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
import { entityIdOf, tooMany } from './entities.ts'
import { oncePerTransaction } from './once-per-transaction.ts'
import { check, type Rules } from './rules.ts'
import { countStore } from './store/counts.ts'
import { type EntityFilter, entityStore } from './store/entities.ts'

type NewKeywords = OperationInput<typeof resources.keywords.create>['body']
type KeywordChange = NonNullable<OperationInput<typeof resources.keywords.update>['body']['keywords']>[number]
type ListQuery = OperationInput<typeof resources.keywords.list>['query']
type Tx = Transaction<Schema>

/** What is kept of a keyword, under the names of the API. */
export interface KeywordSettings {
  value: string
  match_type: MatchType
  parent_type: KeywordParent
}

/** A keyword: its row, and what is kept of it. */
export interface Keyword {
  /** Its row, whose status is its match type, or ARCHIVED. */
  row: AdEntityColumns
  /** What is kept of it. */
  settings: KeywordSettings
}

/** Words of searches, for which ads are shown or not shown. */
export interface Keywords {
  /** Makes keywords, each for itself. */
  create(account: AdAccountRow, given: NewKeywords, written?: Written<Outcome<Keyword>[]>): Promise<Outcome<Keyword>[]>
  /** Changes keywords, each for itself. */
  update(account: AdAccountRow, changes: readonly KeywordChange[]): Promise<Outcome<Keyword>[]>
  /** Returns a page of keywords, by id. */
  list(filter: EntityFilter, page: OrderedPageRequest<readonly [number]>): Promise<Page<Keyword, readonly [number]>>
}

export interface KeywordsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
}

/** A keyword as it is sent, with what it is to be for. */
interface Draft {
  value: string
  match_type: MatchType | null
  parent_type: KeywordParent
}

const rules: Rules<Draft> = [
  {
    broken: ({ value }) => !/\S/.test(value) || [...value].length > 120,
    message: `'value' must have 1 to 120 characters, and not only blanks.`,
  },
  {
    broken: ({ match_type }) => match_type === null,
    message: `'match_type' must be one of ${matchTypes.join(', ')}.`,
  },
  {
    broken: ({ match_type, parent_type }) =>
      parent_type !== 'AD_GROUP' && match_type !== null && !match_type.endsWith('_NEGATIVE'),
    message: `Ad accounts and campaigns take negative keywords only: 'match_type' may be EXACT_NEGATIVE or PHRASE_NEGATIVE.`,
  },
]

/** Makes the keywords over `db`. */
export function keywordsOf({ db, clock, ids }: KeywordsOptions): Keywords {
  const store = entityStore(db, 'keywords')
  const parents = { CAMPAIGN: entityStore(db, 'campaigns'), AD_GROUP: entityStore(db, 'ad_groups') } as const
  const counts = countStore(db)

  /** Returns what an id names that keywords can be for, and locks it. Throws `Refused`. */
  async function lockParent(tx: Tx, account: AdAccountRow, text: string): Promise<{ id: number; type: KeywordParent }> {
    const id = entityIdOf(text)
    if (id === account.id) return { id, type: 'ADVERTISER' }
    for (const type of ['AD_GROUP', 'CAMPAIGN'] as const)
      if (await parents[type].lock(tx, account.id, id)) return { id, type }
    throw refused(`'parent_id': there is no ad group or campaign ${text} in this ad account.`)
  }

  return {
    create(account, { parent_id, keywords }, written) {
      const parentOf = oncePerTransaction((tx) => lockParent(tx, account, parent_id))
      return batch(
        db,
        keywords,
        async (tx, { value, match_type }) => {
          const parent = await parentOf(tx)
          const settings = settingsOf({ value, match_type, parent_type: parent.type })
          const most = limits.keywordsPerAdAccount
          if (!(await counts.add(tx, { ownerId: account.id, kind: 'keywords', most }))) throw tooMany(most, 'keywords')
          const now = clock.now()
          const row = {
            ...{ id: ids.next(), ad_account_id: account.id, parent_id: parent.id, status: settings.match_type },
            ...{ created_at: now, updated_at: now, data: JSON.stringify(settings) },
          }
          await store.insert(tx, row)
          return { row, settings }
        },
        written,
      )
    },

    update: (account, changes) =>
      batch(db, changes, async (tx, { id, archived }) => {
        const before = await store.lock(tx, account.id, entityIdOf(id))
        if (!before) throw refused(`There is no keyword ${id} in this ad account.`)
        const { settings } = keywordOf(before)
        if (archived === undefined) return { row: before, settings }
        const row = { ...before, status: archived ? 'ARCHIVED' : settings.match_type, updated_at: clock.now() }
        await store.update(tx, row)
        return { row, settings }
      }),

    async list(filter, page) {
      const { items, next } = await store.list(filter, page)
      return { items: items.map(keywordOf), next }
    },
  }
}

/** Returns which keywords a list has. Throws a 400 for two kinds of ids. */
export function keywordFilter(adAccountId: number, query: ListQuery): EntityFilter {
  const { campaign_id, ad_group_id, ad_group_ids, match_types = matchTypes } = query
  const kinds = [campaign_id && [campaign_id], ad_group_id && [ad_group_id], ad_group_ids].filter((ids) => !!ids)
  if (kinds.length > 1)
    throw invalid(`Send one of 'campaign_id', 'ad_group_id' and 'ad_group_ids', and leave the others out.`)
  const ids = kinds[0]?.map(entityIdOf) ?? [adAccountId]
  return { adAccountId, statuses: match_types, among: { column: 'parent_id', ids } }
}

/** Returns a keyword as the API shows it. */
export function showKeyword({ row, settings }: Keyword) {
  return {
    id: String(row.id),
    parent_id: String(row.parent_id),
    ...settings,
    archived: row.status === 'ARCHIVED',
    bid: null,
    type: 'KEYWORD',
  }
}

/** Returns what is kept of a keyword. Throws `Refused`. */
function settingsOf(draft: Draft): KeywordSettings {
  check(rules, draft)
  return draft as KeywordSettings
}

const keywordOf = (row: AdEntityColumns): Keyword => ({ row, settings: JSON.parse(row.data) })
