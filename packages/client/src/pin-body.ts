import { base64, bytesOf, contentType, type Picture } from './pictures.ts'
import type { PinCreate } from './types.ts'
import type { Upload, Video } from './upload.ts'

/** One picture of a carousel, optionally with words of its own. */
export type CarouselPicture = Picture | { picture: Picture; title?: string; description?: string; link?: string }

type Words = Omit<PinCreate, 'media_source'>
type Nothing<Names extends string> = { [Name in Names]?: never }

/** A Pin to make: with a `media_source`, or with your own `picture`, `pictures` or `video` instead. */
export type NewPin =
  | (PinCreate & Nothing<'picture' | 'pictures' | 'first' | 'video' | 'cover'>)
  | (Words & { picture: Picture } & Nothing<'media_source' | 'pictures' | 'first' | 'video' | 'cover'>)
  /** Two to five pictures of one aspect ratio; `first`: the index of the one shown first, from 0. */
  | (Words & { pictures: readonly CarouselPicture[]; first?: number } & Nothing<
        'media_source' | 'picture' | 'video' | 'cover'
      >)
  /**
   * `video`: your own, or one that `client.media.upload` has sent. `cover`: a picture, or the second of the video to
   * take it from; the beginning if not given.
   */
  | (Words & { video: Video | { media_id: string }; cover?: Picture | number } & Nothing<
        'media_source' | 'picture' | 'pictures' | 'first'
      >)

/** Returns the body for a Pin: encodes your own pictures as base64, uploads your own video. */
export async function pinBody(pin: NewPin, upload: Upload, signal: AbortSignal | undefined): Promise<PinCreate> {
  const { picture, pictures, first, video, cover, media_source: given, ...rest } = pin
  if (picture !== undefined)
    return { ...rest, media_source: { source_type: 'image_base64', ...(await pictureFields(picture)) } }
  if (pictures !== undefined) {
    const items = await Promise.all(pictures.map(carouselItem))
    const index = first === undefined ? {} : { index: first }
    return { ...rest, media_source: { source_type: 'multiple_image_base64', items, ...index } }
  }
  if (video === undefined) return given ? { ...rest, media_source: given } : rest
  // The cover first: if it cannot be read, an upload is wasted.
  const coverFields = await fieldsOfCover(cover ?? 0)
  const { media_id } = isUploaded(video) ? video : await upload(video, signal ? { signal } : {})
  return { ...rest, media_source: { source_type: 'video_id', media_id, ...coverFields } }
}

const isUploaded = (video: Video | { media_id: string }): video is { media_id: string } =>
  typeof video === 'object' && 'media_id' in video

/** Returns the fields for a cover: in base64, or as a time. */
async function fieldsOfCover(cover: Picture | number) {
  if (typeof cover === 'number') return { cover_image_key_frame_time: cover }
  const { content_type, data } = await pictureFields(cover)
  return { cover_image_content_type: content_type, cover_image_data: data }
}

async function carouselItem(given: CarouselPicture) {
  if (typeof given !== 'object' || !('picture' in given)) return pictureFields(given)
  const { picture, ...words } = given
  return { ...words, ...(await pictureFields(picture)) }
}

async function pictureFields(picture: Picture) {
  const bytes = await bytesOf(picture)
  return { content_type: contentType(bytes), data: base64(bytes) }
}
