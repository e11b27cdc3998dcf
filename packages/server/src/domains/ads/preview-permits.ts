import type { Clock } from '../../core/clock.ts'
import { type SignedPermits, signedPermits } from './signed-permits.ts'

/** What the page of a preview shows: a Pin of an account, or a picture of the web; and the promotion beside it. */
export type PreviewOf =
  | { ownerId: number; pinId: number }
  | { ownerId: number; imageUrl: string; title: string; promotion?: string | undefined }

/** How long the page of a preview can be looked at. */
export const previewTtlMs = 7 * 24 * 60 * 60_000

/** Makes what permits anybody to look at a preview, for 7 days; nobody else can make it. */
export const previewPermits = (key: Buffer, clock: Clock): SignedPermits<PreviewOf> =>
  signedPermits({ purpose: 'ad previews', ttlMs: previewTtlMs, key, clock })
