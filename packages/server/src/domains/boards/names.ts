import { invalid } from '../../core/errors.ts'
import { nameKey } from '../../core/name-key.ts'

/** Returns the name of a board or section without space around it. Throws a 400 when nothing is left. */
export function tidyName(name: string): string {
  const tidy = name.trim()
  if (nameKey(tidy) === '') throw invalid(`'name' must not be blank.`)
  return tidy
}
