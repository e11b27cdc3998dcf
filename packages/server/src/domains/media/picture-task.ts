import type { PictureLook } from '../looks/picture-look.ts'
import type { Renditions } from './renditions.ts'
import type { SmallOptions, SmallSizes } from './small-picture.ts'

/** The number of the stream for requests to the process that makes pictures, and its answers. */
export const jobsChannel = 3

/** A folder, not yet made, for the files of a picture; `sync`: whether to wait until they are on disk. */
export interface AsideFolder {
  folder: string
  sync: boolean
}

/** The cost limit of one picture. */
export interface CostLimit {
  /** CPU time, in milliseconds. */
  cpuMs: number
  /** Memory of the whole process, in bytes. */
  memoryBytes: number
}

/** A request to the process; the picture's bytes follow it. */
export type Task = { id: number; limit: CostLimit } & Work

/** What is to be done: every rendition for a Pin, one small picture, or a look at one of our renditions. */
export type Work =
  | { kind: 'all'; aside: AsideFolder | undefined }
  | { kind: 'small'; options: SmallOptions }
  | { kind: 'look' }

/** The process's answer, with the files if there is no folder for them. */
export type Answer = { id: number } & (
  | { picture: MadePicture; names?: string[] }
  | { look: PictureLook }
  | { small: SmallSizes }
  /** `isLast`: the process ends because of this picture; its other pictures are not the cause. */
  | { failed: Failure; isLast?: boolean }
)

/** Why a picture failed: it is invalid, or the machine had an error. */
export type Failure = { unusable: string | undefined } | { message: string; code: string | undefined }

/** A picture whose files were made. */
export type MadePicture = Omit<Renditions, 'files'> & { originalBytes: number }
