import { ConfigError } from '../../core/errors.ts'
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
