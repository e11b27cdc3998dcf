import { readFile } from 'node:fs/promises'
import type { PinterestClient, UploadProgress } from '@pinfold/client'
import { type Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { withProgress } from '../output/with-progress.ts'
import { isAddress, parseCover } from './media-source.ts'
import { loadCover, videoPart } from './video-part.ts'

export interface PinMediaOptions {
  image?: string[]
  video?: string
  cover?: string
}

/** Adds the options for a Pin's media. */
export function withPinMedia(command: Command): Command {
  return command
    .addOption(
      new Option('--image <file|url>', 'the picture; named two to five times, the pictures of a carousel').argParser(
        (text, before: string[] = []) => [...before, text],
      ),
    )
    .addOption(new Option('--video <file>', 'a video: MP4, MOV or M4V').conflicts('image'))
    .option('--cover <file|url|seconds>', 'the cover of the video: a picture, or a time in it (default: its beginning)')
}

/** Ends the command if its options do not describe a Pin's media. */
export function checkPinMedia({ image = [], video, cover }: PinMediaOptions, command: Command): void {
  if (image.length === 0 && video === undefined) command.error('say what the Pin shows, with --image or --video')
  if (image.length > 5) command.error('--image can be named five times at most')
  if (image.some(isAddress) && !image.every(isAddress))
    command.error('--image: name files or addresses, not both for one Pin')
  if (cover !== undefined && video === undefined) command.error('--cover needs --video: it is the cover of a video')
  if (video !== undefined && isAddress(video)) command.error('--video must be a file')
}

/** Returns a new Pin's media as the client takes it. Uploads a video. */
export async function pinMedia(client: PinterestClient, { image = [], video, cover }: PinMediaOptions) {
  if (video !== undefined) return showingVideo(client, video, cover)
  const [first = '', ...more] = image
  if (isAddress(first)) {
    if (more.length === 0) return { media_source: { source_type: 'image_url' as const, url: first } }
    return { media_source: { source_type: 'multiple_image_urls' as const, items: image.map((url) => ({ url })) } }
  }
  const pictures = await readable('picture', () => Promise.all(image.map((file) => readFile(file))))
  return pictures.length === 1 ? { picture: pictures[0] as Uint8Array } : { pictures }
}

async function showingVideo(client: PinterestClient, file: string, cover: string | undefined) {
  const loaded = await readable('cover', () =>
    loadCover(cover === undefined ? undefined : parseCover(cover, (path) => path)),
  )
  let progress: UploadProgress | undefined
  const upload = () => client.media.upload(file, { onProgress: (told) => (progress = told) })
  const { media_id } = await readable('video', () => withProgress(() => uploadLine(progress), upload))
  return videoPart(media_id, loaded)
}

/** Describes the progress of an upload. */
export function uploadLine(progress: UploadProgress | undefined): string {
  if (progress?.phase === 'processing') return 'The service is processing the video'
  const { sentBytes = 0, totalBytes = 0 } = progress ?? {}
  const percent = totalBytes > 0 ? Math.floor((sentBytes / totalBytes) * 100) : 0
  return `Uploading: ${(sentBytes / 1e6).toFixed(1)} of ${(totalBytes / 1e6).toFixed(1)} MB (${percent} %)`
}

/** Turns the errors of files that cannot be read into a line. */
async function readable<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new CommandError(`The ${what} cannot be read: ${error.message}`, exitCodes.failed)
  }
}
