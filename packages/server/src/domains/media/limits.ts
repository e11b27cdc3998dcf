/** How large pictures may be, what they may cost, and how many may be under way. */
export const pictureLimits = {
  bytes: 20_000_000,
  /** Width times height; a picture with more is refused before it is decoded. */
  pixels: 50_000_000,
  /** The longer side, in pixels: what JPEG can hold, with room to spare. Pinterest's clients send no longer ones. */
  side: 30_000,
  /** What making the renditions of one picture may cost. */
  cost: {
    /** Time of a processor, in milliseconds. */
    cpuMs: 10_000,
    /** Memory of the whole process that makes them, in bytes. */
    memoryBytes: 1_500_000_000,
  },
  /** The making of renditions. */
  making: {
    ...{ running: 4, runningPerAccount: 3 },
    ...{ waiting: 128, waitingPerAccount: 64 },
    /** A carousel of five pictures, each as large as may be, is 100 MB. */
    ...{ bytes: 160_000_000, bytesPerAccount: 100_000_000 },
    refusal: 'Too many pictures are waiting to be processed.',
  },
  /** The fetching of pictures. */
  fetching: {
    ...{ running: 16, runningPerAccount: 8 },
    ...{ waiting: 256, waitingPerAccount: 64 },
    refusal: 'Too many pictures are waiting to be fetched.',
  },
} as const

/** `20 MB`, as errors name it. */
export const largestPicture = `${pictureLimits.bytes / 1_000_000} MB`
