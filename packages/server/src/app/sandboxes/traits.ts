import { secretMatches } from '../../core/secrets.ts'
import type { Tokens } from '../../domains/oauth/tokens.ts'
import type { People } from '../domains.ts'

/** What sets a sandbox apart from the server that it is in. */
export interface SandboxTraits {
  id: string
  /** The hash of the token that it began with. */
  tokenHash: string
  /** The part of its ids by which they differ from the server's, and from those of others. */
  idNode: number
  /** Gives data that lack it what lets programs into the sandbox. */
  equip(people: People): Promise<void>
}

/**
 * Returns whether an `Authorization` header has a token that controls a sandbox: the one that it began with, also after it
 * expired or was revoked there, or any that is valid there.
 */
export async function isOwnToken(
  header: string,
  { tokenHash }: Pick<SandboxTraits, 'tokenHash'>,
  { authenticate }: Pick<Tokens, 'authenticate'>,
): Promise<boolean> {
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(header) ?? []
  if (secretMatches(token, tokenHash)) return true
  try {
    await authenticate(header)
    return true
  } catch {
    return false
  }
}
