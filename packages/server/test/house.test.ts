import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import {
  circles,
  exportedNames,
  facesOfDomains,
  foreignTables,
  importsBeyond,
  importsOf,
  importsUp,
  packageOutside,
  queriesOutside,
  reachedFromOutside,
  type Source,
  undocumented,
} from '@pinfold/test-support/house-rules'
import { describe, expect, test } from 'vitest'
import { migrationNames } from '../src/db/migrate.ts'
import type { Schema } from '../src/db/schema.ts'

const root = join(import.meta.dirname, '../../..')

/** Returns the TypeScript files in a folder, by paths below it. */
async function sourcesIn(folder: string): Promise<Source[]> {
  const cwd = join(root, folder)
  const paths = await Array.fromAsync(glob('**/*.ts', { cwd, exclude: ['**/node_modules/**', '**/*.d.ts'] }))
  return paths.map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(cwd, path), 'utf8') }))
}

const server = await sourcesIn('packages/server/src')

/** The rooms of the server, each with those that it may import from. */
const rooms: Record<string, readonly string[]> = {
  core: [],
  db: ['core'],
  storage: ['core'],
  domains: ['core', 'db', 'storage'],
  control: ['core', 'db', 'storage', 'domains'],
  http: ['core', 'db', 'storage', 'domains', 'control'],
  api: ['core', 'db', 'domains', 'control', 'http'],
  pages: ['core', 'storage', 'domains', 'http'],
  app: ['core', 'db', 'storage', 'domains', 'control', 'http', 'api', 'pages'],
}

/** The domain of each table: only its store may name it. */
const owners: Record<keyof Schema, string> = {
  meta: 'installation',
  accounts: 'accounts',
  sessions: 'accounts',
  ad_accounts: 'ad-accounts',
  ad_account_roles: 'ad-accounts',
  campaigns: 'ads',
  ad_groups: 'ads',
  ad_group_promotions: 'ads',
  ads: 'ads',
  keywords: 'ads',
  ad_labels: 'ads',
  ad_label_entities: 'ads',
  targeting_templates: 'ads',
  promotions: 'ads',
  ad_schedules: 'ads',
  order_lines: 'ads',
  ad_counts: 'ads',
  ad_days: 'ads',
  ad_hours: 'ads',
  campaign_ad_previews: 'ads',
  ad_group_title_uploads: 'ads',
  ad_group_titles: 'ads',
  jobs: 'jobs',
  job_parts: 'jobs',
  apps: 'oauth',
  authorization_codes: 'oauth',
  tokens: 'oauth',
  boards: 'boards',
  board_collaborators: 'boards',
  removals: 'boards',
  sections: 'boards',
  follows: 'follows',
  pictures: 'media',
  picture_sweeps: 'media',
  media: 'videos',
  idempotency_keys: 'idempotency',
  pin_days: 'analytics',
  pin_blocks: 'analytics',
  account_days: 'analytics',
  top_pins: 'analytics',
  event_keys_0: 'analytics',
  event_keys_1: 'analytics',
  event_key_batches_0: 'analytics',
  event_key_batches_1: 'analytics',
  profile_visits: 'analytics',
  pins: 'pins',
  product_tags: 'pins',
  trashed_pins: 'pins',
  pin_search: 'search',
  search_backfill: 'search',
  search_variants: 'search',
  search_words: 'search',
  pin_colours: 'looks',
  pin_likenesses: 'looks',
  notifications: 'notifications',
  webhooks: 'webhooks',
  webhook_deliveries: 'webhooks',
  websites: 'websites',
  website_owners: 'websites',
  searched_weeks: 'trends',
  searched_words: 'trends',
  nodes: 'nodes',
  leases: 'nodes',
}

const stores = /(^|\/)store(\.ts$|\/)/
const migrations = /^db\/migrations\//
const mayHaveFastify = /^(http|pages|app)\//

