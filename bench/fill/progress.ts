/** Tells how far a step is, every few seconds, and how long the rest of it will take. */
export interface Progress {
  /** Begins a step of so many pieces. */
  begin(step: string, pieces: number): void
  /** Tells that so many pieces of it are done. */
  reached(done: number): void
}

const everyMs = 3000

export function progress(tell: (text: string) => void): Progress {
  let step = ''
  let pieces = 0
  let [begun, told] = [0, 0]
  return {
    begin(name, count) {
      ;[step, pieces] = [name, count]
      begun = told = performance.now()
      tell(count > 1 ? `${step}: ${count.toLocaleString('en')}` : step)
    },
    reached(done) {
      const now = performance.now()
      if (now - told < everyMs || done === 0) return
      told = now
      const left = Math.round(((now - begun) / done) * (pieces - done) * 1e-3)
      tell(`${step}: ${done.toLocaleString('en')} of ${pieces.toLocaleString('en')}, ${left} s left`)
    },
  }
}
