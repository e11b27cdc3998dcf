/** Returns a text of keys: each in eight bytes, in base64. */
export function keyText(keys: readonly number[]): string {
  const bytes = Buffer.alloc(keys.length * 8)
  for (let i = 0; i < keys.length; i++) bytes.writeDoubleLE(keys[i] ?? 0, i * 8)
  return bytes.toString('base64')
}

/** Returns the keys in such a text. */
export function keysIn(text: string): number[] {
  const bytes = Buffer.from(text, 'base64')
  return Array.from({ length: bytes.length >> 3 }, (_, i) => bytes.readDoubleLE(i * 8))
}
