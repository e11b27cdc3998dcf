import type { Logger } from 'pino'
import { noteSeedBegun, noteSeedDone } from '../../domains/installation/installation.ts'
import type { ChosenSeed } from './choose.ts'
import { applySeed, type SeedTarget } from './seed.ts'

/** How often the log reports the progress of seeding. */
const progressMs = 2000

/** Fills an empty database, and records the beginning and the end. Throws `ConfigError` for a wrong seed. */
export async function fill({ name, plan }: ChosenSeed, target: SeedTarget, log: Logger): Promise<void> {
  await noteSeedBegun(target.db, name)
  if (name !== 'none') log.info(`filling the empty database with --seed ${name}`)
  let told = Date.now()
  await applySeed(plan, target, (done, total) => {
    if (Date.now() - told < progressMs) return
    told = Date.now()
    log.info(`${done} of ${total} Pins made`)
  })
  await noteSeedDone(target.db, name)
}
