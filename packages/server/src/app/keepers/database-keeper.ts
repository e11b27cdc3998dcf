import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, ConfigError, invalid } from '../../core/errors.ts'
import { isLoopbackHost } from '../../core/loopback.ts'
import { CopyNameTaken, CopyTooNew, type DataCopies, type DataCopy, dataCopiesIn } from '../../db/data-copies.ts'
import type { Database } from '../../db/database.ts'
import { type Fence, fenceAround } from '../../db/fence.ts'
import { migrateToLatest } from '../../db/migrate.ts'
import { readInstallation } from '../../domains/installation/installation.ts'
import { picturesOf } from '../../domains/media/pictures.ts'
import { sharedLeases } from '../../domains/nodes/leases.ts'
import { joinNodes, type Membership } from '../../domains/nodes/nodes.ts'
import { locationName, readLocation } from '../../storage/storage-location.ts'
import { makeDomains } from '../domains.ts'
import type { Instance } from '../instance.ts'
import { mediaLocation, openDatabase, readyStorage, unusable } from '../open-data.ts'
import type { ChosenSeed } from '../seed/choose.ts'
import { fill } from '../seed/fill.ts'
import { withReplica } from '../with-replica.ts'
import type { DataKeeper, DataPlace } from './data-keeper.ts'
import { bytesBeside, most, refuseBeyond } from './snapshot-limits.ts'
import { snapshotsOfCopies } from './snapshots-of-copies.ts'

/** How often to look whether another server has replaced the data. */
const watchMs = 1000
/** How often to look whether another server has begun. */
const lookMs = 200
/** How often a snapshot is begun anew, because Pins were deleted meanwhile. */
const mostTries = 3

/**
 * Keeps data in a PostgreSQL database, which several servers may share: they are replaced where they are, in one
 * transaction; see docs/decisions/exchange.md.
 */
