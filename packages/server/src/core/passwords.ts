import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { newSecret } from './secrets.ts'

const argon2Async = promisify(argon2)

/** What it costs to hash a password, and to guess one, with argon2id. */
export interface PasswordCost {
  /** The memory, in KiB; at least 8. */
  memory: number
  /** How many times all of it is passed over. */
  passes: number
}

/** OWASP's minimum for argon2id with one lane: 19 MiB, two passes. */
const leastCost: PasswordCost = { memory: 19_456, passes: 2 }

/** The hashes of passwords. */
export interface Passwords {
  /** Returns the stored hash of a password: argon2id with its parameters and salt, in the usual text form. */
  hash(password: string): Promise<string>
  /** Returns whether `stored` is the hash of `password`. Without a stored hash it takes as long, and returns false. */
  matches(password: string, stored: string | null): Promise<boolean>
}

/** Makes what hashes passwords at this cost. Hashes of another cost are good all the same. */
export function passwordsOf({ memory, passes }: PasswordCost = leastCost): Passwords {
  let decoyHash: Promise<string> | undefined
  function decoy(): Promise<string> {
    decoyHash ??= hash(newSecret())
    return decoyHash
  }

  async function hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    const cost = { memory, passes, parallelism: 1, tagLength: 32 }
    const tag = await argon2Async('argon2id', { message: password, nonce: salt, ...cost })
    return `$argon2id$v=19$m=${memory},t=${passes},p=1$${base64(salt)}$${base64(tag)}`
  }

  async function matches(password: string, stored: string | null): Promise<boolean> {
    const [, , , cost, salt, tag] = (stored ?? (await decoy())).split('$')
    const [memory, passes, parallelism] = (cost ?? '').split(',').map((part) => Number(part.slice(2)))
    if (!memory || !passes || !parallelism || !salt || !tag) return false
    const expected = Buffer.from(tag, 'base64')
    const given = await argon2Async('argon2id', {
      message: password,
      nonce: Buffer.from(salt, 'base64'),
      memory,
      passes,
      parallelism,
      tagLength: expected.length,
    })
    return timingSafeEqual(given, expected) && stored !== null
  }

  return { hash, matches }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
