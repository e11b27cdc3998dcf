const minuteMs = 60_000

/** The limits of uploads: size, length and cost. */
export const videoLimits = {
  /** 2 GB */
  uploadBytes: 2 * 1024 ** 3,
  /** How long upload parameters are valid. */
  parametersTtlMs: 60 * minuteMs,
  /** At most this many uploads of an account may be registered or in processing at a time. */
  openPerAccount: 100,
  /** How long an upload is stored that no Pin uses. */
  unusedTtlMs: 7 * 24 * 60 * minuteMs,

  durationMs: 15 * minuteMs,
  /** Width times height: 8K and a little. */
  pixels: 40_000_000,
  /** The shorter side of the result. */
  shortSide: 720,
  longSide: 1280,
  framesPerSecond: 60,

  /** How long one video may take to process, to examine, and how much memory. */
  processingMs: 60 * minuteMs,
  probingMs: 2 * minuteMs,
  memoryBytes: 4 * 1024 ** 3,
  /** The largest result. */
  madeBytes: 1024 ** 3,
  /** How often processing is tried before the upload fails. */
  attempts: 3,
  /** Extracting covers from videos. */
  covers: {
    ...{ running: 2, runningPerAccount: 1 },
    ...{ waiting: 64, waitingPerAccount: 16 },
    refusal: 'Too many covers are waiting to be taken from videos.',
  },
} as const
