import { createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { ConfigError } from '../../core/errors.ts'

/** How a key was made of what its owner gave, and how a right one is told; stands in the backup, and is no secret. */
export interface KeyInfo {
  /** In hexadecimal digits. */
  salt: string
  /** The cost of scrypt; 0: 32 bytes were given, which are used as they are. */
  cost: number
  /** Made of the key: another key makes another. */
  check: string
}

/** The cost of scrypt: 128 MB of memory, and about half a second. */
const scryptCost = 2 ** 17
const scryptMostMemory = 2 ** 28

/** The shortest passphrase. */
const fewestLetters = 12

/**
 * Returns the 32 bytes that a key stands for: 64 hexadecimal digits, or base64 of 32 bytes. Undefined: it is a
 * passphrase.
 */
function rawKey(given: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(given)) return Buffer.from(given, 'hex')
  if (/^[A-Za-z0-9+/]{43}=$/.test(given)) return Buffer.from(given, 'base64')
  return undefined
}

const checkOf = (key: Buffer): string => createHmac('sha256', key).update('pinfold backup key').digest('hex')

/** Makes the key of a new backup. Throws `ConfigError` for a passphrase that is too short. */
export function newKey(given: string): { key: Buffer; info: KeyInfo } {
  const raw = rawKey(given)
  if (!raw && given.length < fewestLetters)
    throw new ConfigError(
      `The key of a backup is 32 bytes (openssl rand -hex 32), or a passphrase of ${fewestLetters} characters or more.`,
    )
  const salt = randomBytes(32)
  const cost = raw ? 0 : scryptCost
  const key = raw ?? derived(given, salt, cost)
  return { key, info: { salt: salt.toString('hex'), cost, check: checkOf(key) } }
}

/** Returns the key of an existing backup. Throws `ConfigError` when it is another. */
export function existingKey(given: string, { salt, cost, check }: KeyInfo): Buffer {
  const wrong = new ConfigError('The key is not the one of this backup.')
  const raw = rawKey(given)
  // The cost comes with the backup: one that nobody of ours wrote would keep us busy.
  if ((raw === undefined) !== cost > 0 || cost > scryptCost) throw wrong
  const key = raw ?? derived(given, Buffer.from(salt, 'hex'), cost)
  if (!timingSafeEqual(Buffer.from(checkOf(key)), Buffer.from(check.padEnd(64).slice(0, 64)))) throw wrong
  return key
}

const derived = (passphrase: string, salt: Buffer, cost: number): Buffer =>
  scryptSync(passphrase.normalize('NFC'), salt, 32, { N: cost, r: 8, p: 1, maxmem: scryptMostMemory })
