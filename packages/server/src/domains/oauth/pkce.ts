import { hash, timingSafeEqual } from 'node:crypto'

/** Returns whether `text` is a well-formed challenge of the method S256: 43 base64url characters. */
export function isChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/**
 * Returns whether the verifier matches the challenge (RFC 7636, S256). No verifier matches a code that was requested
 * without a challenge: somebody may have removed the challenge on its way (RFC 9700, 2.1.1). An empty verifier counts
 * as missing (RFC 6749, 3.2).
 */
export function verifiesChallenge(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return !verifier
  if (verifier === undefined || !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  return timingSafeEqual(Buffer.from(hash('sha256', verifier, 'base64url')), Buffer.from(challenge))
}
