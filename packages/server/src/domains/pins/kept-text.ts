import { wireTime } from '../../core/clock.ts'
import type { PinSummary } from '../analytics/analytics.ts'
import type { PictureRow } from '../media/pictures.ts'
import { extensionOf, type RenditionSizes, renditionNames } from '../media/renditions.ts'
import type { VideoRow } from '../videos/videos.ts'
import { readSlots } from './carousel.ts'
import type { PinRow } from './store.ts'

/**
 * A Pin's JSON text is stored with its row. Two parts of it vary: what the Pin is to the viewer, which is put in
 * front, and the server's address, which this character stands for (it cannot occur in JSON text, where control
 * characters are escaped).
 */
const publicUrlMark = '\x01'

/** The media of a Pin, by the columns that name it. */
export interface ShownMedia {
  pictures: ReadonlyMap<string, PictureRow>
  video: VideoRow | undefined
}

/**
 * Returns the text to store with a Pin. It is ASCII, which takes a third of the time to read from the database and
 * send.
 */
export function keptText(pin: Omit<PinRow, 'rendered'>, shown: ShownMedia, boardOwner: string): string {
  const text = JSON.stringify({
    id: String(pin.id),
    created_at: wireTime(pin.created_at),
    link: pin.link,
    title: pin.title,
    description: pin.description,
    alt_text: pin.alt_text,
    dominant_color: pin.dominant_color,
    creative_type: pin.creative_type,
    board_id: String(pin.board_id),
    board_section_id: pin.section_id === null ? null : String(pin.section_id),
    board_owner: { username: boardOwner },
    parent_pin_id: pin.parent_pin_id === null ? null : String(pin.parent_pin_id),
    is_standard: pin.is_standard === 1,
    has_been_promoted: false,
    ...(pin.ai_disclosures !== null && { ai_disclosures: { values: JSON.parse(pin.ai_disclosures) } }),
  })
  return `${inAscii(text.slice(1, -1))},"media":${mediaText(pin, shown)}`
}

function mediaText(pin: Pick<PinRow, 'picture_key' | 'carousel'>, { pictures, video }: ShownMedia): string {
  const slots = readSlots(pin)
  if (slots) {
    const items = slots.map(({ key, ...words }) => {
      const text = inAscii(JSON.stringify({ item_type: 'image', ...words }))
      return `${text.slice(0, -1)},"images":${imagesText(pictures.get(key))}}`
    })
    return `{"media_type":"multiple_images","items":[${items.join(',')}]}`
  }
  const cover = pictures.get(pin.picture_key)
  return video
    ? `{"media_type":"video",${videoText(video, cover)},"images":${imagesText(cover)}}`
    : `{"media_type":"image","images":${imagesText(cover)}}`
}

function videoText({ key, duration_ms, width, height }: VideoRow, cover: PictureRow | undefined): string {
  const coverUrl = `"${publicUrlMark}/media/600x/${cover?.key}.jpg"`
  const url = `"${publicUrlMark}/media/videos/${key}.mp4"`
  const urls = `"cover_image_url":${coverUrl},"video_url_hls":null,"video_url":${url}`
  return `${urls},"duration":${duration_ms},"width":${width},"height":${height}`
}

/** Returns JSON text with every other character escaped. */
function inAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function imagesText(picture: PictureRow | undefined): string {
  if (!picture) throw new Error('A Pin shows a picture that was not read.')
  const { key, format, renditions } = picture
  const sizes: RenditionSizes = JSON.parse(renditions)
  const images = renditionNames.map((name) => {
    const [width, height] = sizes[name]
    const url = `"${publicUrlMark}/media/${name}/${key}.${extensionOf(name, format)}"`
    return `"${name}":{"width":${width},"height":${height},"url":${url}}`
  })
  return `{${images.join(',')}}`
}

/** What a Pin's text depends on beside the Pin. */
export interface PinContext {
  /** Whether the Pin is the viewer's. */
  isOwner: boolean
  /** Whether the viewer can delete it though it is not, since its board is the viewer's. */
  isOnOwnBoard?: boolean | undefined
  /** The server's public address, without a slash at the end. */
  publicUrl: string
  /** Its analytics, if requested. */
  metrics?: PinSummary | undefined
  /** The ids of the Pins that are tagged in it, if any are. */
  tags?: readonly number[] | undefined
  /** Whether tags are objects, not just ids. */
  tagsAsObjects?: boolean | undefined
}

/** What is the same in every Pin here. It is not kept, so that Pins from before it was sent have it too. */
const sameInAll = '"is_product":false'

/** The front of most Pins, ready for use: without tags and metrics. */
const plainFront = { viewers: front({ isOwner: true }), others: front({ isOwner: false }) }

/** A Pin as it is sent, from its kept text. */
export function pinText(kept: string, context: PinContext): string {
  const isPlain = context.metrics === undefined && context.tags === undefined && !context.isOnOwnBoard
  const plain = context.isOwner ? plainFront.viewers : plainFront.others
  return `${isPlain ? plain : front(context)}${kept.replaceAll(publicUrlMark, context.publicUrl)}}`
}

function front(context: Omit<PinContext, 'publicUrl'>): string {
  const { isOwner, isOnOwnBoard = false, metrics, tags = [], tagsAsObjects } = context
  const ofViewer = `"is_owner":${isOwner},"is_removable":${isOwner || isOnOwnBoard}`
  const counted = `"pin_metrics":${metrics ? JSON.stringify(metrics) : 'null'}`
  const tagged = `"product_tags":[${tags.map((id) => (tagsAsObjects ? `{"pin_id":"${id}"}` : `"${id}"`)).join()}]`
  return `{${ofViewer},${sameInAll},${tagged},${counted},`
}
