import type { GivenSeed } from '../../control/data.ts'
import { ConfigError, invalid } from '../../core/errors.ts'
import { isLoopbackHost } from '../../core/loopback.ts'
import type { Installation } from '../../domains/installation/installation.ts'
import type { Settings } from '../config.ts'
import { readSeedFile } from './file.ts'
import type { SeedPlan } from './seed.ts'

/** The seed to fill the database with. */
export interface ChosenSeed {
  name: string
  plan: SeedPlan
}

/** The name of a seed that came as the content of a file. */
export const givenName = 'given'

/** Returns the seed of the demo. */
export const demoSeed = async (): Promise<ChosenSeed> => ({
  name: 'demo',
  plan: (await import('./demo.ts')).demoPlan(),
})

/** Returns a seed that a request names or contains. Throws `ConfigError`, and `invalidRequest` for a demo that others reach. */
export async function chosenSeed(given: GivenSeed, { host }: Pick<Settings, 'host'>): Promise<ChosenSeed> {
  if (given !== 'demo') return { name: givenName, plan: await (await import('./file.ts')).readGivenSeed(given) }
  if (!isLoopbackHost(host))
    throw invalid(`seed: the demo data have a password that everybody knows, and ${host} can be reached by others.`)
  return demoSeed()
}

const nothing: SeedPlan = { accounts: [], apps: [], tokens: [] }

/**
 * Chooses the seed for the database; undefined when it was seeded before. The demo data has passwords that everybody
 * knows, so it is refused wherever others than this machine reach the server. Throws `ConfigError`.
 */
export async function chooseSeed(
  { seed, host }: Pick<Settings, 'seed' | 'host'>,
  installation: Installation,
): Promise<ChosenSeed | undefined> {
  const onLoopback = isLoopbackHost(host)
  const name = seed ?? (onLoopback ? 'demo' : 'none')
  if (!onLoopback && (name === 'demo' || installation.seed === 'demo'))
    throw new ConfigError(
      `The demo data have a password that everybody knows, and ${host} can be reached by others. ` +
        'Use --host 127.0.0.1, or --seed none and an empty --data folder.',
    )
  if (installation.seed !== undefined && !installation.seedUnfinished) {
    if (seed !== undefined && seed !== installation.seed)
      throw new ConfigError(
        `The data were begun with --seed ${installation.seed}, and --seed ${seed} fills empty data only. ` +
          'Leave --seed out, or name another --data folder.',
      )
    return undefined
  }
  if (name === 'none') return { name, plan: nothing }
  return { name, plan: name === 'demo' ? (await import('./demo.ts')).demoPlan() : await readSeedFile(name) }
}
