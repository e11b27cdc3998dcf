import { rm } from 'node:fs/promises'
import { ApiError } from '../../core/errors.ts'
import type { PictureLook } from '../looks/picture-look.ts'
import type { CostLimit } from './picture-task.ts'
import { EndedByAnother, type MakeOptions, type Picture, PictureWorker, ProcessEnded } from './picture-worker.ts'
import type { SmallOptions, SmallPicture } from './small-picture.ts'

/** How often a picture is tried together with others, each of which may end the process. */
const triesTogether = 3

let shared: PictureWorker | undefined
/** Pictures that may have ended a process get another try in a process of their own, one after the other. */
let alone: Promise<unknown> = Promise.resolve()

/**
 * Makes every rendition of a picture, in another process: decoders of pictures that strangers send can crash, use up
 * the CPU of the thread that answers requests, and cannot be stopped. Throws `imageInvalid` as `makeRenditions` does,
 * also for a picture that exceeds its limit or ends the process twice, and `unavailable` when the machine has no room
 * for a process. Once it settles, `bytes` are no longer used.
 */
export function makeApart(bytes: Buffer, options: MakeOptions): Promise<Picture> {
  return apart({ run: (worker) => worker.make(bytes, options), tidy: () => tidy(options) })
}

/** Makes a small picture in another process, as `makeApart` does. */
export function makeSmallApart(bytes: Buffer, options: SmallOptions, limit: CostLimit): Promise<SmallPicture> {
  return apart({ run: (worker) => worker.makeSmall(bytes, options, limit), tidy: async () => {} })
}

/** Looks at a stored rendition, in the other process. Throws as `PictureWorker.look`. */
export function lookApart(jpeg: Buffer, limit: CostLimit): Promise<PictureLook> {
  if (!shared?.isUsable) shared = new PictureWorker()
  return shared.look(jpeg, limit)
}

/** What is to be done in another process, and what remains to be done when that was ended. */
interface Work<T> {
  run(worker: PictureWorker): Promise<T>
  tidy(): Promise<void>
}

async function apart<T>(work: Work<T>): Promise<T> {
  for (let tries = 0; tries < triesTogether; tries++)
    try {
      if (!shared?.isUsable) shared = new PictureWorker()
      return await work.run(shared)
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
      await work.tidy()
      if (!(error instanceof EndedByAnother)) break
    }
  const making = alone.then(() => runAlone(work))
  alone = making.catch(() => {})
  return making
}

/** Makes a picture in a process of its own: if that ends, this picture is the cause. */
async function runAlone<T>({ run, tidy }: Work<T>): Promise<T> {
  const own = new PictureWorker()
  try {
    return await run(own)
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error
    await tidy()
    throw new ApiError('imageInvalid', { detail: 'It could not be processed.', cause: error })
  } finally {
    own.end()
  }
}

/** Removes the files of a process that was ended. */
async function tidy({ aside }: MakeOptions): Promise<void> {
  if (aside) await rm(aside.folder, { recursive: true, force: true })
}