describe('the server', () => {
  test('has no import that runs up', () => {
    expect(server.flatMap(importsOf).length).toBeGreaterThan(500)
    expect(importsUp(server, rooms)).toEqual([])
  })

  test('has queries in the stores and the migrations alone', () => {
    expect(queriesOutside(server, new RegExp(`${stores.source}|${migrations.source}`))).toEqual([])
  })

  test('has stores that only their own domains reach', () => {
    expect(reachedFromOutside(server, stores)).toEqual([])
  })

  test('has each table named by the store of its own domain alone', () => {
    expect(foreignTables(server, owners)).toEqual([])
  })

  test('has migrations that import nothing that can change', () => {
    expect(importsBeyond(server, migrations, /^kysely$/)).toEqual([])
  })

  test('has migrations that rewrite no rows, which would lock them while other servers go on', () => {
    const rewriting = /\b(update\s+"?\w+"?\s+set|insert\s+into|delete\s+from|updateTable|insertInto|deleteFrom)\b/i
    const later = server.filter(({ path }) => migrations.test(path) && path > 'db/migrations/0048')
    expect(later.length).toBeGreaterThan(3)
    expect(later.filter(({ text }) => rewriting.test(text)).map(({ path }) => path)).toEqual([])
  })

  test('has Fastify in http/, pages/ and app/ alone', () => {
    expect(packageOutside(server, 'fastify', mayHaveFastify)).toEqual([])
  })

  test('has a doc comment on each public member of its domains', () => {
    expect(undocumented(server, facesOfDomains(server))).toEqual([])
  })
})

describe.each([
  'packages/server/src',
  'packages/cli/program',
  'packages/client/src',
  'packages/contract/src',
  'packages/demo-pictures/src',
  'packages/mcp/src',
  'packages/test-support/src',
  'bench',
])('%s', (folder) => {
  test('has no circle of imports', async () => {
    const sources = await sourcesIn(folder)
    expect(sources.length).toBeGreaterThan(3)
    expect(circles(sources)).toEqual([])
  })
})

describe.each(['server', 'client', 'contract', 'demo-pictures', 'mcp'])('the package %s', (name) => {
  test('has a doc comment on each public member', async () => {
    const sources = await sourcesIn(`packages/${name}/src`)
    const index = sources.find(({ path }) => path === 'index.ts')
    expect(index).toBeDefined()
    const lacking = index ? undocumented(sources, new Map([[index.path, exportedNames(index)]])) : []
    const known: Record<string, RegExp> = { client: /^/, contract: /^operation\.ts: / }
    expect(lacking.filter((found) => !known[name]?.test(found))).toEqual([])
  })
})

