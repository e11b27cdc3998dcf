import { invalid } from '../../core/errors.ts'
import { nameKey } from '../../core/name-key.ts'

/** The longest name key, in bytes: 180 characters of four. Some characters expand to several in it. */
const maxKeyBytes = 720

/**
 * Returns the name of a board or section without space around it. Throws a 400 when the result is empty or too long.
 */
export function tidyName(name: string): string {
  const tidy = name.trim()
  const key = nameKey(tidy)
  if (key === '') throw invalid(`'name' must not be blank.`)
  if (Buffer.byteLength(key) > maxKeyBytes)
    throw invalid(`'name' is too long: spelled out it has more than ${maxKeyBytes} bytes.`)
  return tidy
}
