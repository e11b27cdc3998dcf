import type { OperationInput, resources } from '@pinfold/contract'
import { ApiError, invalid } from '../../core/errors.ts'
import { checkSlotWords, type Slot } from './carousel.ts'

type GivenSource = NonNullable<OperationInput<typeof resources.pins.create>['body']['media_source']>
type VideoSource = Extract<GivenSource, { source_type: 'video_id' }>

/** The source of a Pin's media: as clients send it, or the bytes of a picture. */
export type MediaSource = GivenSource | { source_type: 'bytes'; bytes: Buffer }

/** Where a picture comes from; `seconds`: from the video, at that time. */
export type PictureOrigin = { url: string } | { data: string } | { bytes: Buffer } | { seconds: number }

/** The media of a Pin, checked as far as possible before anything is fetched. */
export interface PlannedMedia {
  /** The sources of its pictures, in order. */
  pictures: PictureOrigin[]
  /** The index of the picture shown first, from 0. */
  cover: number
  /** The id of its video as the client sent it, if it has one. */
  mediaId?: string
  /** The words of each picture, if it is a carousel. */
  slotWords?: Partial<Slot>[]
}

/** Checks the source of a Pin's media. Throws a 400 for an invalid one, `forbidden` for a product page. */
export function planMedia(source: MediaSource): PlannedMedia {
  switch (source.source_type) {
    case 'bytes':
      return { pictures: [{ bytes: source.bytes }], cover: 0 }
    case 'image_url':
      return { pictures: [{ url: source.url }], cover: 0 }
    case 'image_base64':
      return { pictures: [{ data: source.data }], cover: 0 }
    case 'multiple_image_urls':
    case 'multiple_image_base64': {
      const { items, index: cover = 0 } = source
      if (cover >= items.length)
        throw invalid(`'media_source.index' must be less than ${items.length}, the number of pictures.`)
      return { pictures: [...items], cover, slotWords: items.map(checkSlotWords) }
    }
    case 'video_id':
      return { pictures: [coverOf(source)], cover: 0, mediaId: source.media_id }
    case 'pin_url':
      throw new ApiError('forbidden', { detail: 'Making a Pin of a product page (pin_url) is open to no app here.' })
  }
}

/** Returns the cover of a video: of the given ones, the first of bytes, address and time. */
function coverOf(source: VideoSource): PictureOrigin {
  const { cover_image_data: data, cover_image_url: url, cover_image_key_frame_time: seconds } = source
  if (data) return { data }
  if (url) return { url }
  if (seconds !== undefined) return { seconds }
  if (source.cover_image_content_type) throw invalid(`'media_source' lacks 'cover_image_data'.`)
  throw invalid(
    'A video Pin needs a cover: cover_image_url or cover_image_content_type (with cover_image_data), ' +
      'or cover_image_key_frame_time.',
  )
}
