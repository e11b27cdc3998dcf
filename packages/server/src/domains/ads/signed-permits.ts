import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'

/** Permits that whoever has one may use, until it expires. */
export interface SignedPermits<Of> {
  /** Returns a permit as a text for an address. */
  make(of: Of): string
  /** Returns what is permitted; undefined if the permit is forged or too old. */
  read(permit: string): Of | undefined
}

export interface SignedPermitsOptions {
  /** What they are for: those for something else are not good for it. */
  purpose: string
  ttlMs: number
  /** A secret of the installation. */
  key: Buffer
  clock: Clock
}

/** Makes permits of one kind; nobody else can make them. */
export function signedPermits<Of>({ purpose, ttlMs, key, clock }: SignedPermitsOptions): SignedPermits<Of> {
  const secret = hash('sha256', Buffer.concat([Buffer.from(purpose), key]), 'buffer')
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest()
  return {
    make(of) {
      const text = Buffer.from(JSON.stringify([clock.now() + ttlMs, of])).toString('base64url')
      return `${text}.${sign(text).toString('base64url')}`
    },
    read(permit) {
      const [text = '', signature = ''] = permit.split('.')
      const given = Buffer.from(signature, 'base64url')
      const right = sign(text)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      const [expiresAt, of]: [number, Of] = JSON.parse(Buffer.from(text, 'base64url').toString())
      return expiresAt > clock.now() ? of : undefined
    },
  }
}
