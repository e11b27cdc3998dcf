/** Addresses of others who count, by what they are told of. */
export type TrackingUrls = Record<string, readonly string[] | undefined>

/** Returns those that are addresses: others are passed over. Null if none is. */
export function keptTrackingUrls(given: TrackingUrls | null | undefined): Record<string, string[]> | null {
  const kept = Object.entries(given ?? {}).flatMap(([event, urls = []]) => {
    const those = urls.filter((url) => /^https?:\/\//i.test(url) && URL.canParse(url))
    return those.length > 0 ? [[event, those] as const] : []
  })
  return kept.length > 0 ? Object.fromEntries(kept) : null
}
