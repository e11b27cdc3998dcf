import { argon2, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const argon2Async = promisify(argon2)

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const argonCost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

/** Returns a new secret: `prefix` and 256 random bits, in characters that need no escaping anywhere. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url')
}

/** Returns the stored hash of a secret made by `newSecret`, which has too many possibilities to be guessed. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Returns whether `stored` is the hash of `secret`, in constant time. */
export function secretMatches(secret: string, stored: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(stored))
}

/** Returns the stored hash of a password: argon2id with its parameters and salt, in the usual text form. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await argon2Async('argon2id', { message: password, nonce: salt, ...argonCost })
  const { memory, passes, parallelism } = argonCost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

/** Returns whether `stored` is the hash of `password`. Without a stored hash it takes as long, and returns false. */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
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

let decoyHash: Promise<string> | undefined
function decoy(): Promise<string> {
  decoyHash ??= hashPassword(newSecret())
  return decoyHash
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
