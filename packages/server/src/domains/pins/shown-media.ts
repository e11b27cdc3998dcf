import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import type { Schema } from '../../db/schema.ts'
import type { PictureRow, Pictures } from '../media/pictures.ts'
import type { VideoRow, Videos } from '../videos/videos.ts'
import { checkSameShape, pictureKeys, type Slot } from './carousel.ts'
import type { ShownMedia } from './kept-text.ts'
import type { PlannedMedia } from './media-source.ts'
import type { PinRow } from './store.ts'

/** The columns that name a Pin's media. */
export type MediaColumns = Pick<PinRow, 'creative_type' | 'picture_key' | 'video_id' | 'carousel'>

/** A Pin's media, and the columns that name it. */
export interface Shown {
  columns: MediaColumns
  media: ShownMedia
}

/**
 * Returns the media of a planned Pin, with its pictures in order. Throws a 400 when they do not fit in one carousel.
 */
export function showPlanned(
  { cover, slotWords }: PlannedMedia,
  pictures: readonly PictureRow[],
  video: VideoRow | undefined,
): Shown {
  const keyAt = (index: number): string => pictures[index]?.key ?? ''
  const media = { pictures: new Map(pictures.map((row) => [row.key, row])), video }
  const columns = { picture_key: keyAt(cover), video_id: video?.id ?? null, carousel: null }
  if (!slotWords) return { media, columns: { ...columns, creative_type: video ? 'VIDEO' : 'REGULAR' } }
  checkSameShape(pictures)
  const none = { title: null, description: null, link: null }
  const slots: Slot[] = slotWords.map((words, i) => ({ key: keyAt(i), ...none, ...words }))
  return { media, columns: { ...columns, creative_type: 'CAROUSEL', carousel: JSON.stringify(slots) } }
}

/** Assigns one Pin's media to another as well. Throws `PictureGone` or `VideoGone`. */
export async function shareMedia(
  tx: Transaction<Schema>,
  pin: PinRow,
  { pictures, videos }: { pictures: Pictures; videos: Videos },
): Promise<Shown> {
  const rows = new Map<string, PictureRow>()
  for (const key of pictureKeys(pin)) rows.set(key, await pictures.share(tx, key))
  const video = pin.video_id === null ? undefined : await videos.use(tx, pin.video_id)
  const { creative_type, picture_key, video_id, carousel } = pin
  return { columns: { creative_type, picture_key, video_id, carousel }, media: { pictures: rows, video } }
}

/** Reads a Pin's media. Throws `pinNotFound` when it is being removed. */
export async function readShown(
  pin: PinRow,
  { pictures, videos }: { pictures: Pictures; videos: Videos },
): Promise<ShownMedia> {
  const rows = new Map<string, PictureRow>()
  for (const key of pictureKeys(pin)) {
    const row = await pictures.byKey(key)
    if (!row) throw new ApiError('pinNotFound')
    rows.set(key, row)
  }
  return { pictures: rows, video: pin.video_id === null ? undefined : await videos.byId(pin.video_id) }
}
