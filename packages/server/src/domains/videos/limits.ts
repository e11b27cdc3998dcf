const minuteMs = 60_000

/** How much an upload may be, last and cost. */
export const videoLimits = {
  /** 2 GB */
  uploadBytes: 2 * 1024 ** 3,
  /** An upload may pause so long before it is given up. */
  uploadIdleMs: minuteMs,
  /** Upload parameters are good for so long. */
  parametersTtlMs: 60 * minuteMs,
  /** So many uploads of an account may be registered or processed at a time. */
  openPerAccount: 100,
  /** An upload that no Pin shows is removed after so long. */
  unusedTtlMs: 7 * 24 * 60 * minuteMs,

  durationMs: 15 * minuteMs,
  /** Width times height: 8K and a little. */
  pixels: 40_000_000,
  /** The shorter side of what is made. */
  shortSide: 720,
  longSide: 1280,
  framesPerSecond: 60,

  /** One video may take so long to process, and so much memory. */
  processingMs: 60 * minuteMs,
  probingMs: 2 * minuteMs,
  memoryBytes: 4 * 1024 ** 3,
  /** What is made may be so large. */
  madeBytes: 1024 ** 3,
  /** Its processing is begun so often before it is given up. */
  attempts: 3,
  /** So many covers may wait to be taken from videos. */
  coversWaiting: 32,
} as const
