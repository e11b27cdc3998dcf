import { rm } from 'node:fs/promises'
import { ApiError } from '../../core/errors.ts'
import type { PictureLook } from '../looks/picture-look.ts'
import type { CostLimit, Task } from './picture-task.ts'
import { EndedByAnother, type Picture, PictureWorker, ProcessEnded } from './picture-worker.ts'

/** The destination of a picture's files, and its cost limit. */
export type MakeOptions = Omit<Task, 'id' | 'looks'>

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
export async function makeApart(bytes: Buffer, options: MakeOptions): Promise<Picture> {
  for (let tries = 0; tries < triesTogether; tries++)
    try {
      if (!shared?.isUsable) shared = new PictureWorker()
      return await shared.make(bytes, options)
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
      await tidy(options)
      if (!(error instanceof EndedByAnother)) break
    }
  const making = alone.then(() => makeAlone(bytes, options))
  alone = making.catch(() => {})
  return making
}

/** Looks at a stored rendition, in the other process. Throws as `PictureWorker.look`. */
export function lookApart(jpeg: Buffer, limit: CostLimit): Promise<PictureLook> {
  if (!shared?.isUsable) shared = new PictureWorker()
  return shared.look(jpeg, limit)
}

/** Makes a picture in a process of its own: if that ends, this picture is the cause. */
async function makeAlone(bytes: Buffer, options: MakeOptions): Promise<Picture> {
  const own = new PictureWorker()
  try {
    return await own.make(bytes, options)
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error
    await tidy(options)
    throw new ApiError('imageInvalid', { detail: 'It could not be processed.', cause: error })
  } finally {
    own.end()
  }
}

/** Removes the files of a process that was ended. */
async function tidy({ aside }: MakeOptions): Promise<void> {
  if (aside) await rm(aside.folder, { recursive: true, force: true })
}
