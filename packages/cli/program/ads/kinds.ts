import type { PinterestClient } from '@pinfold/client'
import { type Operation, operations } from '@pinfold/contract'

type EntityStatus = 'ACTIVE' | 'PAUSED' | 'ARCHIVED' | 'DRAFT'
/** What is printed of something in an ad account. */
export interface Listed {
  id?: string
  name?: string | null
  status?: string
  summary_status?: string
  created_time?: number
}
/** What became of an item: what it made, or why it was refused. */
export interface Outcome {
  data?: { id?: string }
  reasons: string[]
}

interface ListQuery {
  page_size?: number
  entity_statuses?: EntityStatus[]
}

interface BatchItem {
  data?: { id?: string }
  exceptions?: { code?: number; message?: string } | { code?: number; message?: string }[]
}

/** A kind of thing that the commands list, pause and resume. */
export interface Kind {
  /** What one is called. */
  one: string
  /** What several are called. */
  many: string
  list(client: PinterestClient, adAccount: string, query: ListQuery): AsyncIterable<Listed>
  /** Returns those of these that there are, whatever their status. */
  byIds(client: PinterestClient, adAccount: string, ids: string[]): AsyncIterable<Listed>
  /** Changes the status of up to 30. */
  setStatus(client: PinterestClient, adAccount: string, ids: string[], status: 'ACTIVE' | 'PAUSED'): Promise<Outcome[]>
}

const any: EntityStatus[] = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DRAFT']

const withStatus = (ids: readonly string[], status: EntityStatus) => ids.map((id) => ({ id, status }))

/** The kinds, in the order in which one is in the other. */
export const kinds: readonly Kind[] = [
  {
    ...{ one: 'campaign', many: 'campaigns' },
    list: (client, adAccount, query) => client.campaigns.list(adAccount, query),
    byIds: (client, adAccount, ids) =>
      client.campaigns.list(adAccount, { campaign_ids: ids, entity_statuses: any, page_size: 250 }),
    setStatus: async (client, adAccount, ids, status) =>
      outcomesOf(await client.campaigns.update(adAccount, withStatus(ids, status))),
  },
  {
    ...{ one: 'ad group', many: 'ad-groups' },
    list: (client, adAccount, query) => client.adGroups.list(adAccount, query),
    byIds: (client, adAccount, ids) =>
      client.adGroups.list(adAccount, { ad_group_ids: ids, entity_statuses: any, page_size: 250 }),
    setStatus: async (client, adAccount, ids, status) =>
      outcomesOf(await client.adGroups.update(adAccount, withStatus(ids, status))),
  },
  {
    ...{ one: 'ad', many: 'ads' },
    list: (client, adAccount, query) => client.ads.list(adAccount, query),
    byIds: (client, adAccount, ids) =>
      client.ads.list(adAccount, { ad_ids: ids, entity_statuses: any, page_size: 250 }),
    setStatus: async (client, adAccount, ids, status) =>
      outcomesOf(await client.ads.update(adAccount, withStatus(ids, status))),
  },
]

/** How things of a kind are made. */
export interface Maker {
  /** The schema of one. */
  schema: object
  /** Makes up to 30. */
  create(client: PinterestClient, adAccount: string, items: unknown[]): Promise<Outcome[]>
}

/** Returns the schema of the items that an operation makes. */
function itemOf(id: string): object {
  const found = (operations as readonly Operation[]).find((op) => op.id === id)
  const schema = found?.body?.schema as { items?: object } | undefined
  if (!schema?.items) throw new Error(`${id} makes no list of items.`)
  return schema.items
}

/** What a file can make, by what its lines have as `kind`. */
export const makers: Readonly<Record<string, Maker>> = {
  campaign: {
    schema: itemOf('campaigns/create'),
    create: async (client, adAccount, items) => outcomesOf(await client.campaigns.create(adAccount, items as never)),
  },
  ad_group: {
    schema: itemOf('ad_groups/create'),
    create: async (client, adAccount, items) => outcomesOf(await client.adGroups.create(adAccount, items as never)),
  },
  ad: {
    schema: itemOf('ads/create'),
    create: async (client, adAccount, items) => outcomesOf(await client.ads.create(adAccount, items as never)),
  },
  promotion: {
    schema: itemOf('promotions/create'),
    create: async (client, adAccount, items) => {
      const { promotions = [] } = await client.promotions.create(adAccount, items as never)
      return promotions.map(({ data, exception }) => outcomeOf({ ...(data && { data }), exceptions: exception ?? [] }))
    },
  },
}

const outcomesOf = ({ items = [] }: { items?: readonly BatchItem[] }): Outcome[] => items.map(outcomeOf)

function outcomeOf({ data, exceptions = [] }: BatchItem): Outcome {
  return { ...(data && { data }), reasons: [exceptions].flat().map(({ code, message }) => `${message} (code ${code})`) }
}

/** The most ids that a list is narrowed to. */
const mostIds = 250

/** Returns of what kind each of these is. Those that there are not are missing. */
export async function kindsOf(client: PinterestClient, adAccount: string, ids: readonly string[]) {
  const found = new Map<string, Kind>()
  for (const kind of kinds) {
    const left = ids.filter((id) => !found.has(id))
    for (let start = 0; start < left.length; start += mostIds)
      for await (const { id } of kind.byIds(client, adAccount, left.slice(start, start + mostIds)))
        if (id !== undefined) found.set(id, kind)
  }
  return found
}
