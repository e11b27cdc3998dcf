import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Control } from '../control/control.ts'
import type { ControlledData } from '../control/data.ts'
import { ApiError, ConfigError, invalid } from '../core/errors.ts'
import type { Settings } from './config.ts'
import { copyData, copyLiveData } from './copy-data.ts'
import {
  currentFolder,
  newFolder,
  readCurrent,
  remove,
  removeFirst,
  removeOthers,
  writeCurrent,
} from './generations.ts'
import type { Instance } from './instance.ts'
import { type ChosenSeed, chosenSeed, demoSeed, givenName } from './seed/choose.ts'
import { snapshotsIn } from './snapshots.ts'

type Open = (folder: string, seed?: ChosenSeed | 'exchanged') => Promise<Instance>

/** The data of a server, which can be exchanged while it runs. */
export interface ExchangeableData extends ControlledData {
  /** Opens those that count, and has them serve. To be called once, before anything else. Throws `ConfigError`. */
  open(open: Open, log: Logger): Promise<Instance>
  /** Ends all instances, once their requests are answered. May be called more than once. */
  close(): Promise<void>
}

/** So many earlier instances may still be answering requests. */
const mostEnding = 4

const none: ChosenSeed = { name: 'none', plan: { accounts: [], apps: [], tokens: [] } }

/** Makes the data in the data folder `root`; see docs/decisions/exchange.md. */
export function exchangeableData(
  settings: Settings,
  root: string,
  { clock, faults }: Pick<Control, 'clock' | 'faults'>,
): ExchangeableData {
  const durable = settings.durability === 'full' && !settings.ephemeral
  const isPossible = (['databaseUrl', 'database', 'storage'] as const).every((name) => settings[name] === undefined)
  const snapshots = snapshotsIn(root, {
    ...{ clock, sync: durable, given: givenName },
    isSeedHere: (seed) => seed === 'demo' || seed === 'none' || seed === readCurrent(root).seeded?.seed,
  })
  const ending = new Set<Promise<void>>()
  let openInstance: Open | undefined
  let current: Instance | undefined
  let log: Logger | undefined
  let last: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | undefined

  const refuseElsewhere = () => {
    if (!isPossible)
      throw invalid(
        'Only data in the embedded database and in the data folder can be exchanged so far: start the server without ' +
          '--database-url and --storage.',
      )
  }

  /** Does one thing after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    refuseElsewhere()
    const doing = last.then(() => {
      if (closing) throw new ApiError('unavailable', { detail: 'The server is ending.' })
      return work().catch((error) => {
        throw error instanceof ConfigError ? invalid(error.message) : error
      })
    })
    last = doing.catch(() => {})
    return doing
  }

  const running = (): Instance => {
    if (!current) throw new Error('The data are not open.')
    return current
  }

  const mayDiscard = (confirm: boolean) => {
    if (running().seed === 'none' && !confirm)
      throw invalid(
        'confirm: no seed has filled these data, so that they cannot be made anew. Send true to discard them.',
      )
  }

  /** Keeps the state after filling a seed, as it is in `folder`, and returns how it is to be found. */
  const keepSeeded = async (folder: string, seed: string) => {
    if (seed === 'none') return {}
    const name = newFolder(root, 'seeded')
    await copyLiveData(folder, join(root, name))
    return { seeded: { folder: name, seed } }
  }

  /** Ends an instance whose data no longer count, and removes them. */
  const end = (instance: Instance) => {
    const done = instance
      .close()
      .then(() => (instance.folder === root ? removeFirst(root) : remove(instance.folder)))
      .catch((error) => log?.error({ err: error }, 'could not remove data that were exchanged'))
      .finally(() => ending.delete(done))
    ending.add(done)
  }

  /** Has new data count, which `prepare` puts into a folder, or a seed that fills them. */
  const exchange = async ({
    prepare,
    seed,
  }: {
    prepare?: (folder: string) => Promise<void>
    seed?: ChosenSeed
  }): Promise<void> => {
    if (ending.size >= mostEnding)
      throw new ApiError('unavailable', { detail: 'Requests that began before earlier exchanges are still answered.' })
    const before = running()
    const { seeded } = readCurrent(root)
    const folder = newFolder(root, 'data')
    const path = join(root, folder)
    let after: Instance | undefined
    try {
      await prepare?.(path)
      after = await openInstance?.(path, seed ?? 'exchanged')
      if (!after) throw new Error('The data are not open.')
      const kept = seed ? await keepSeeded(path, seed.name) : seeded && { seeded }
      const removes = before.folder === root || readCurrent(root).removes
      writeCurrent(root, { folder, ...kept, ...(removes && { removes }) })
    } catch (error) {
      await after?.close()
      if (readCurrent(root).folder !== folder) await remove(path)
      throw error
    }
    if (seed && seeded) await remove(join(root, seeded.folder)).catch(() => {}) // The next start tries again.
    after.serve()
    current = after
    end(before)
  }

  const atStart = () => {
    clock.set(undefined, true)
    faults.replace([])
  }

  return {
    async open(open, given) {
      ;[openInstance, log] = [open, given]
      if (isPossible) {
        await removeOthers(root)
        await snapshots.tidy()
      }
      current = await open(currentFolder(root), readCurrent(root).folder === undefined ? undefined : 'exchanged')
      if (isPossible && current.isNew && current.seed !== undefined)
        writeCurrent(root, { ...readCurrent(root), ...(await keepSeeded(current.folder, current.seed)) })
      current.serve()
      return current
    },

    close() {
      closing ??= last
        .then(() => current?.close())
        .then(() => Promise.all(ending))
        .then(() => {})
      return closing
    },

    reset: ({ confirm }) =>
      inTurn(async () => {
        mayDiscard(confirm)
        const { seeded } = readCurrent(root)
        const { seed } = running()
        if (seeded && seeded.seed === seed)
          await exchange({ prepare: (folder) => copyData(join(root, seeded.folder), folder, { durable }) })
        else await exchange({ seed: await seedNamed(seed) })
        atStart()
      }),

    seed: (given, { confirm }) =>
      inTurn(async () => {
        mayDiscard(confirm)
        await exchange({ seed: await chosenSeed(given, settings) })
        atStart()
      }),

    snapshots: () => inTurn(() => snapshots.list()),
    pack: (name) => inTurn(async () => snapshots.pack(name)),
    unpack: async (name, bytes) => {
      refuseElsewhere()
      return snapshots.unpack(name, bytes, inTurn)
    },
    save: (name) => inTurn(() => snapshots.save(name, running().folder)),
    remove: (name) => inTurn(() => snapshots.remove(name)),

    restore: (name, { confirm }) =>
      inTurn(async () => {
        const from = snapshots.folderOf(name)
        mayDiscard(confirm)
        await exchange({ prepare: (folder) => copyData(from, folder, { durable }) })
      }),
  }
}

/** Returns the seed that data were filled with, to fill it again. Throws `ConfigError`. */
async function seedNamed(name = 'none'): Promise<ChosenSeed> {
  if (name === 'none') return none
  if (name === givenName) throw invalid('The seed of these data is not there any more. Send it again.')
  if (name === 'demo') return demoSeed()
  const { readSeedFile } = await import('./seed/file.ts')
  return { name, plan: await readSeedFile(name) }
}
