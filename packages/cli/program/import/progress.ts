import { cut } from '../output/print.ts'

export interface Counts {
  /** The number of rows done before this run. */
  already: number
  made: number
  failed: number
  total: number
}

/** Where progress is shown. */
export interface Screen {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

/** On a terminal one line that is updated; elsewhere a line every few seconds. */
const [terminalMs, plainMs] = [200, 5000]

/** Shows how far an import is until it is stopped. */
export class Progress {
  /** What the import waits for, if anything. */
  waiting: string | undefined
  #limitedUntil = 0
  readonly #counts: Counts
  readonly #screen: Screen
  readonly #begun = Date.now()
  readonly #timer: NodeJS.Timeout

  constructor(counts: Counts, screen: Screen = process.stderr) {
    this.#counts = counts
    this.#screen = screen
    this.#timer = setInterval(() => this.#tell(), screen.isTTY ? terminalMs : plainMs)
    this.#timer.unref()
  }

  /** Shows that the import waits this long for a rate limit, whatever else happens. */
  waitForLimit(seconds: number): void {
    this.#limitedUntil = Math.max(this.#limitedUntil, Date.now() + seconds * 1000)
  }

  stop(): void {
    clearInterval(this.#timer)
    if (this.#screen.isTTY) this.#screen.write('\r\u001b[K')
  }

  #tell(): void {
    const now = Date.now()
    const limited = (this.#limitedUntil - now) / 1000
    const waiting = limited > 0 ? `waiting for the rate limit: ${duration(limited)}` : this.waiting
    const line = progressLine(this.#counts, (now - this.#begun) / 1000, waiting)
    const { isTTY, columns = 80 } = this.#screen
    this.#screen.write(isTTY ? `\r\u001b[K${cut(line, columns - 1)}` : `${line}\n`)
  }
}

/** Returns the progress and the speed; then what the import waits for, or the remaining time. */
export function progressLine({ already, made, failed, total }: Counts, seconds: number, waiting?: string): string {
  const now = made + failed
  const rate = now / Math.max(seconds, 0.001)
  const left = total - already - now
  const parts = [
    `${already + now} of ${total} rows`,
    failed > 0 && `${failed} failed`,
    now > 0 && `${rate.toFixed(rate < 10 ? 1 : 0)}/s`,
    !waiting && now > 0 && left > 0 && `about ${duration(left / rate)} left`,
    waiting,
  ]
  return parts.filter(Boolean).join(' · ')
}

/** Formats a duration for people: `45 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
