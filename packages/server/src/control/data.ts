/** A copy of all data, under a name. */
export interface Snapshot {
  name: string
  /** When it was made, in milliseconds since 1970. */
  createdAt: number
  /** The size of its database and files; files that the data have too take no further space. */
  bytes: number
}

/** What to fill data with: the demo, or the content of a seed file whose pictures are in it. */
export type GivenSeed = 'demo' | object

/**
 * All data of a server, exchanged at once. One thing is done at a time. Requests that began before are answered from the
 * data that they began with. Every method throws `invalidRequest` where the data cannot be exchanged; `confirm`: the data
 * may be discarded though no seed has filled them.
 */
export interface ControlledData {
  /** Restores the state after the seed was filled, and at the start the clock's and the faults'. */
  reset(options: { confirm: boolean }): Promise<void>
  /** Discards the data, and fills a seed instead. */
  seed(seed: GivenSeed, options: { confirm: boolean }): Promise<void>
  /** Returns the snapshots, by name. */
  snapshots(): Promise<Snapshot[]>
  /** Copies the data under a new name. */
  save(name: string): Promise<Snapshot>
  /** Replaces the data by those of a snapshot. Throws `snapshotNotFound`. */
  restore(name: string, options: { confirm: boolean }): Promise<void>
  /** Returns the bytes of a snapshot as one file. Throws `snapshotNotFound`. */
  pack(name: string): Promise<AsyncIterable<Buffer>>
  /**
   * Makes a snapshot under a new name of what `pack` has given, here or at another server. Throws `invalidRequest` or
   * `bodyTooLarge`: there is then no such snapshot.
   */
  unpack(name: string, bytes: AsyncIterable<Buffer>): Promise<Snapshot>
  /** Deletes a snapshot. Throws `snapshotNotFound`. */
  remove(name: string): Promise<void>
}
