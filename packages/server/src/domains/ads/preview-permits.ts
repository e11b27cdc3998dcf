import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'

/** What the page of a preview shows: a Pin of an account, or a picture of the web; and the promotion beside it. */
export type PreviewOf =
  | { ownerId: number; pinId: number }
  | { ownerId: number; imageUrl: string; title: string; promotion?: string | undefined }

/** How long the page of a preview can be looked at. */
export const previewTtlMs = 7 * 24 * 60 * 60_000

/** Makes what permits anybody to look at a preview, for 7 days; nobody else can make it. */
export function previewPermits(key: Buffer, clock: Clock) {
  const secret = hash('sha256', Buffer.concat([Buffer.from('ad previews'), key]), 'buffer')
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest()
  return {
    /** Returns the permit as a text for an address. */
    make(of: PreviewOf): string {
      const text = Buffer.from(JSON.stringify([clock.now() + previewTtlMs, of])).toString('base64url')
      return `${text}.${sign(text).toString('base64url')}`
    },
    /** Returns what is shown; undefined if the permit is forged or too old. */
    read(permit: string): PreviewOf | undefined {
      const [text = '', signature = ''] = permit.split('.')
      const given = Buffer.from(signature, 'base64url')
      const right = sign(text)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
      const [expiresAt, of]: [number, PreviewOf] = JSON.parse(Buffer.from(text, 'base64url').toString())
      return expiresAt > clock.now() ? of : undefined
    },
  }
}
