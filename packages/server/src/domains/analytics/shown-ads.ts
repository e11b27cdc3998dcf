import { parseId } from '../../core/ids.ts'
import type { CountedAd, CountedAds, ShownAds } from './counted-ads.ts'
import type { CountedPins } from './counted-pins.ts'
import type { EventSender, GivenEvent } from './events.ts'

/**
 * Returns the ads of events that count for them: those that the sender may write, of the Pin that they show, or one that was
 * saved from it. Undefined if no event names an ad.
 */
export async function shownAdsOf(
  { ads, pins }: { ads: CountedAds; pins: Pick<CountedPins, 'parentsOf'> },
  events: readonly GivenEvent[],
  { writesAdsOf }: EventSender,
): Promise<ShownAds | undefined> {
  const named = events.flatMap((event) => (event.ad_id === undefined ? [] : { event, adId: parseId(event.ad_id) ?? 0 }))
  if (named.length === 0) return undefined
  const ids = [...new Set(named.map(({ adId }) => adId))]
  const writable = writesAdsOf === undefined ? new Map() : await ads.writableBy(writesAdsOf, ids)
  const found = named.flatMap(({ event, adId }) => {
    const ad: CountedAd | undefined = writable.get(adId)
    return ad ? { event, ad, pinId: parseId(event.pin_id) ?? 0 } : []
  })
  const others = found.filter(({ ad, pinId }) => ad.pinId !== pinId)
  const parents = others.length > 0 ? await pins.parentsOf([...new Set(others.map(({ pinId }) => pinId))]) : new Map()
  return new Map(
    found.flatMap(({ event, ad, pinId }) => {
      const isEarned = ad.pinId !== pinId
      return isEarned && parents.get(pinId) !== ad.pinId ? [] : [[event, { ad, isEarned }]]
    }),
  )
}
