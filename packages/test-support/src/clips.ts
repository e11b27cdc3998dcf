import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findVideoTools } from '../../server/src/domains/videos/tools.ts'

const run = promisify(execFile)

/** The ffmpeg of this machine; undefined if there is none. */
export const tools = await findVideoTools()

const quiet = ['-nostdin', '-v', 'error', '-y']

/** Makes a clip with ffmpeg: `parameters` are its inputs and options, without the name of the output file. */
export async function makeClip(parameters: readonly string[], ending = 'mp4'): Promise<Buffer<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-clip-'))
  try {
    const path = join(folder, `clip.${ending}`)
    await run(tools?.ffmpeg ?? 'ffmpeg', [...quiet, ...parameters, path])
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A test picture that moves, as an input of ffmpeg. */
export const pictures = (size: string, seconds = 1) => [
  ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10:duration=${seconds}`],
]
export const sound = (seconds = 1) => ['-f', 'lavfi', '-i', `sine=duration=${seconds}`]
export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

/** Returns everything that ffprobe reports about a video at an address or path. */
export async function probe(path: string): Promise<{
  streams: { codec_type: string; codec_name: string; width?: number; height?: number; side_data_list?: unknown[] }[]
  format: { duration: string; tags?: Record<string, string> }
}> {
  const parameters = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path]
  return JSON.parse((await run(tools?.ffprobe ?? 'ffprobe', parameters)).stdout)
}
