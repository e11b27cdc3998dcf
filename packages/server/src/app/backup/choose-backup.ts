import { ConfigError } from '../../core/errors.ts'
import type { BackupPlace } from './place.ts'

/** Returns the name of a backup that is there: the one given, or the newest. Throws `ConfigError`. */
export function chosenBackup(place: BackupPlace, given?: string): string {
  const names = place.names()
  const chosen = given ?? names.at(-1)
  if (chosen !== undefined && names.includes(chosen)) return chosen
  if (given === undefined) throw new ConfigError(`No backup in ${place.path} is finished.`)
  throw new ConfigError(`There is no backup ${given} in ${place.path}; there are ${names.join(', ') || 'none'}.`)
}