describe('each rule finds what breaks it', () => {
  const file = (path: string, text: string): Source => ({ path, text })

  test('an import that runs up, of a type too, and by import()', () => {
    const sources = [
      file('core/ids.ts', `import { a } from '../domains/a.ts'`),
      file('core/errors.ts', `export type { A } from '../domains/a.ts'`),
      file('db/open.ts', `export const load = () => import('../api/index.ts')`),
      file('domains/a.ts', `import { id } from '../core/ids.ts'\nexport const a = id`),
      file('api/index.ts', `export {}`),
    ]
    expect(importsUp(sources, rooms)).toEqual([
      'core/ids.ts -> domains/a.ts',
      'core/errors.ts -> domains/a.ts',
      'db/open.ts -> api/index.ts',
    ])
  })

  test('a circle, through types and other files', () => {
    const sources = [
      file('a.ts', `import { b } from './b.ts'`),
      file('b.ts', `export * from './c/index.ts'`),
      file('c/index.ts', `export type A = import('../a.ts').A`),
      file('d.ts', `import { a } from './a.ts'`),
    ]
    expect(circles(sources)).toEqual([['a.ts', 'b.ts', 'c/index.ts']])
  })

  test('a query outside a store', () => {
    const text = `export const all = (db) => db.read.selectFrom('pins').selectAll().execute()`
    const sources = [file('domains/pins/pins.ts', text), file('domains/pins/store.ts', text)]
    expect(queriesOutside(sources, stores)).toEqual(['domains/pins/pins.ts'])
  })

  test('a store that another domain reaches', () => {
    const sources = [
      file('domains/pins/pins.ts', `import { pinStore } from './store.ts'`),
      file('domains/boards/boards.ts', `import { pinStore } from '../pins/store.ts'`),
    ]
    expect(reachedFromOutside(sources, stores)).toEqual(['domains/boards/boards.ts -> domains/pins/store.ts'])
  })

  test.each([
    `tx.deleteFrom('pins').execute()`,
    `read.selectFrom(['boards', 'pins as p']).selectAll()`,
    `read.selectFrom('boards').innerJoin('pins', 'pins.board_id', 'boards.id')`,
    `sql\`select count(*) from pins where board_id = \${id}\``,
  ])("a table of another domain's: %s", (query) => {
    const text = `export const query = (read, tx, sql, id) => ${query}`
    const sources = [
      file('domains/boards/store.ts', text),
      file('domains/pins/store.ts', text.replaceAll('boards', 'pins')),
    ]
    expect(foreignTables(sources, owners)).toEqual(['domains/boards/store.ts: pins'])
  })

  test('a table whose name ends in a variable', () => {
    const sources = [file('domains/pins/store.ts', `export const q = (tx, n) => tx.deleteFrom(\`event_keys_\${n}\`)`)]
    const found = ['event_keys_0', 'event_keys_1'].map((table) => `domains/pins/store.ts: ${table}`)
    expect(foreignTables(sources, owners)).toEqual(found)
  })

  test('a migration that imports a live rule', () => {
    const sources = [
      file('db/migrations/0001.ts', `import { sql } from 'kysely'\nimport { nameKey } from '../../core/name-key.ts'`),
    ]
    expect(importsBeyond(sources, migrations, /^kysely$/)).toEqual(['db/migrations/0001.ts -> core/name-key.ts'])
  })

  test('Fastify in a domain, in core and in a handler', () => {
    const text = `import type { FastifyRequest } from 'fastify'`
    const sources = ['domains/pins/pins.ts', 'core/ids.ts', 'api/pins.ts', 'http/server.ts'].map((path) =>
      file(path, text),
    )
    expect(packageOutside(sources, 'fastify', mayHaveFastify)).toHaveLength(3)
  })

  test('a public member, function or method without a doc comment, but not what is documented or private', () => {
    const domain = `
      /** Pins. */
      export interface Pins {
        /** Reads one. */
        read(): void
        write(): void
      }
      export interface Inner { member: string }
      /** Makes them. */
      export function pinsOf() {}
      export function bare() {}
      export type Choice = { kind: string } | { /** Which. */ which: string }
      export class Maker {
        #secret = 1
        /** Gives the next. */
        next() {}
        skip() {}
        private inner() {}
      }`
    const sources = [
      file('domains/pins/pins.ts', domain),
      file('api/pins.ts', `import { type Pins, pinsOf, bare, type Choice, Maker } from '../domains/pins/pins.ts'`),
    ]
    expect(undocumented(sources, facesOfDomains(sources))).toEqual([
      'domains/pins/pins.ts: Choice.kind',
      'domains/pins/pins.ts: Maker.skip',
      'domains/pins/pins.ts: Pins.write',
      'domains/pins/pins.ts: bare',
    ])
  })

  test('a public member that an index passes on from another file', () => {
    const sources = [
      file('index.ts', `export { type A, make as makeIt } from './a.ts'\nexport { b } from './b.ts'`),
      file('a.ts', `export interface A { member: string }\nexport function make() {}`),
      file('b.ts', `/** B. */\nexport const b = 1`),
    ]
    const [index] = sources
    const faces = new Map([['index.ts', index ? exportedNames(index) : new Set<string>()]])
    expect(undocumented(sources, faces)).toEqual(['a.ts: A.member', 'a.ts: make'])
  })
})

test('the steps of the schema are listed in the order of their names, in which they are taken', () => {
  expect(migrationNames).toEqual(migrationNames.toSorted())
})
