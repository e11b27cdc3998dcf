import { type MainColour, mainColours } from './main-colours.ts'
import { perceptualHash } from './perceptual-hash.ts'

/** What a picture looks like. */
export interface PictureLook {
  /** Its main colours, what stands out first; five at most. */
  colours: MainColour[]
  /** What it is compared by: see `perceptual-hash.ts`. Null: it has nothing to be known by. */
  hash: string | null
}

/** The side of the square that a picture is looked at in, in pixels, whatever its shape. */
export const lookSide = 64

/** Returns what a picture looks like. `pixels`: red, green and blue bytes of a square with sides of `lookSide`. */
export const lookOf = (pixels: Uint8Array): PictureLook => ({
  colours: mainColours(pixels),
  hash: perceptualHash(pixels),
})
