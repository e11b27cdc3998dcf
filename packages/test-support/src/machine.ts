/** How long the work below takes on the machine that the limits of tests were chosen on, when it does nothing else. */
const referenceMs = 50

/**
 * Measures how many times longer than there work takes here and now, because the machine is slower or has much else
 * to do; at least 1. Takes about 150 ms.
 */
export function measureSlowness(): number {
  return Math.max(1, ...[0, 1, 2].map(() => timeWork() / referenceMs))
}

/** Runs what tests mostly do, reading and writing JSON, and returns how long it took, in milliseconds. */
function timeWork(): number {
  const begun = performance.now()
  const pins = Array.from({ length: 2000 }, (_, i) => ({
    id: `${i}`,
    title: `Pin ${i}`,
    sizes: [i, i + 1],
    link: null,
  }))
  for (let i = 0; i < 46; i++) {
    const read: typeof pins = JSON.parse(JSON.stringify(pins))
    read.sort((a, b) => (a.title < b.title ? -1 : 1))
  }
  return performance.now() - begun
}
