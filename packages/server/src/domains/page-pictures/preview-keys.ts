import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'

/** What a preview may be made of, for whom. */
interface Permit {
  accountId: number
  url: string
}

/** How long a preview may be asked for after somebody looked at its page. */
const ttlMs = 60 * 60_000

/** Makes what permits an account to see one picture of the web, for an hour; nobody else can make it. */
export function previewKeys(key: Buffer, clock: Clock) {
  const secret = hash('sha256', Buffer.concat([Buffer.from('previews'), key]), 'buffer')
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest()
  return {
    /** Returns the permit as a text for an address. */
    make({ accountId, url }: Permit): string {
      const text = Buffer.from(JSON.stringify([accountId, clock.now() + ttlMs, url])).toString('base64url')
      return `${text}.${sign(text).toString('base64url')}`
    },
    /** Returns the address of the picture; undefined if the permit is forged, another account's, or too old. */
    read(accountId: number, permit: string): string | undefined {
      const [text = '', signature = ''] = permit.split('.')
      const given = Buffer.from(signature, 'base64url')
      const right = sign(text)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      const [owner, expiresAt, url]: [number, number, string] = JSON.parse(Buffer.from(text, 'base64url').toString())
      return owner === accountId && expiresAt > clock.now() ? url : undefined
    },
  }
}
