import { html } from '../html.ts'

/** How many pictures of a wall are in the first window: of a phone, and of anything wider. */
const [onPhone, onDesk] = [6, 12]

/**
 * The screens on which a wall takes the rendition for columns, as its `sizes` have the browser choose; wide ones with more
 * pixels to a point take a larger one, and are left to it.
 */
const [anySuch, wideSuch] = [
  '(max-width: 767px), (max-resolution: 1.5dppx)',
  '(min-width: 768px) and (max-resolution: 1.5dppx)',
]

interface Rendition {
  url: string
  width: number
}
interface Images {
  '600x'?: Rendition
  '1200x'?: Rendition
}
interface ShownMedia {
  media_type?: string
  images?: Images
  items?: { images?: Images }[]
}

/** Returns the addresses of the first pictures of the wall that the first answers have, if they have one. */
export function firstPictures(answers: ReadonlyMap<string, string>): string[] {
  const wall = answers.entries().find(([address]) => /^\/_pinfold\/web\/(feed|[^?]*\/pins\?)/.test(address))
  if (!wall) return []
  const { items }: { items: { media?: ShownMedia | null }[] } = JSON.parse(wall[1])
  return items.slice(0, onDesk).flatMap(({ media }) => {
    const images = media?.images ?? media?.items?.[0]?.images
    return images?.['600x'] ? [images['600x'].url.replace(/\/600x\/(\w+)\.jpg$/, '/360x/$1.webp')] : []
  })
}

/** How wide the picture of a Pin's page is, as `stage.tsx` of the app tells the browser. */
const stageSizes = '(min-width: 1024px) min(840px, calc(100vw - 488px)), 100vw'

/** Has the browser load the picture of a Pin's page before anything else that may wait, if the first answers have one. */
export function preloadOfPin(answers: ReadonlyMap<string, string>): string {
  const found = answers.entries().find(([address]) => /^\/_pinfold\/web\/pins\/\d+$/.test(address))
  if (!found) return ''
  const { media }: { media?: ShownMedia | null } = JSON.parse(found[1]).pin
  if (!media || media.media_type === 'video') return ''
  const { '600x': medium, '1200x': large } = media.images ?? media.items?.[0]?.images ?? {}
  if (!medium || !large || large.width <= medium.width) return ''
  const sources = `${medium.url} ${medium.width}w, ${large.url} ${large.width}w`
  return html`<link rel="preload" as="image" fetchpriority="high" imagesrcset="${sources}" imagesizes="${stageSizes}">`
    .text
}

/** Has the browser load pictures while it loads the app, behind what the app needs. */
export const preloads = (pictures: readonly string[]): string =>
  pictures
    .map(
      (url, i) => html`<link rel="preload" as="image" href="${url}" media="${i < onPhone ? anySuch : wideSuch}">`.text,
    )
    .join('')
