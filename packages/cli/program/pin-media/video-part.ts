import { readFile } from 'node:fs/promises'
import type { Cover } from './media-source.ts'

/** A cover that is ready to send: its bytes, its address, or a second of the video. */
export type LoadedCover = Uint8Array | { url: string } | number

/** Reads a cover. To be done before the upload, which is useless without it. */
export async function loadCover(cover: Cover = { second: 0 }): Promise<LoadedCover> {
  if ('second' in cover) return cover.second
  return 'url' in cover ? cover : readFile(cover.file)
}

/** Returns the fields of a new Pin that shows an uploaded video. */
export function videoPart(media_id: string, cover: LoadedCover) {
  if (typeof cover === 'object' && 'url' in cover)
    return { media_source: { source_type: 'video_id' as const, media_id, cover_image_url: cover.url } }
  return { video: { media_id }, cover }
}
