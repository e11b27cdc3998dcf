/** How long the work below takes on the idle machine that the limits of tests were chosen on. */
const referenceMs = 50

/**
 * Measures how many times longer the work takes on this machine now, because it is slower or busy; at least 1. Takes
 * about 150 ms.
 */
export function measureSlowness(): number {
  return Math.max(1, ...[0, 1, 2].map(() => timeWork() / referenceMs))
}

/** Does typical work of tests, reading and writing JSON, and returns how long it took, in milliseconds. */
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
