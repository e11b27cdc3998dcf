import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** The pictures that were drawn when a checkout was installed, or the package was built. */
export const drawnFolder = new URL('./drawn/', import.meta.url)

/**
 * What the server made of the pictures when a checkout was installed: for each a folder with its name, of renditions and a
 * `picture.json` about them. The published package has none: they would be more than all else in it.
 */
export const madeFolder = new URL('../made/', import.meta.url)

/** Returns the name of the picture that is drawn from these parts. Other parts make another picture, and another name. */
export function drawnName(parts: readonly string[]): string {
  return `${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}.jpg`
}

/** Returns a picture that was drawn before; undefined if it was not. */
export async function readDrawn(name: string): Promise<Buffer | undefined> {
  return readFile(new URL(name, drawnFolder)).catch(() => undefined)
}
