import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { videoLimits } from './limits.ts'
import { videoName } from './make-ready.ts'
import { takeFrame, UnusableVideo } from './make-video.ts'
import type { Staging } from './staging.ts'
import type { VideoRow } from './store.ts'
import type { VideoTools } from './tools.ts'

/** Takes covers from videos. */
export interface CoverTaker {
  /**
   * Returns the frame of a video at a time in seconds as a JPEG, the last one if the video is shorter. Throws
   * `videoInvalid`, `rateLimited` when too many covers wait, or `unavailable` when the server ends.
   */
  frameAt(video: VideoRow, seconds: number): Promise<Buffer>
}

export interface CoverOptions {
  ids: IdMaker
  storage: MediaStorage
  staging: Staging
  /** Undefined without ffmpeg. */
  tools: VideoTools | undefined
  /** Ends covers in progress. */
  signal: AbortSignal
}

/** Makes the taker of covers of one server. */
export function coverTaker({ ids, storage, staging, tools, signal }: CoverOptions): CoverTaker {
  const queue = fairQueue({ ...videoLimits.covers, name: 'covers of videos' })

  async function take(tools: VideoTools, video: VideoRow, seconds: number): Promise<Buffer> {
    const folder = staging.workFolder(`cover-${ids.next()}`)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, videoName)
      const stored = await storage.open(video.key ?? '', videoName)
      if (!stored) throw new ApiError('mediaNotFound')
      await pipeline(stored.stream, createWriteStream(path))
      return await takeFrame(path, seconds, { folder, tools, signal })
    } catch (error) {
      if (error instanceof UnusableVideo) throw new ApiError('videoInvalid', { detail: error.message, cause: error })
      throw error
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    async frameAt(video, seconds) {
      if (!tools)
        throw new ApiError('videoInvalid', {
          detail: 'Its cover cannot be taken from it, for this server has no ffmpeg: send one.',
        })
      try {
        return await queue.run(video.account_id, () => take(tools, video, seconds), { signal })
      } catch (error) {
        throw signal.aborted ? new ApiError('unavailable', { detail: 'The server is ending.', cause: error }) : error
      }
    },
  }
}
