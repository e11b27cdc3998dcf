import { open, stat } from 'node:fs/promises'
import { videoLimits } from './limits.ts'
import { type MadeVideo, UnusableVideo } from './make-video.ts'

/** The index of fifteen minutes has 2 MB; it is read into memory. */
const maxIndexBytes = 16 * 1024 * 1024
const maxBoxes = 100_000

const needsTools = 'This server has no ffmpeg, and takes H.264 in MP4 only.'

/** Replaces ffmpeg: a file that browsers can play is stored unchanged. Throws `UnusableVideo` for any other. */
export async function keepVideo(path: string): Promise<MadeVideo> {
  const { size } = await stat(path)
  if (size === 0) throw new UnusableVideo('It is empty.')
  await checkWhole(path, size)
  // Loaded on demand: most servers have ffmpeg.
  const { FilePathSource, Input, MP4, QTFF } = await import('mediabunny')
  const input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF] })
  try {
    const format = await input.getFormat()
    const video = await input.getPrimaryVideoTrack()
    if (!video) throw new UnusableVideo('There is no video in it.')
    if (format !== MP4 || video.codec !== 'avc') throw new UnusableVideo(needsTools)
    const durationMs = Math.round((await input.computeDuration()) * 1000)
    const { displayWidth: width, displayHeight: height } = video
    if (!(durationMs > 0 && width > 0 && height > 0)) throw new UnusableVideo('It has no pictures.')
    if (durationMs > videoLimits.durationMs)
      throw new UnusableVideo(`It is longer than ${videoLimits.durationMs / 60_000} minutes.`)
    if (width * height > videoLimits.pixels)
      throw new UnusableVideo(`It has ${width} × ${height} pixels; ${videoLimits.pixels} are the most.`)
    return { path, bytes: size, durationMs, width, height }
  } catch (error) {
    if (error instanceof UnusableVideo) throw error
    throw new UnusableVideo('It is damaged, cut off, or none of MP4, MOV and M4V.', { cause: error })
  } finally {
    input.dispose()
  }
}

/**
 * Throws if a file is truncated. The boxes of an MP4 follow each other to the end of the file; in a truncated one the
 * last box ends beyond it.
 */
async function checkWhole(path: string, size: number): Promise<void> {
  const file = await open(path)
  try {
    const head = Buffer.alloc(16)
    for (let at = 0, boxes = 0; at < size; boxes++) {
      const { bytesRead } = await file.read(head, 0, 16, at)
      const short = head.readUInt32BE(0)
      const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? size - at : short
      const isTooLongIndex = head.toString('latin1', 4, 8) === 'moov' && length > maxIndexBytes
      if (bytesRead < 8 || length < 8 || at + length > size || boxes > maxBoxes || isTooLongIndex)
        throw new UnusableVideo('It is damaged, cut off, or none of MP4, MOV and M4V.')
      at += length
    }
  } finally {
    await file.close()
  }
}
