import { readFile, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { videoLimits } from './limits.ts'
import { type RunOptions, runTool, ToolRefused, ToolTimedOut, type VideoTools } from './tools.ts'

/** A video that can be served. */
export interface MadeVideo {
  /** An MP4 with H.264 and AAC, which plays while it loads. */
  path: string
  bytes: number
  durationMs: number
  /** In pixels, as it is shown. */
  width: number
  height: number
}

/** No video can be made of the file. `message` is for its uploader, `cause` for the log. */
export class UnusableVideo extends Error {}

const videoCodecs = new Set(['h264', 'hevc'])
/** Sound in another codec is dropped. */
const soundCodecs = /^(aac|mp3|ac3|eac3|alac|opus|flac|pcm_[a-z0-9]+)$/

/**
 * Returns the options to open a stranger's file with: as MP4 or MOV whatever it looks like, so never as a playlist;
 * files only, so never an address; and no other file that it refers to.
 */
const openedAs = (path: string) => [
  ...['-protocol_whitelist', 'file', '-f', 'mov', '-enable_drefs', '0', '-use_absolute_path', '0'],
  ...['-max_pixels', String(videoLimits.pixels), '-i', `file:${path}`],
]

interface Stream {
  index: number
  codec_type?: string
  codec_name?: string
  width?: number
  height?: number
  sample_aspect_ratio?: string
  nb_frames?: string
  nb_read_packets?: string
  disposition?: { attached_pic?: number }
  side_data_list?: { rotation?: number }[]
}

/**
 * Makes a web-playable video of a file: H.264 and AAC, at most 720p, upright, without metadata. It writes to `folder`.
 * Throws `UnusableVideo`, or what `runTool` throws when ffmpeg crashes.
 */
export async function makeVideo(
  source: string,
  { folder, tools, signal }: { folder: string; tools: VideoTools; signal: AbortSignal },
): Promise<MadeVideo> {
  if ((await stat(source)).size === 0) throw new UnusableVideo('It is empty.')
  const run = { tools, cwd: folder, signal, timeoutMs: videoLimits.probingMs }
  const { video, sound } = await examine(source, run)
  const path = join(folder, 'video.mp4')
  const parameters = [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-y', ...openedAs(source)],
    ...['-map', `0:${video.index}`, ...(sound ? ['-map', `0:${sound.index}`] : [])],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-t', String(videoLimits.durationMs / 1000 + 1)],
    ...['-vf', `${scaleFor(video)},setsar=1,format=yuv420p`, '-fpsmax', String(videoLimits.framesPerSecond)],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-maxrate', '5M', '-bufsize', '10M'],
    // A keyframe every two seconds, to seek to.
    ...['-profile:v', 'high', '-force_key_frames', 'expr:gte(t,n_forced*2)', '-threads', String(threads)],
    ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-movflags', '+faststart', '-fs', String(videoLimits.madeBytes - 1)],
    ...['-f', 'mp4', 'file:video.mp4'],
  ]
  await orUnusable(runTool('ffmpeg', parameters, { ...run, timeoutMs: videoLimits.processingMs }))
  const made = await examineMade(path, run)
  if (made.durationMs > videoLimits.durationMs)
    throw new UnusableVideo(`It is longer than ${videoLimits.durationMs / 60_000} minutes.`)
  return { path, ...made }
}

const threads = Math.max(1, Math.min(4, availableParallelism() - 1))

/** Finds the streams to use. Throws `UnusableVideo` when the file is not a video, or is truncated. */
async function examine(source: string, run: RunOptions): Promise<{ video: Stream; sound: Stream | undefined }> {
  // Counts all packets, ignoring the edit list: otherwise a trimmed video would look truncated.
  const parameters = ['-v', 'error', '-count_packets', '-ignore_editlist', '1', '-show_streams', '-of', 'json']
  const { streams } = await probe([...parameters, ...openedAs(source)], run)
  const video = streams.find((each) => each.codec_type === 'video' && each.disposition?.attached_pic !== 1)
  if (!video) throw new UnusableVideo('There is no video in it.')
  if (!videoCodecs.has(video.codec_name ?? ''))
    throw new UnusableVideo(`Its video is ${shown(video.codec_name)}; H.264 and H.265 are accepted.`)
  const [width, height] = [video.width ?? 0, video.height ?? 0]
  if (width < 2 || height < 2) throw new UnusableVideo('It has no pixels.')
  if (width * height > videoLimits.pixels)
    throw new UnusableVideo(`It has ${width} × ${height} pixels; ${videoLimits.pixels} are the most.`)
  const sound = streams.find((each) => each.codec_type === 'audio' && soundCodecs.test(each.codec_name ?? ''))
  for (const { nb_frames: said, nb_read_packets: there } of sound ? [video, sound] : [video])
    if (Number(there) < Number(said)) throw new UnusableVideo('It is cut off: its end is missing.')
  if (!(Number(video.nb_read_packets) > 0)) throw new UnusableVideo('It has no pictures.')
  return { video, sound }
}

/** Examines the result, of which only the length is not known before. */
async function examineMade(path: string, run: RunOptions): Promise<Omit<MadeVideo, 'path'>> {
  const { streams, duration } = await probe(
    ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', ...openedAs(path)],
    run,
  )
  const video = streams.find((each) => each.codec_type === 'video')
  const durationMs = Math.round(duration * 1000)
  if (!video?.width || !video.height || !(durationMs > 0)) throw new UnusableVideo('It has no pictures.')
  return { bytes: (await stat(path)).size, durationMs, width: video.width, height: video.height }
}

async function probe(parameters: string[], run: RunOptions): Promise<{ streams: Stream[]; duration: number }> {
  const text = await orUnusable(runTool('ffprobe', parameters, run))
  const { streams = [], format } = JSON.parse(text) as { streams?: Stream[]; format?: { duration?: string } }
  return { streams, duration: Number(format?.duration ?? 0) }
}

/** Turns a refusal of the program into `UnusableVideo`. */
async function orUnusable(running: Promise<string>): Promise<string> {
  try {
    return await running
  } catch (error) {
    if (error instanceof ToolRefused)
      throw new UnusableVideo('It is damaged, cut off, or none of MP4, MOV and M4V.', { cause: error })
    if (error instanceof ToolTimedOut) throw new UnusableVideo('Its processing took too long.', { cause: error })
    throw error
  }
}

/** Returns the filter that scales a video to at most 720p as it is shown: upright, and with square pixels. */
function scaleFor({
  width = 0,
  height = 0,
  sample_aspect_ratio: ratio = '',
  side_data_list: sides = [],
}: Stream): string {
  const [across = 1, down = 1] = ratio.split(':').map(Number)
  const stretch = across > 0 && down > 0 ? across / down : 1
  const quarterTurns = Math.round((sides.find((side) => side.rotation !== undefined)?.rotation ?? 0) / 90)
  const flat: [number, number] = [width * stretch, height]
  const [shownWidth, shownHeight] = quarterTurns % 2 === 0 ? flat : [flat[1], flat[0]]
  const { shortSide, longSide } = videoLimits
  const factor = Math.min(
    1,
    shortSide / Math.min(shownWidth, shownHeight),
    longSide / Math.max(shownWidth, shownHeight),
  )
  const even = (length: number) => Math.max(2, Math.round((length * factor) / 2) * 2)
  return `scale=${even(shownWidth)}:${even(shownHeight)}`
}

/** Returns the frame at a time of a video that was made here, as a JPEG; the last one if the video is shorter. */
export async function takeFrame(
  video: string,
  seconds: number,
  { folder, tools, signal }: { folder: string; tools: VideoTools; signal: AbortSignal },
): Promise<Buffer> {
  const run = { tools, cwd: folder, signal, timeoutMs: videoLimits.probingMs }
  // The frame at that time; otherwise the last of the final seconds; otherwise, where the sound is longer, the last of
  // all.
  const places = [['-ss', String(seconds), '-frames:v', '1'], ['-sseof', '-3'], []]
  for (const [option, value, ...output] of places) {
    const input = option && value ? [option, value] : []
    const parameters = [
      ...['-nostdin', '-hide_banner', '-v', 'error', '-y', ...input, ...openedAs(video)],
      ...[...output, '-an', '-q:v', '2', '-f', 'image2', '-update', '1', 'file:cover.jpg'],
    ]
    await runTool('ffmpeg', parameters, run)
    const picture = await readFile(join(folder, 'cover.jpg')).catch(() => undefined)
    if (picture && picture.length > 0) return picture
  }
  throw new UnusableVideo('It has no pictures.')
}

const shown = (codec: string | undefined) => (codec && /^\w{1,30}$/.test(codec) ? codec : 'unknown')
