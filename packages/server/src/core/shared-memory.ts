/** A window that requests are counted in. */
export interface CountedWindow {
  /** Names who is counted, and what; the same for all that are counted together. */
  key: string
  /** At most this many. */
  limit: number
  /** When the window began, in milliseconds, and how long it is. */
  startsAt: number
  windowMs: number
}

/** What was counted. */
export interface Counted {
  /** Whether a window was full: then nothing was counted. */
  isRefused: boolean
  /** How many there are in each window, this one with them. */
  used: readonly number[]
}

/** What servers share beside their database, and may lose: counts of the moment, and news. */
export interface SharedMemory {
  /**
   * Counts something in all windows, unless one of them is full. `group`: the same for all keys. Undefined, within
   * milliseconds: the memory is away.
   */
  count(group: string, windows: readonly CountedWindow[]): Promise<Counted | undefined>
  /**
   * Tells the other servers something, as JSON. Who cannot be reached misses it. Returns how many were told, without this one; 0
   * where the memory is away. It may hang as long as the memory does.
   */
  tell(topic: string, news: unknown): Promise<number>
  /** Has `listener` called with the news of others about a topic, until the function that is returned is called. */
  hear(topic: string, listener: (news: unknown) => void): () => void
  /** Resolves when what is to be heard would be, or after a second. */
  listening(): Promise<void>
}

/** Returns the same memory, whose news are no longer heard when `undo` is disposed. */
export function heardUntil(undo: AsyncDisposableStack, memory: SharedMemory): SharedMemory {
  return {
    ...memory,
    hear(topic, listener) {
      const end = memory.hear(topic, listener)
      undo.defer(async () => end())
      return end
    },
  }
}
