import { distance, oklabOfHex } from './oklab.ts'
import { differingBits } from './perceptual-hash.ts'
import type { PictureLook } from './picture-look.ts'
import type { PinLook } from './pin-look.ts'

/** Hashes of which at most so many bits differ are of pictures that look the same. */
const mostDiffering = 7
/** So much of a picture, in percent, is a colour that the other one has to have as well, … */
const telling = 15
/** …this close in Oklab. */
const sameColour = 0.12

/** Marks are numbers: four for the quarters of a hash, one for the bytes. */
const quarter = 2 ** 16
const ofBytes = 2 ** 48

const quartersOf = (hash: string): number[] =>
  [0, 4, 8, 12].map((at, i) => i * quarter + Number.parseInt(hash.slice(at, at + 4), 16))

/** Returns the mark of a picture by the beginning of the SHA-256 of its bytes. */
export const markOfSource = (source: string): number => ofBytes + Number.parseInt(source, 16)

/** Returns the marks by which a Pin is found among those that look like it. */
export const marksOf = ({ hash, source }: PinLook): number[] => [
  markOfSource(source),
  ...(hash === null ? [] : quartersOf(hash)),
]

/**
 * Returns the marks of what looks like it: each quarter of the hash as it is, and with any one bit turned. Of two hashes with
 * seven differing bits, one quarter has one at most, so that none is missed.
 */
export const marksLike = ({ hash }: PictureLook): number[] =>
  hash === null
    ? []
    : quartersOf(hash).flatMap((mark) => [mark, ...Array.from({ length: 16 }, (_, bit) => mark ^ (1 << bit))])

/** Returns whether two pictures look the same, as far as one can tell: in their shapes and in their colours. */
export function looksAlike(one: PictureLook, other: PictureLook): boolean {
  if (one.hash === null || other.hash === null) return false
  return differingBits(one.hash, other.hash) <= mostDiffering && hasColoursOf(one, other) && hasColoursOf(other, one)
}

/** Returns whether a picture has every colour that another one has much of. */
function hasColoursOf(one: PictureLook, other: PictureLook): boolean {
  const own = one.colours.map(({ hex }) => oklabOfHex(hex))
  const much = other.colours.filter(({ share }) => share >= telling)
  return much
    .map(({ hex }) => oklabOfHex(hex))
    .every((colour) => own.some((each) => distance(each, colour) < sameColour))
}
