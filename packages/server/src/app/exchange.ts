import type { Logger } from 'pino'
import type { Control } from '../control/control.ts'
import type { ControlledData } from '../control/data.ts'
import { ApiError, ConfigError, invalid } from '../core/errors.ts'
import type { Settings } from './config.ts'
import type { Instance } from './instance.ts'
import type { DataKeeper, DataPlace, OpenInstance } from './keepers/data-keeper.ts'
import { folderKeeper } from './keepers/folder-keeper.ts'
import { type ChosenSeed, chosenSeed, demoSeed, givenName } from './seed/choose.ts'

/** The data of a server, which can be exchanged while it runs. */
export interface ExchangeableData extends ControlledData {
  /** Opens those that count, and has them serve. To be called once, before anything else. Throws `ConfigError`. */
  open(open: OpenInstance, log: Logger): Promise<Instance>
  /** Ends all instances, once their requests are answered. May be called more than once. */
  close(): Promise<void>
}

/** So many earlier instances may still be answering requests. */
const mostEnding = 4

const none: ChosenSeed = { name: 'none', plan: { accounts: [], apps: [], tokens: [] } }

/** Makes the data in the data folder `root`, or in the database of the settings; see docs/decisions/exchange.md. */
export function exchangeableData(
  settings: Settings,
  root: string,
  { clock, faults, transitions, shared }: Pick<Control, 'clock' | 'faults' | 'transitions' | 'shared'>,
): ExchangeableData {
  const ending = new Set<Promise<void>>()
  let keeper: DataKeeper | undefined
  let current: Instance | undefined
  let log: Logger | undefined
  let last: Promise<unknown> = Promise.resolve()
  let closing: Promise<void> | undefined

  /** Does one thing after the other. */
  const inTurn = <T>(work: (keeper: DataKeeper, running: Instance) => Promise<T>): Promise<T> => {
    const doing = last.then(() => {
      if (closing) throw new ApiError('unavailable', { detail: 'The server is ending.' })
      if (!keeper || !current) throw new Error('The data are not open.')
      return work(keeper, current).catch((error) => {
        throw error instanceof ConfigError ? invalid(error.message) : error
      })
    })
    last = doing.catch(() => {})
    return doing
  }

  /** Ends an instance whose data no longer count. */
  const end = (instance: Instance) => {
    const done = instance
      .close()
      .then(() => keeper?.ended(instance, current ?? instance))
      .catch((error) => log?.error({ err: error }, 'could not remove data that were exchanged'))
      .finally(() => ending.delete(done))
    ending.add(done)
  }

  /** Has an instance serve that `make` returns, with new data that count. */
  const exchange = (make: (keeper: DataKeeper, running: Instance) => Promise<Instance | undefined>) =>
    inTurn(async (keeper, running) => {
      if (ending.size >= mostEnding)
        throw new ApiError('unavailable', {
          detail: 'Requests that began before earlier exchanges are still answered.',
        })
      const after = await make(keeper, running)
      if (!after) return
      after.serve()
      current = after
      end(running)
    })

  const mayDiscard = ({ seed }: Instance, confirm: boolean) => {
    if (seed === 'none' && !confirm)
      throw invalid(
        'confirm: no seed has filled these data, so that they cannot be made anew. Send true to discard them.',
      )
  }

  const atStart = () => {
    clock.set(undefined, true)
    faults.replace([])
    transitions.reset()
    return shared.changed('clock', 'faults', 'transitions')
  }

  return {
    async open(open, given) {
      log = given
      const place = { settings, root, clock, open, log, given: givenName }
      keeper = await keeperOf(place)
      const first = await keeper.begin().catch(async (error) => {
        await keeper?.close()
        throw error
      })
      current = first
      first.serve()
      keeper.watch(() => void exchange((keeper, running) => keeper.follow(running)).catch(() => {}))
      return first
    },

    close() {
      closing ??= last
        .then(() => current?.close())
        .then(() => Promise.all(ending))
        .then(() => keeper?.close())
      return closing
    },

    async reset({ confirm }) {
      await exchange(async (keeper, running) => {
        mayDiscard(running, confirm)
        const { seed } = running
        return (await keeper.reset(running)) ?? keeper.fill(await seedNamed(seed), running)
      })
      await atStart()
    },

    async seed(given, { confirm }) {
      await exchange(async (keeper, running) => {
        mayDiscard(running, confirm)
        return keeper.fill(await chosenSeed(given, settings), running)
      })
      await atStart()
    },

    restore: (name, { confirm }) =>
      exchange(async (keeper, running) => {
        await keeper.find(name)
        mayDiscard(running, confirm)
        return keeper.restore(name, running)
      }),

    snapshots: () => inTurn((keeper) => keeper.list()),
    save: (name) => inTurn((keeper, running) => keeper.save(name, running)),
    pack: async (name) => (await inTurn((keeper) => keeper.pack(name)))(),
    async unpack(name, bytes) {
      if (!keeper) throw new Error('The data are not open.')
      return keeper.unpack(name, bytes, (work) => inTurn(work))
    },
    remove: (name) => inTurn((keeper, running) => keeper.remove(name, running)),
  }
}

async function keeperOf(place: DataPlace): Promise<DataKeeper> {
  const { databaseUrl, database } = place.settings
  if (databaseUrl === undefined && !database) return folderKeeper(place)
  const { databaseKeeper } = await import('./keepers/database-keeper.ts')
  return databaseKeeper(place)
}

/** Returns the seed that data were filled with, to fill it again. Throws `ConfigError`. */
async function seedNamed(name = 'none'): Promise<ChosenSeed> {
  if (name === 'none') return none
  if (name === givenName) throw invalid('The seed of these data is not there any more. Send it again.')
  if (name === 'demo') return demoSeed()
  const { readSeedFile } = await import('./seed/file.ts')
  return { name, plan: await readSeedFile(name) }
}
