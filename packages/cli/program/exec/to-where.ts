import { InvalidArgumentError } from 'commander'
import { toServer } from './to-server.ts'

/** Where calls to Pinterest go: to Pinfold, on to Pinterest, or to the address of what stands for Pinterest. */
export type Where = 'pinfold' | 'pinterest' | URL

/** Reads where calls go of an option. Throws `InvalidArgumentError`. */
export function toWhere(text: string): Where {
  if (text === 'pinfold' || text === 'pinterest') return text
  try {
    return new URL(toServer(text))
  } catch {
    throw new InvalidArgumentError(
      'It must be pinfold, pinterest, or the address of a server that stands for Pinterest.',
    )
  }
}
