import type { PictureLook } from './picture-look.ts'

/** What a Pin looks like: its picture, or the one that stands for it. */
export interface PinLook extends PictureLook {
  /** The beginning of the SHA-256 of the bytes that the picture was made of. */
  source: string
}

/** What tells what a picture looks like, as its row has it. */
interface LookedPicture {
  look: string | null
  source_hash: string
}

/** Digits that are kept of a SHA-256: whoever wants to be certain compares the whole of it. */
export const sourceDigits = 12

/** Returns the text that is kept with a Pin that shows a picture; null if nobody has looked at that yet. */
export function pinLookText(picture: LookedPicture | undefined): string | null {
  if (!picture || picture.look === null) return null
  const look: PictureLook = JSON.parse(picture.look)
  const kept: PinLook = { ...look, source: picture.source_hash.slice(0, sourceDigits) }
  return JSON.stringify(kept)
}

/** Reads that text. */
export const readPinLook = (text: string | null): PinLook | undefined => (text === null ? undefined : JSON.parse(text))