export async function databaseKeeper({ settings, root, clock, open, log, given }: DataPlace): Promise<DataKeeper> {
  const db = settings.database ?? (await withReplica(await openDatabase(settings, root), settings, log))
  const storage = await readyStorage(settings, root).catch(async (error) => {
    await db.close()
    throw error
  })
  let knownCopies: Promise<DataCopies> | undefined
  /** To copy all data may take long. */
  let unhurried: Promise<Database> | undefined
  const copies = (): Promise<DataCopies> => {
    unhurried ??= db.unhurried?.() ?? Promise.resolve(db)
    knownCopies ??= unhurried.then(dataCopiesIn).catch((error) => {
      knownCopies = undefined
      throw error
    })
    return knownCopies
  }
  let node: Promise<Membership> | undefined
  const join = (): Promise<Membership> => {
    node ??= joinNodes({
      ...{ db, storage, log },
      storageName: locationName(readLocation(mediaLocation(resolve(root), settings.storage))),
      address: `process ${process.pid} on ${hostname()}`,
    })
    return node
  }
  // What is discarded at the end is nobody else's: tests and demonstrations share a database without its pictures.
  const isMember = settings.databaseUrl !== undefined && !settings.ephemeral
  const isHeld = async (key: string) => (await copies()).holds(key)
  const reused = { storage, isHeld, ...(isMember && { join }) }
  let fence: Fence = newFence(db)
  const files = snapshotsOfCopies(root, { db, copies, storage, clock, given })
  let generation = 0
  let watching: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  /** Replaces the data, and opens an instance on them; the one that runs may not write any more. */
  const exchanged = async (replace: (copies: DataCopies) => Promise<number>): Promise<Instance> => {
    const before = fence
    before.shut()
    try {
      generation = await inWords(async () => replace(await copies()))
      return await reopened()
    } finally {
      before.open()
    }
  }

  const reopened = async (): Promise<Instance> => {
    const next = newFence(db)
    const after = await open(root, 'exchanged', { database: next.db, ...reused })
    fence.end()
    fence = next
    return after
  }

  const find = async (name: string): Promise<DataCopy> => {
    const found = (await (await copies()).list()).find((copy) => copy.name === name)
    if (!found) throw new ApiError('snapshotNotFound')
    return found
  }

  /** Fills a seed into a schema aside, and returns its name. */
  const filled = async (seed: ChosenSeed): Promise<string> => {
    if (!db.openSchema) throw invalid('This database has no schemas, so that no seed can be filled aside.')
    const schema = await (await copies()).beginFilling(clock.now())
    if (schema === undefined)
      throw new ApiError('unavailable', { detail: 'Another server is filling a seed into the same database.' })
    let aside: Database | undefined
    try {
      aside = await db.openSchema(schema)
      await migrateToLatest(aside)
      const installation = await readInstallation(aside)
      try {
        await using undo = new AsyncDisposableStack()
        const data = { db: aside, storage, folder: root, installation, node: await node }
        const traits = { clock, log, hasDemo: seed.name === 'demo', sandbox: undefined }
        await fill(seed, await makeDomains(settings, data, traits, undo), log)
      } catch (error) {
        await picturesOf({ db: aside, storage, clock, key: installation.key }).removeAllFiles()
        throw error
      }
      return schema
    } catch (error) {
      await (await copies()).discardFilling(schema, clock.now())
      throw error
    } finally {
      await aside?.close()
    }
  }

  /** Keeps the state after a seed was filled, where the user of the database may. */
  const keepSeeded = async (seed: string) => {
    try {
      await (await copies()).saveSeeded(seed)
    } catch (error) {
      log.info({ err: error }, 'the seed is filled again at a reset: no copy of it could be made')
    }
  }

  /** Does work while no other server does: of two that begin on an empty database, one fills it. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    await migrateToLatest(db).catch((error) => {
      throw unusable(error, settings.databaseUrl, root)
    })
    const leases = sharedLeases(db, randomBytes(16).toString('hex'))
    let done: { result: T } | undefined
    while (!done) {
      await leases.run('first start', 0, async () => {
        done = { result: await work() }
      })
      if (!done) await sleep(lookMs)
    }
    return done.result
  }

  return {
    async begin() {
      await files.tidy()
      const first = await alone(() => open(root, undefined, { database: fence.db, ...reused }))
      if (first.isNew && first.seed !== undefined && first.seed !== 'none') await keepSeeded(first.seed)
      generation = (await (await copies()).state()).generation
      return first
    },

    async reset({ seed }) {
      const { seeded } = await (await copies()).state()
      if (!seeded || seeded.seed !== seed) return undefined
      return exchanged((all) => all.restore(seeded.schema, clock.now()))
    },

    async fill(seed) {
      const schema = await inWords(() => filled(seed))
      return exchanged((all) => all.restoreFilled(schema, seed.name, clock.now())).catch(async (error) => {
        await (await copies()).discardFilling(schema, clock.now())
        throw error
      })
    },

    async restore(name) {
      const { schema } = await find(name)
      if (!isLoopbackHost(settings.host) && (await (await copies()).seedOf(schema)) === 'demo')
        throw invalid(
          `The demo data have a password that everybody knows, and ${settings.host} can be reached by others.`,
        )
      return exchanged((all) => all.restore(schema, clock.now()))
    },

    ended: async () => {},

    watch(changed) {
      const look = async () => {
        const state = await (await copies()).state()
        if (state.generation !== generation) changed()
      }
      let isLooking = false
      watching = setInterval(() => {
        if (isLooking) return
        isLooking = true
        looking = look()
          .catch(() => {}) // The database is away: requests say so.
          .finally(() => {
            isLooking = false
          })
      }, watchMs).unref()
    },

    async follow() {
      const state = await (await copies()).state()
      if (state.generation === generation) return undefined
      generation = state.generation
      return reopened()
    },

    find: async (name) => void (await find(name)),
    list: async () => (await (await copies()).list()).map(({ name, createdAt, bytes }) => ({ name, createdAt, bytes })),

    save: (name) =>
      inWords(async () => {
        const all = await copies()
        const before = bytesBeside(name, await all.list())
        refuseBeyond(before + (await all.size()))
        for (let tries = 0; tries < mostTries; tries++) {
          const copy = await all.save(name, clock.now())
          if (!copy) continue
          if (before + copy.bytes > most.bytes) await all.remove(copy, clock.now())
          refuseBeyond(before + copy.bytes)
          return { name, createdAt: copy.createdAt, bytes: copy.bytes }
        }
        throw new ApiError('unavailable', { detail: 'Pins are being deleted too fast to copy the data.' })
      }),

    remove: async (name) => (await copies()).remove(await find(name), clock.now()),

    async pack(name) {
      const copy = await find(name)
      return () => files.pack(copy)
    },

    async unpack(name, bytes, inTurn) {
      const beside = async () => bytesBeside(name, await (await copies()).list())
      const left = most.bytes - (await beside())
      return inWords(() =>
        files.unpack(bytes, left, (schema, createdAt) =>
          inTurn(async () => {
            await beside()
            const all = await copies()
            const copy = await all.keepFilled(schema, name, createdAt)
            if (copy.bytes > left) await all.remove(copy, clock.now())
            refuseBeyond(most.bytes - left + copy.bytes)
            return { name, createdAt, bytes: copy.bytes }
          }),
        ),
      )
    },

    async close() {
      clearInterval(watching)
      await looking
      await (await node?.catch(() => undefined))?.leave()
      await storage.close()
      const other = await unhurried
      if (other !== db) await other?.close()
      await db.close()
    },
  }
}

const newFence = (db: Database): Fence =>
  fenceAround(
    db,
    () => new ApiError('unavailable', { detail: 'The data were exchanged meanwhile. Send the request again.' }),
  )

/** Runs `work`, and says in words why the database does not do it. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CopyNameTaken) throw invalid('name: there is a snapshot of that name already.')
    if (error instanceof CopyTooNew)
      throw new ConfigError('The snapshot is of a newer version of Pinfold. Bring this server up to date.')
    const { code } = error as { code?: unknown }
    if (code === '42501')
      throw new ConfigError(
        'Copies of the data are schemas, which the user of --database-url may not make: GRANT CREATE ON DATABASE … TO it.',
      )
    if (code === '55P03')
      throw new ApiError('unavailable', { detail: 'Others are writing into the data for too long.', cause: error })
    throw error
  }
}
