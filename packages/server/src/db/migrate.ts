import { SqliteAdapter, sql, type Transaction } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { type Migrated, migratePostgres, stateOfPostgres } from './migrate-postgres.ts'
import * as foundation from './migrations/0001-foundation.ts'
import * as idempotency from './migrations/0002-idempotency.ts'
import * as analytics from './migrations/0003-analytics.ts'
import * as media from './migrations/0004-media.ts'
import * as answerHeaders from './migrations/0005-answer-headers.ts'
import * as appFeatures from './migrations/0006-app-features.ts'
import * as answerSecrecy from './migrations/0007-answer-secrecy.ts'
import * as search from './migrations/0020-search.ts'
import * as pictureSources from './migrations/0021-picture-sources.ts'
import * as boardsByName from './migrations/0022-boards-by-name.ts'
import * as secretAccountDays from './migrations/0023-secret-account-days.ts'
import * as pinHostsAndDisclosures from './migrations/0024-pin-hosts-and-disclosures.ts'
import * as follows from './migrations/0025-follows.ts'
import * as productTags from './migrations/0026-product-tags.ts'
import * as adAccounts from './migrations/0027-ad-accounts.ts'
import * as profileVisits from './migrations/0028-profile-visits.ts'
import * as savesOfPins from './migrations/0029-saves-of-pins.ts'
import * as websites from './migrations/0030-websites.ts'
import * as trends from './migrations/0031-trends.ts'
import * as notifications from './migrations/0032-notifications.ts'
import * as namesOfSecretBoards from './migrations/0033-names-of-secret-boards.ts'
import * as groupBoards from './migrations/0034-group-boards.ts'
import * as web from './migrations/0035-web.ts'
import * as finding from './migrations/0037-finding.ts'
import * as trash from './migrations/0038-trash.ts'
import * as settings from './migrations/0040-settings.ts'
import * as pictureLooks from './migrations/0041-picture-looks.ts'
import * as arranging from './migrations/0042-arranging.ts'
import * as pinLooks from './migrations/0043-pin-looks.ts'
import * as profilePictures from './migrations/0044-profile-pictures.ts'
import * as appLimits from './migrations/0045-app-limits.ts'
import * as ownApps from './migrations/0046-own-apps.ts'
import * as webhooks from './migrations/0047-webhooks.ts'
import * as nodes from './migrations/0060-nodes.ts'
import * as eventKeyBatches from './migrations/0070-event-key-batches.ts'
import * as listsAndQueues from './migrations/0080-lists-and-queues.ts'
import * as videoLeases from './migrations/0082-video-leases.ts'
import * as ads from './migrations/0090-ads.ts'
import * as adGroupPromotions from './migrations/0091-ad-group-promotions.ts'
import * as campaignAdPreviews from './migrations/0092-campaign-ad-previews.ts'
import * as labelEntities from './migrations/0093-label-entities.ts'
import * as adNumbers from './migrations/0094-ad-numbers.ts'
import * as adGroupTitles from './migrations/0095-ad-group-titles.ts'
import * as jobs from './migrations/0096-jobs.ts'
import type { Schema } from './schema.ts'

