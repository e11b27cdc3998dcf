/** The side of the square whose frequencies are compared, in pixels. */
const side = 32
/** A picture with less contrast than this has nothing to be known by. */
const leastContrast = 40

/** The frequencies that make the hash, from low to high, by how often they go across and down; not the mean. */
const frequencies = Array.from({ length: 11 * 11 }, (_, i) => [Math.floor(i / 11), i % 11] as const)
  .sort(([a, b], [c, d]) => a + b - c - d || a - c)
  .slice(1, 65)

/** The wave of each frequency at each pixel. */
const waves = Array.from({ length: 11 }, (_, frequency) =>
  Array.from({ length: side }, (__, at) => Math.cos(((2 * at + 1) * frequency * Math.PI) / (2 * side))),
)

/**
 * Returns the perceptual hash of a picture: 64 bits as 16 hexadecimal digits, of which few differ in a picture of the
 * same in another size or quality (the method of pHash: which of the lowest frequencies are above their median). Null if the
 * picture has hardly any contrast. `pixels`: the red, green and blue bytes of a square with sides of 64 pixels.
 */
export function perceptualHash(pixels: Uint8Array): string | null {
  const grey = halved(pixels)
  const strengths = strengthsIn(grey)
  if (Math.max(...strengths.map(Math.abs)) < leastContrast) return null
  const sorted = strengths.toSorted((a, b) => a - b)
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2
  // Every fourth bit, so that each quarter of the hash has some of the low frequencies, which hardly ever differ.
  let hash = 0n
  for (let quarter = 0; quarter < 4; quarter++)
    for (let i = quarter; i < 64; i += 4) hash = (hash << 1n) | ((strengths[i] ?? 0) > median ? 1n : 0n)
  return hash.toString(16).padStart(16, '0')
}

/** Returns how bright a picture is, in half its size. */
function halved(pixels: Uint8Array): Float64Array {
  const grey = new Float64Array(side * side)
  for (let y = 0; y < 2 * side; y++)
    for (let x = 0; x < 2 * side; x++) {
      const at = 3 * (y * 2 * side + x)
      const brightness = 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0)
      const to = (y >> 1) * side + (x >> 1)
      grey[to] = (grey[to] ?? 0) + brightness / 4
    }
  return grey
}

/** Returns how strong each frequency is in a picture, as a sum over its pixels (DCT-II). */
function strengthsIn(grey: Float64Array): number[] {
  // Across first: each row's strengths serve every frequency down.
  const rows = waves.map((wave) => {
    const row = new Float64Array(side)
    for (let y = 0; y < side; y++) {
      let sum = 0
      for (let x = 0; x < side; x++) sum += (grey[y * side + x] ?? 0) * (wave[x] ?? 0)
      row[y] = sum
    }
    return row
  })
  return frequencies.map(([across, down]) => {
    const [row, wave] = [rows[across], waves[down]]
    let sum = 0
    for (let y = 0; y < side; y++) sum += (row?.[y] ?? 0) * (wave?.[y] ?? 0)
    return sum / side
  })
}

/** Returns in how many of their 64 bits two hashes differ. */
export function differingBits(one: string, other: string): number {
  let bits = BigInt(`0x${one}`) ^ BigInt(`0x${other}`)
  let count = 0
  for (; bits > 0n; bits &= bits - 1n) count++
  return count
}
