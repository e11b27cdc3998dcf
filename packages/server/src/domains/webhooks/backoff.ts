const firstMs = 1000
const longestMs = 60 * 60 * 1000

/**
 * Returns how long to wait after a delivery was tried `attempts` times: a second at first, then twice as long each time,
 * an hour at most; up to a half less by chance, so that what failed together does not come back together.
 */
export function waitMs(attempts: number, random: () => number = Math.random): number {
  const whole = Math.min(firstMs * 2 ** (attempts - 1), longestMs)
  return Math.round(whole * (1 - random() / 2))
}

/** Returns the milliseconds that an answer's `Retry-After` asks for, an hour at most; 0 if it asks for nothing. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  const text = String(header ?? '')
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return ms > 0 ? Math.min(ms, longestMs) : 0
}
