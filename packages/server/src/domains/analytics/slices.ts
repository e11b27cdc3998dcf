import type { CreativeType, PinFormat } from '@pinfold/contract'

/**
 * Each Pin is in one of four slices: whether it leads to its owner's website, and whether it is a video. An account's
 * days are kept summed up over each slice and over each union of slices that a filter can ask for (nine in all), so
 * that whatever is asked for, a day is one row for each app type.
 */
export type Slice = 0 | 1 | 2 | 3

export interface SlicedPin {
  is_claimed: number
  creative_type: CreativeType
}

/** The slice that a Pin is in. */
export function sliceOf({ is_claimed: claimed, creative_type: type }: SlicedPin): Slice {
  const isVideo = type === 'VIDEO' || type === 'MAX_VIDEO' || type === 'MAX_WIDTH_VIDEO_COLLECTION'
  return ((claimed ? 2 : 0) + (isVideo ? 1 : 0)) as Slice
}

/** What a filter leaves: undefined leaves both kinds. */
export interface SliceFilter {
  claimed?: boolean
  video?: boolean
}

const code = (flag: boolean | undefined): number => (flag === undefined ? 0 : flag ? 2 : 1)

/** The number of the union of slices that a filter leaves, as account days keep it. */
export const unionOf = ({ claimed, video }: SliceFilter): number => code(claimed) * 3 + code(video)

/** The unions that a slice is part of. */
export function unionsWith(slice: Slice): number[] {
  const claimed = slice >= 2
  const video = slice % 2 === 1
  return [unionOf({}), unionOf({ video }), unionOf({ claimed }), unionOf({ claimed, video })]
}

/** The slices that a filter leaves. */
export function slicesOf({ claimed, video }: SliceFilter): Slice[] {
  const all: Slice[] = [0, 1, 2, 3]
  return all.filter(
    (slice) => (claimed ?? slice >= 2) === slice >= 2 && (video ?? slice % 2 === 1) === (slice % 2 === 1),
  )
}

export interface AccountFilter {
  from_claimed_content?: 'OTHER' | 'CLAIMED' | 'BOTH'
  pin_format?: 'ALL' | PinFormat
  content_type?: 'ALL' | 'PAID' | 'ORGANIC'
  source?: 'ALL' | 'YOUR_PINS' | 'OTHER_PINS'
}

/** What the filters of account analytics leave; undefined if they leave nothing, because there is no such thing here. */
export function readFilter(query: AccountFilter): SliceFilter | undefined {
  const { from_claimed_content: content, pin_format: format = 'ALL' } = query
  if (query.content_type === 'PAID' || query.source === 'OTHER_PINS') return undefined
  if (!['ALL', 'ORGANIC_IMAGE', 'ORGANIC_VIDEO'].includes(format)) return undefined
  return {
    ...(content === 'CLAIMED' && { claimed: true }),
    ...(content === 'OTHER' && { claimed: false }),
    ...(format !== 'ALL' && { video: format === 'ORGANIC_VIDEO' }),
  }
}
