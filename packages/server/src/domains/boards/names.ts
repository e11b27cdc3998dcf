import type { BoardPrivacy } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import { nameKey } from '../../core/name-key.ts'
import type { Viewer } from '../../core/viewer.ts'

/** The longest name key, in bytes: 180 characters of four. Some characters expand to several in it. */
const maxKeyBytes = 720

/**
 * Returns the key that is unique among the boards of an account. That of a secret board ends in a space, as no other
 * does: a public board can have the same name, so that a name which is taken tells nobody of a secret board.
 */
export function boardKey(name: string, privacy: BoardPrivacy): string {
  return privacy === 'SECRET' ? `${nameKey(name)} ` : nameKey(name)
}

/** Returns the keys of the boards with this name that the viewer can see, public ones first. */
export function visibleBoardKeys({ secret }: Pick<Viewer, 'secret'>, name: string): string[] {
  return secret === 'none' ? [boardKey(name, 'PUBLIC')] : [boardKey(name, 'PUBLIC'), boardKey(name, 'SECRET')]
}

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
