import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

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
