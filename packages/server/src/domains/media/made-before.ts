import type { Picture } from './picture-worker.ts'

const known = new WeakMap<Buffer, Picture>()

/**
 * Has a picture of these very bytes be stored as it was made before, by this version, instead of being made again. Only for
 * bytes that come with the server.
 */
export function noteMade(bytes: Buffer, picture: Picture): void {
  known.set(bytes, picture)
}

/** Returns what was made of these very bytes before; undefined if nothing was. */
export const madeBefore = (bytes: Buffer): Picture | undefined => known.get(bytes)
