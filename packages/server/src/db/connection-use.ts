/** Durations that were measured: how many, and their sum in milliseconds. */
export interface Durations {
  count: number
  sumMs: number
}

/** How connections for one purpose are used. */
export interface ConnectionUse {
  /** The most that there may be. */
  most: number
  /** Those that are open. */
  open: number
  /** Those that somebody uses now. */
  inUse: number
  /** What waits now: transactions for a connection, or reads for their answers. */
  waiting: number
  /** How long that took, since the process began. */
  waits: Durations
}

/** How the connections to a database server are used: each transaction has one to itself, reads share theirs. */
export interface ConnectionsUse {
  transactions: ConnectionUse
  reads: ConnectionUse
}

/** Measures how long `work` takes, whatever becomes of it. */
export async function measured<T>(waits: Durations, work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  try {
    return await work()
  } finally {
    waits.count++
    waits.sumMs += performance.now() - begun
  }
}
