import type { BoardPrivacy, CreativeType, PinFormat } from '@pinfold/contract'

/**
 * Each Pin is in one of eight slices: whether it leads to its owner's website, whether it is a video, and whether it is
 * secret. An account's days are stored as sums over each union of slices that a filter can ask for (nine in all),
 * separately over Pins that are not secret and over secret ones. So whatever the query, a day is one row per app type,
 * and one more for viewers who may see secrets. A Pin adds rows of one of these two kinds only.
 */
export type Slice = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7
/** A slice without secrecy, as lists of top Pins contain secret Pins too. */
export type ListSlice = 0 | 1 | 2 | 3

export interface SlicedPin {
  /** Whether its link leads to its owner's website: 0 or 1. */
  is_claimed: number
  creative_type: CreativeType
  privacy: BoardPrivacy
}

/** Returns the slice that a Pin is in. */
export function sliceOf(pin: SlicedPin): Slice {
  return (listSliceOf(pin) + (pin.privacy === 'SECRET' ? 4 : 0)) as Slice
}

/** Returns the slice whose lists of top Pins a Pin is in. */
export function listSliceOf({ is_claimed: claimed, creative_type: type }: SlicedPin): ListSlice {
  const isVideo = type === 'VIDEO' || type === 'MAX_VIDEO' || type === 'MAX_WIDTH_VIDEO_COLLECTION'
  return ((claimed ? 2 : 0) + (isVideo ? 1 : 0)) as ListSlice
}

/** The kinds that a filter selects; undefined selects both. */
export interface SliceFilter {
  claimed?: boolean
  video?: boolean
}

const code = (flag: boolean | undefined): number => (flag === undefined ? 0 : flag ? 2 : 1)
const unionOf = ({ claimed, video }: SliceFilter, secret: boolean): number =>
  code(claimed) * 3 + code(video) + (secret ? 9 : 0)

/** Returns the numbers of the unions, as stored with account days, that a filter selects. */
export const unionsFor = (filter: SliceFilter, seesSecret: boolean): number[] =>
  seesSecret ? [unionOf(filter, false), unionOf(filter, true)] : [unionOf(filter, false)]

/** Returns the unions that contain a slice. */
export function unionsWith(slice: Slice): number[] {
  const secret = slice >= 4
  const claimed = slice % 4 >= 2
  const video = slice % 2 === 1
  return [{}, { video }, { claimed }, { claimed, video }].map((filter) => unionOf(filter, secret))
}

/** Returns the slices that a filter selects, for lists of top Pins. */
export function slicesOf({ claimed, video }: SliceFilter): ListSlice[] {
  const all: ListSlice[] = [0, 1, 2, 3]
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

/** Reads the filters of account analytics; undefined if they select nothing, because there is no such thing here. */
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
