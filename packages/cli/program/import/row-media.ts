import { open, readFile } from 'node:fs/promises'
import type { MediaSource } from '../pin-media/media-source.ts'
import { loadCover, videoPart } from '../pin-media/video-part.ts'
import type { RowPicture } from './row.ts'

/** How JPEG, PNG, GIF, WebP and AVIF begin. Any other file is not sent. */
const pictureBeginnings = [
  /^\xff\xd8\xff/,
  /^\x89PNG\r\n/,
  /^GIF8/,
  /^RIFF....WEBP/s,
  /^....ftyp(avif|avis|mif1|miaf)/s,
]

/** How MP4, MOV and M4V begin; old MOV files begin without `ftyp`. */
const videoBeginnings = [/^....(ftyp|moov|mdat|wide|free|skip)/s]

/** A file of a row that cannot be sent. */
export class UnusableFile extends Error {}

/**
 * Returns why a server would refuse a row's media, decoding pictures as a server does. Undefined if it would not, or if
 * that is not known in advance, as for media at an address.
 */
export async function contentProblem(shown: RowPicture): Promise<string | undefined> {
  const problem = await filesProblem(shown)
  if (problem !== undefined) return problem
  const { pictureProblem } = await import('@pinfold/server')
  for (const source of picturesOf(shown)) {
    const refused = 'file' in source ? await pictureProblem(await readFile(source.file)) : undefined
    if (refused !== undefined && 'file' in source) return `${source.file} cannot be used. ${refused}`
  }
  for (const data of inBase64(shown)) {
    if (!isBase64(data)) return 'A picture of its media_source is not base64.'
    const refused = await pictureProblem(Buffer.from(data, 'base64'))
    if (refused !== undefined) return `A picture of its media_source cannot be used. ${refused}`
  }
  return undefined
}

/** Returns the pictures within the row itself. */
function inBase64(shown: RowPicture): string[] {
  if (!('source' in shown)) return []
  const { source } = shown
  if (source.source_type === 'image_base64') return [source.data]
  if (source.source_type === 'multiple_image_base64') return source.items.map(({ data }) => data)
  return []
}

const isBase64 = (text: string): boolean => /^[a-zA-Z0-9+/]+={0,2}$/.test(text)

/** Returns why a row's files cannot be sent, as far as they show it; undefined if they can. */
export async function filesProblem(shown: RowPicture): Promise<string | undefined> {
  for (const source of picturesOf(shown)) {
    const problem = 'file' in source ? await fileProblem(source.file, 'picture', pictureBeginnings) : undefined
    if (problem !== undefined) return problem
  }
  return 'video' in shown ? fileProblem(shown.video, 'video', videoBeginnings) : undefined
}

/**
 * Returns a row's media as the client takes it; `upload` returns the id of a video. Throws an `UnusableFile` before
 * anything is uploaded.
 */
export async function mediaOf(shown: RowPicture, upload: (video: string) => Promise<string>) {
  const problem = await filesProblem(shown)
  if (problem !== undefined) throw new UnusableFile(problem)
  if ('url' in shown) return { media_source: { source_type: 'image_url' as const, url: shown.url } }
  if ('source' in shown) return { media_source: shown.source }
  if ('file' in shown) return { picture: await readFile(shown.file) }
  if ('items' in shown) return { media_source: { source_type: 'multiple_image_urls' as const, items: shown.items } }
  if ('pictures' in shown)
    return {
      pictures: await Promise.all(
        shown.pictures.map(async ({ file, ...words }) => ({ ...words, picture: await readFile(file) })),
      ),
    }
  const cover = await loadCover(shown.cover)
  return videoPart(await upload(shown.video), cover)
}

function picturesOf(shown: RowPicture): readonly MediaSource[] {
  if ('pictures' in shown) return shown.pictures
  if ('video' in shown) return shown.cover && !('second' in shown.cover) ? [shown.cover] : []
  return 'file' in shown ? [shown] : []
}

async function fileProblem(path: string, what: string, beginnings: readonly RegExp[]): Promise<string | undefined> {
  try {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(16), position: 0 })
      const head = buffer.toString('latin1', 0, bytesRead)
      return beginnings.some((beginning) => beginning.test(head)) ? undefined : `${path} is not a ${what}.`
    } finally {
      await file.close()
    }
  } catch (error) {
    return `The ${what} cannot be read: ${(error as Error).message}`
  }
}
