import type { Renditions } from './renditions.ts'

/** The number of the stream over which the process that makes pictures is told what to do, and answers. */
export const jobsChannel = 3

/** A folder that does not exist yet, for the files of a picture; `sync`: whether the disk must have them. */
export interface AsideFolder {
  folder: string
  sync: boolean
}

/** What making one picture may cost. */
export interface CostLimit {
  /** Time of a processor, in milliseconds. */
  cpuMs: number
  /** Memory of the whole process, in bytes. */
  memoryBytes: number
}

/** What the process is told, with the picture's bytes. */
export interface Task {
  id: number
  aside: AsideFolder | undefined
  limit: CostLimit
}

/** What it answers: with the files, if there is no folder for them. */
export type Answer = { id: number } & (
  | { picture: MadePicture; names?: string[] }
  /** `isLast`: the process ends over this picture; what else it had to do is no fault of the others'. */
  | { failed: Failure; isLast?: boolean }
)

/** Why there is no picture: what is wrong with it, or with the machine. */
export type Failure = { unusable: string | undefined } | { message: string; code: string | undefined }

/** What is known of a picture whose files were made. */
export type MadePicture = Omit<Renditions, 'files'> & { originalBytes: number }
