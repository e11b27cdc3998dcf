import type { Node } from './node.ts'

/** Looks at the memory of nodes. */
export interface MemoryWatch {
  stop(): void
  /** Returns what is wrong: it grew while no node was ended. */
  problems(): string[]
  /** Returns what there is to say. */
  told(): string
}

const [everyMs, collectEveryMs] = [2000, 20_000]

/** Starts to look at the memory of nodes; by and by no node is ended any more, and that stretch is judged. */
export function memoryWatch(nodes: readonly Node[]): MemoryWatch {
  /** What each node had, since it was started last. */
  const seen = nodes.map((): number[] => [])
  let peak = 0
  const timer = setInterval(() => {
    for (const [i, node] of nodes.entries()) {
      const memory = node.memory()
      if (memory === undefined) seen[i] = []
      else {
        seen[i]?.push(memory)
        peak = Math.max(peak, memory)
      }
    }
  }, everyMs)
  const collecting = setInterval(() => {
    for (const node of nodes) node.collect()
  }, collectEveryMs)
  /** The least in the first third and in the last: between two collections V8 lets garbage grow to twice as much and more, for minutes. */
  const stretches = () =>
    seen
      .filter((values) => values.length >= 30)
      .map((values) => {
        const third = Math.floor(values.length / 3)
        return [Math.min(...values.slice(0, third)), Math.min(...values.slice(-third))] as const
      })
  return {
    stop() {
      clearInterval(timer)
      clearInterval(collecting)
    },
    problems: () =>
      stretches().flatMap(([before, after]) =>
        after > before * 1.25 + 30 ? [`memory grew from ${before.toFixed()} to ${after.toFixed()} MB`] : [],
      ),
    told: () =>
      [`${peak.toFixed()} MB at most`, ...stretches().map(([a, b]) => `${a.toFixed()} → ${b.toFixed()} MB`)].join(', '),
  }
}
