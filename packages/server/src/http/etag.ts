/**
 * Returns whether the client already has the answer with this tag: `If-None-Match` names it, weak or strong, or is `*`
 * (RFC 9110, 13.1.2).
 */
export function isKnownEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
