import type { Logger } from 'pino'
import type { Snapshot } from '../../control/data.ts'
import type { Clock } from '../../core/clock.ts'
import type { Settings } from '../config.ts'
import type { Instance } from '../instance.ts'
import type { Reused } from '../open-data.ts'
import type { ChosenSeed } from '../seed/choose.ts'

/** Opens data in a folder, or those that others have open too. Throws `ConfigError`. */
export type OpenInstance = (folder: string, seed?: ChosenSeed | 'exchanged', reused?: Reused) => Promise<Instance>

/** Where data are, and what they are opened with. */
export interface DataPlace {
  settings: Settings
  /** The data folder. */
  root: string
  clock: Clock
  open: OpenInstance
  log: Logger
  /** The name of a seed that came as the content of a file. */
  given: string
}

/**
 * Keeps the data of a server, and their copies. What makes other data count returns an instance on them, which does not
 * serve yet; if it throws, the data are what they were. One thing is asked of it at a time, except where it says so.
 */
export interface DataKeeper {
  /** Opens the data that count. */
  begin(): Promise<Instance>
  /** Has the data count as they were after their seed was filled; undefined if there is no copy of these. */
  reset(running: Instance): Promise<Instance | undefined>
  /** Has new data count, which a seed fills. */
  fill(seed: ChosenSeed, running: Instance): Promise<Instance>
  /** Has the data of a snapshot count. */
  restore(name: string, running: Instance): Promise<Instance>
  /** Tidies up after an instance that has ended, and whose data no longer count. May be called at any time. */
  ended(instance: Instance, running: Instance): Promise<void>
  /** Calls `changed` when another server has made other data count: then `follow` is to be asked for. */
  watch(changed: () => void): void
  /** Returns an instance on the data that count, if another server has replaced those of `running`. */
  follow(running: Instance): Promise<Instance | undefined>

  /** Throws `snapshotNotFound`. */
  find(name: string): Promise<void>
  /** Returns the snapshots, by name. */
  list(): Promise<Snapshot[]>
  /** Copies the data under a new name. Throws `invalidRequest` when it is taken, or there are too many. */
  save(name: string, running: Instance): Promise<Snapshot>
  /** Deletes a snapshot. Throws `snapshotNotFound`. */
  remove(name: string, running: Instance): Promise<void>
  /** Returns what gives the bytes of a snapshot as one file, to be called at any time. Throws `snapshotNotFound`. */
  pack(name: string): Promise<() => Promise<AsyncIterable<Buffer>>>
  /**
   * Makes a snapshot under a new name of such bytes. It waits for them at any time, and adds the snapshot within
   * `inTurn`. Throws `invalidRequest` or `bodyTooLarge`.
   */
  unpack(name: string, bytes: AsyncIterable<Buffer>, inTurn: InTurn): Promise<Snapshot>

  /** Closes what instances share, when all have ended. */
  close(): Promise<void>
}

/** Does something when nothing else is being done. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>