/** The steps of the schema, in order. A released step is never changed. */
const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-idempotency': idempotency,
  '0003-analytics': analytics,
  '0004-media': media,
  '0005-answer-headers': answerHeaders,
  '0006-app-features': appFeatures,
  '0007-answer-secrecy': answerSecrecy,
  '0020-search': search,
  '0021-picture-sources': pictureSources,
  '0022-boards-by-name': boardsByName,
  '0023-secret-account-days': secretAccountDays,
  '0024-pin-hosts-and-disclosures': pinHostsAndDisclosures,
  '0025-follows': follows,
  '0026-product-tags': productTags,
  '0027-ad-accounts': adAccounts,
  '0028-profile-visits': profileVisits,
  '0029-saves-of-pins': savesOfPins,
  '0030-websites': websites,
  '0031-trends': trends,
  '0032-notifications': notifications,
  '0033-names-of-secret-boards': namesOfSecretBoards,
  '0034-group-boards': groupBoards,
  '0035-web': web,
  '0037-finding': finding,
  '0038-trash': trash,
  '0040-settings': settings,
  '0041-picture-looks': pictureLooks,
  '0042-arranging': arranging,
  '0043-pin-looks': pinLooks,
  '0044-profile-pictures': profilePictures,
  '0045-app-limits': appLimits,
  '0046-own-apps': ownApps,
  '0047-webhooks': webhooks,
  '0060-nodes': nodes,
  '0070-event-key-batches': eventKeyBatches,
  '0080-lists-and-queues': listsAndQueues,
  '0082-video-leases': videoLeases,
  '0090-ads': ads,
  '0091-ad-group-promotions': adGroupPromotions,
  '0092-campaign-ad-previews': campaignAdPreviews,
  '0093-label-entities': labelEntities,
  '0094-ad-numbers': adNumbers,
  '0095-ad-group-titles': adGroupTitles,
  '0096-jobs': jobs,
}

/** The names of the steps, in order. */
export const migrationNames: readonly string[] = Object.keys(migrations).sort()

/** Migrates the schema of an empty database to an earlier version: up to the step `name`. */
export async function migrateUpTo(db: Migrated, name: string): Promise<void> {
  if (!isSqlite(db)) return migratePostgres(db, migrations, name)
  const { error } = await migratorOf(db).migrateTo(name)
  if (error) throw error
}

/** Returns whether the schema has this program's version: neither older nor newer. */
export async function isLatest({ read }: Migrated): Promise<boolean> {
  const known = new Migrator({ db: read, provider: { getMigrations: async () => migrations } })
  const steps = await known.getMigrations()
  return steps.length === Object.keys(migrations).length && steps.every(({ executedAt }) => executedAt !== undefined)
}

/** Carries out the steps from one number to before another, in a transaction, without a note that they are done. */
export async function carryOutSteps(tx: Transaction<Schema>, from: number, to: number): Promise<void> {
  for (const name of migrationNames.slice(from, to)) await migrations[name]?.up(tx)
}

/** Migrates the schema to the latest version. Throws when a step fails, and rolls that step back. */
export async function migrateToLatest(db: Migrated): Promise<void> {
  if (!isSqlite(db)) return migratePostgres(db, migrations)
  const { error } = await migratorOf(db).migrateToLatest()
  if (error) throw error
}

/** What is to be done to bring a schema up to date. */
export interface PendingSteps {
  /** The steps that are done, in order. */
  done: string[]
  /** The steps that are not, in order. */
  pending: string[]
  /** Indexes of steps that are done, which are to be made. */
  indexes: string[]
}

/** Returns what is to be done; nothing is changed. Throws when the schema is of a newer version. */
export async function pendingSteps(db: Migrated): Promise<PendingSteps> {
  const { done, indexes } = isSqlite(db)
    ? { done: await doneInSqlite(db), indexes: [] }
    : await stateOfPostgres(db, migrations)
  return {
    done: migrationNames.filter((name) => done.has(name)),
    pending: migrationNames.filter((name) => !done.has(name)),
    indexes,
  }
}

async function doneInSqlite(db: Migrated): Promise<Set<string>> {
  const steps = await migratorOf(db).getMigrations()
  const done = steps.flatMap(({ name, executedAt }) => (executedAt === undefined ? [] : name))
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM kysely_migration`.execute(db.read).catch(() => ({
    rows: [{ n: 0 }],
  }))
  if ((rows[0]?.n ?? 0) > done.length) throw new Error('it is of a newer version of Pinfold')
  return new Set(done)
}

const isSqlite = ({ read }: Migrated): boolean => read.getExecutor().adapter instanceof SqliteAdapter

const migratorOf = ({ read }: Migrated): Migrator =>
  new Migrator({ db: read, provider: { getMigrations: async () => migrations } })
