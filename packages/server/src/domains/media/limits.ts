/** The limits of pictures: size, cost, and how many are processed at a time. */
export const pictureLimits = {
  bytes: 20_000_000,
  /** Width times height; a picture with more is refused before it is decoded. */
  pixels: 50_000_000,
  /** The longer side, in pixels: well below JPEG's limit. Pinterest's clients send no longer ones. */
  side: 30_000,
  /** The cost of making the renditions of one picture. */
  cost: {
    /** CPU time, in milliseconds. */
    cpuMs: 10_000,
    /** Memory of the whole process that makes them, in bytes. */
    memoryBytes: 1_500_000_000,
  },
  /** The making of renditions. */
  making: {
    ...{ running: 4, runningPerAccount: 3 },
    ...{ waiting: 128, waitingPerAccount: 64 },
    /** A carousel of five pictures of the largest size has 100 MB. */
    ...{ bytes: 160_000_000, bytesPerAccount: 100_000_000 },
    refusal: 'Too many pictures are waiting to be processed.',
  },
  /** The making of small pictures, which nobody keeps. */
  small: {
    ...{ running: 4, runningPerAccount: 2 },
    ...{ waiting: 128, waitingPerAccount: 64 },
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

/** `20 MB`, for messages. */
export const largestPicture = `${pictureLimits.bytes / 1_000_000} MB`
