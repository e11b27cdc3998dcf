import { askerOf, type Viewer } from '../../core/viewer.ts'
import type { PictureFetcher } from '../media/fetch-picture.ts'
import type { VideoRow, Videos } from '../videos/videos.ts'
import type { PictureOrigin, PlannedMedia } from './media-source.ts'

/** The media of a Pin, fetched. */
export interface FetchedMedia {
  /** The bytes of its pictures, in order. */
  bytes: Buffer[]
  /** Its video, if it shows one. */
  video: VideoRow | undefined
  /** Whether one of the pictures was drawn, since the real one could not be fetched. */
  hasStandIn: boolean
}

export interface MediaOrigins {
  fetcher: PictureFetcher
  videos: Videos
  /** Returns the bytes of a picture that came as base64. */
  pictureBytes: (data: string) => Buffer
}

/**
 * Fetches the media of a Pin. Throws `imageUnreachable`, `mediaNotFound`, `videoInvalid`, or a 429 when too many wait.
 */
export async function fetchMedia(
  viewer: Viewer,
  { pictures, mediaId }: PlannedMedia,
  { fetcher, videos, pictureBytes }: MediaOrigins,
): Promise<FetchedMedia> {
  const video = mediaId === undefined ? undefined : await videos.findReady(viewer, mediaId)
  let hasStandIn = false
  const noteStandIn = () => {
    hasStandIn = true
  }
  const bytesOf = async (origin: PictureOrigin): Promise<Buffer> => {
    if ('url' in origin) return fetcher.fetch(origin.url, { accountId: askerOf(viewer), onStandIn: noteStandIn })
    if ('data' in origin) return pictureBytes(origin.data)
    if ('bytes' in origin) return origin.bytes
    if (!video) throw new Error('A cover is to be taken from a video, and there is none.')
    return videos.frameAt(video, origin.seconds)
  }
  return { bytes: await Promise.all(pictures.map(bytesOf)), video, hasStandIn }
}
