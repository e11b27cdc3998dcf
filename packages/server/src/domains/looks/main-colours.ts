import { oklabOf } from './oklab.ts'

/** A colour of a picture. */
export interface MainColour {
  /** `#rrggbb` */
  hex: string
  /** How much of the picture has it, in percent. */
  share: number
}

/** At most this many are kept of a picture. */
const mostColours = 5
/** What has less of a picture, in percent, is not what somebody would call it by. */
const leastShare = 4
/** Pixels this close in Oklab belong to one colour. */
const oneColour = 0.09
/** At most this many groups of pixels are told apart, and the largest of them are kept. */
const [mostGroups, keptGroups] = [40, 12]
/** Each channel is cut down to this many bits, so that few colours have to be compared. */
const bits = 4

/** Pixels of nearly the same colour: how many, the sums of their channels, and their middle in Oklab. */
interface Group {
  pixels: number
  red: number
  green: number
  blue: number
  lightness: number
  a: number
  b: number
}

/** Returns the colours that a picture is made of, what stands out first. `pixels`: its red, green and blue bytes. */
export function mainColours(pixels: Uint8Array): MainColour[] {
  const all = alike(pixels)
  // Around the middles once more: what came first decided where they were.
  const groups = around(gather(all).slice(0, keptGroups), all)
  const count = pixels.length / 3
  const shareOf = (group: Group) => Math.round((100 * group.pixels) / count)
  return groups
    .filter((group) => shareOf(group) >= leastShare)
    .sort((one, other) => weightOf(other) - weightOf(one))
    .slice(0, mostColours)
    .map((group) => ({ hex: hexOf(meanOf(group)), share: shareOf(group) }))
}

/** Returns the most frequent colour as `#rrggbb`, of those that are told apart by four bits of each channel. */
export function dominantColour(pixels: Uint8Array): string {
  const counts = new Uint32Array(1 << (3 * bits))
  let most = 0
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const cell = cellAt(pixels, at)
    const count = (counts[cell] ?? 0) + 1
    counts[cell] = count
    if (count > most) most = count
  }
  let at = 0
  // Of several that are as frequent, the one that comes first.
  while (at + 2 < pixels.length && counts[cellAt(pixels, at)] !== most) at += 3
  const middle = (byte = 0) => ((byte >> (8 - bits)) << (8 - bits)) + (1 << (7 - bits))
  return hexOf([middle(pixels[at]), middle(pixels[at + 1]), middle(pixels[at + 2])])
}

/** Returns the number of the colours among which the pixel at a place is. */
function cellAt(pixels: Uint8Array, at: number): number {
  const cut = 8 - bits
  const [red = 0, green = 0, blue = 0] = [pixels[at], pixels[at + 1], pixels[at + 2]]
  return ((red >> cut) << (2 * bits)) | ((green >> cut) << bits) | (blue >> cut)
}

/** A little of a vivid colour tells as much of a picture as a lot of grey. */
const weightOf = ({ pixels, a, b }: Group): number => pixels * (0.3 + Math.hypot(a, b) * 5)

/** Returns pixels of nearly the same colour together, the most frequent first. */
function alike(pixels: Uint8Array): Group[] {
  const groups = new Map<number, Group>()
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = [pixels[at], pixels[at + 1], pixels[at + 2]]
    const key = cellAt(pixels, at)
    const group = groups.get(key)
    if (!group) groups.set(key, { pixels: 1, red, green, blue, lightness: 0, a: 0, b: 0 })
    else {
      group.pixels++
      group.red += red
      group.green += green
      group.blue += blue
    }
  }
  for (const group of groups.values()) [group.lightness, group.a, group.b] = oklabOf(...meanOf(group))
  return [...groups.values()].sort(mostFirst)
}

/** Returns groups of what is close to each other, the largest first. */
function gather(all: readonly Group[]): Group[] {
  const groups: Group[] = []
  for (const each of all) {
    const near = nearest(groups, each, oneColour)
    if (near) add(near, each)
    else if (groups.length < mostGroups) groups.push({ ...each })
  }
  return groups.sort(mostFirst)
}

/** Returns groups of what is nearest to each of the middles; what is far from all of them is left out. */
function around(middles: readonly Group[], all: readonly Group[]): Group[] {
  const groups = new Map(middles.map((middle) => [middle, { ...middle, pixels: 0, red: 0, green: 0, blue: 0 }]))
  for (const each of all) {
    const near = nearest(middles, each, 2 * oneColour)
    const group = near && groups.get(near)
    if (group) add(group, each)
  }
  return [...groups.values()].filter(({ pixels }) => pixels > 0)
}

/** Returns the group whose middle is the nearest to that of another one, if it is closer than `within`. */
function nearest(groups: readonly Group[], { lightness, a, b }: Group, within: number): Group | undefined {
  let found: Group | undefined
  let least = within * within
  for (const group of groups) {
    const far = (group.lightness - lightness) ** 2 + (group.a - a) ** 2 + (group.b - b) ** 2
    if (far < least) [found, least] = [group, far]
  }
  return found
}

/** Adds pixels to a group, whose middle moves. */
function add(group: Group, more: Group): void {
  const part = more.pixels / (group.pixels + more.pixels)
  group.lightness += (more.lightness - group.lightness) * part
  group.a += (more.a - group.a) * part
  group.b += (more.b - group.b) * part
  group.pixels += more.pixels
  group.red += more.red
  group.green += more.green
  group.blue += more.blue
}

const meanOf = ({ pixels, red, green, blue }: Group): [number, number, number] => [
  Math.round(red / pixels),
  Math.round(green / pixels),
  Math.round(blue / pixels),
]

const mostFirst = (one: Group, other: Group): number => other.pixels - one.pixels
const hexOf = (bytes: readonly number[]): string =>
  `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
