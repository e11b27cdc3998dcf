/** How receivers behave, as one server has seen it: whoever is slow or fails gets few of the places. */
export interface Health {
  /** Returns how many lanes may be sent to a webhook at once: 0 while it is left alone. */
  lanes(webhookId: number): number
  /** Returns whether it is known to be quick. */
  isQuick(webhookId: number): boolean
  /** Records a try, and how long it took. */
  note(webhookId: number, isTaken: boolean, durationMs: number): void
}

/** A receiver that takes longer is slow. */
const slowMs = 2000
/** A receiver that fails is left alone for this long at first, then twice as long each time. */
const [firstPauseMs, longestPauseMs] = [100, 30_000]
const lanesOf = { quick: 8, unknown: 2, slow: 2, failing: 1 } as const
/** So many receivers are remembered. */
const mostKnown = 10_000

interface Seen {
  kind: keyof typeof lanesOf
  failures: number
  /** By the process's own clock, which does not jump. */
  leftAloneUntil: number
}

/** Makes the health of receivers. */
export function healthOf(random: () => number = Math.random): Health {
  const seen = new Map<number, Seen>()
  return {
    lanes(webhookId) {
      const known = seen.get(webhookId)
      return known && known.leftAloneUntil > performance.now() ? 0 : lanesOf[known?.kind ?? 'unknown']
    },
    isQuick: (webhookId) => seen.get(webhookId)?.kind === 'quick',
    note(webhookId, isTaken, durationMs) {
      const failures = isTaken ? 0 : (seen.get(webhookId)?.failures ?? 0) + 1
      const pauseMs = isTaken ? 0 : Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
      seen.delete(webhookId)
      seen.set(webhookId, {
        kind: isTaken ? (durationMs > slowMs ? 'slow' : 'quick') : 'failing',
        failures,
        leftAloneUntil: isTaken ? 0 : performance.now() + pauseMs * (1 - random() / 2),
      })
      const [oldest] = seen.keys()
      if (seen.size > mostKnown && oldest !== undefined) seen.delete(oldest)
    },
  }
}
