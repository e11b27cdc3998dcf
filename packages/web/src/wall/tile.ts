import type { Pin } from '../api/calls.ts'

/** A picture in the sizes that there are of it. */
export interface Picture {
  /** The renditions, smallest first. */
  sources: { url: string; width: number }[]
  /** The whole picture as it was uploaded. */
  original: string
  width: number
  height: number
}

/** What a wall shows of a Pin. */
export interface Tile {
  id: string
  pin: Pin
  title: string
  alt: string
  /** `#rrggbb`, shown until the picture is there. */
  color: string
  /** Height by width, within what a wall takes. */
  ratio: number
  picture: Picture
  /** How long the video is, in milliseconds; undefined for pictures. */
  videoMs?: number
  /** How many pictures there are. */
  count: number
  boardId: string | undefined
}

type Images = Extract<NonNullable<Pin['media']>, { media_type: 'image' }>['images']

const empty: Picture = { sources: [], original: '', width: 1, height: 1 }

interface Rendition {
  url: string
  width: number
  height: number
}

/** The size of the rendition that the server makes for columns. No answer names it: those have the API's sizes. */
const [columnWidth, columnHeight] = [360, 2400]

/** Returns the rendition for columns that goes with the one of 600 pixels. */
const forColumn = ({ url, width, height }: Rendition): Rendition => ({
  url: url.replace(/\/600x\/(\w+)\.jpg$/, `/${columnWidth}x/$1.webp`),
  width: Math.max(1, Math.round(Math.min(columnWidth, width, (columnHeight * width) / height))),
  height,
})

/** Reads the renditions of a picture. */
export function pictureOf(images: Images): Picture {
  const named = [images?.['600x'], images?.['1200x']].flatMap((each) => each ?? [])
  const original = images?.originals ?? named.at(-1)
  if (!original) return empty
  const kept = [...named.slice(0, 1).map(forColumn), ...named]
  const sources = kept.filter(({ width }, i) => i === 0 || width > (kept[i - 1]?.width ?? 0))
  const { url, width, height } = original
  return { sources, original: url, width, height }
}

/** Returns every picture of a Pin: several of a carousel, the cover of a video. */
export function picturesOf({ media }: Pin): Picture[] {
  if (!media) return []
  if (media.media_type === 'image' || media.media_type === 'video') return [pictureOf(media.images)]
  return (media.items ?? []).flatMap((item) => ('images' in item ? [pictureOf(item.images)] : []))
}

/** Walls keep out of what is taller or wider than this. */
const [leastRatio, mostRatio] = [1 / 2, 2.2]

/** Returns what a wall shows of a Pin. */
export function tileOf(pin: Pin): Tile {
  const pictures = picturesOf(pin)
  const picture = pictures[0] ?? empty
  const isVideo = pin.media?.media_type === 'video'
  return {
    id: pin.id,
    pin,
    title: pin.title ?? '',
    alt: pin.alt_text ?? pin.title ?? '',
    color: pin.dominant_color ?? 'var(--fill)',
    ratio: Math.min(mostRatio, Math.max(leastRatio, picture.height / picture.width)),
    picture,
    ...(isVideo && { videoMs: (pin.media?.media_type === 'video' && pin.media.duration) || 0 }),
    count: pictures.length,
    boardId: pin.board_id,
  }
}

/** Writes a picture's renditions for the `srcset` of an image. */
export const sourceSet = ({ sources }: Picture): string =>
  sources.map(({ url, width }) => `${url} ${width}w`).join(', ')

/** A picture in a column has no more pixels than this to one of CSS: nobody sees more, and they cost the square. */
const mostDensity = 2

/** Writes the width of a column for the `sizes` of an image. */
export const columnSizes = (width: number): string =>
  `${Math.ceil(width * Math.min(1, mostDensity / devicePixelRatio))}px`
