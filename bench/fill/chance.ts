/** Returns a number from 0 to 1 that looks random and is always the same for these three. */
export function chance(seed: number, place: number, purpose: number): number {
  let mixed = Math.imul(place ^ Math.imul(seed + 1, 0x9e3779b9), 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
}
