import { type NewPin, type PinterestClient, PinterestError, ServerError } from '@pinfold/client'
import { lineOf } from '../command-error.ts'
import { hasChanged, isRefusal, madeNone, refusesAll } from './creation-error.ts'
import type { Journal } from './journal.ts'
import { isAway, Patience, type Stopped } from './patience.ts'
import type { Places } from './places.ts'
import type { Counts, Progress } from './progress.ts'
import { keyGiver, problemOf, type Row } from './row.ts'
import { mediaOf, UnusableFile } from './row-media.ts'
import { RowVideos } from './row-videos.ts'

export interface Failure {
  row: number
  name: string
  reason: string
}

export interface ImportOptions {
  client: PinterestClient
  journal: Journal
  places: Places
  rows: AsyncIterable<Row>
  /** Called for each row whose Pin an earlier run made. */
  onMadeBefore: (row: Row) => void
  counts: Counts
  progress: Progress
  concurrency: number
  /** Whether the service honours `Idempotency-Key`. */
  honoursKeys: boolean
  /** Whether to make Pins again that an earlier run may have made. */
  retryUncertain: boolean
  /** How long the service may be unavailable before the import gives up. */
  giveUpAfterMs: number
  /** Takes no more rows; those in progress go on. */
  stop: AbortSignal
  /** Abandons rows in progress. */
  abandon: AbortSignal
}

/** Services remember a key for 24 hours; an hour is left for clocks that differ. */
const keyTtlMs = 23 * 60 * 60 * 1000

/** How often a row is tried whose creation fails because of the service, while others succeed. */
const triesOfOneRow = 6

const uncertain =
  'It may have been made already: its answer was lost. Look at the board; if it is not there, add --retry-uncertain.'

const changedSince =
  'It was made by an earlier run whose answer was lost, and its board or its picture has changed since: look at the board.'

/** Which rows failed, and why the import stopped if it did. */
export interface Ended {
  failures: Failure[]
  stopped?: Stopped
}

/** Makes the Pins of an input, a few at a time. */
export const importRows = (options: ImportOptions): Promise<Ended> => new Importer(options).run()

/** What came of a try: the row is dealt with, or another try is safe once the service answers. */
type Outcome = 'done' | 'again'

/** A try at making a row's Pin. */
interface Attempt {
  row: Row
  key: string
  /** The number of tries of the row so far, this one included. */
  tries: number
  /** Whether the request for the Pin may have left. */
  sent: boolean
}

/** One run over the rows, which its workers share. */
class Importer {
  readonly #options: ImportOptions
  readonly #rows: AsyncIterator<Row>
  readonly #keyOf = keyGiver()
  readonly #patience: Patience
  readonly #videos: RowVideos
  readonly #failures: Failure[] = []
  readonly #halt = new AbortController()
  readonly #stopping: AbortSignal
  #stopped: Stopped | undefined
  #lastProblem = ''

  constructor(options: ImportOptions) {
    const { client, journal, abandon } = options
    this.#options = options
    this.#rows = options.rows[Symbol.asyncIterator]()
    this.#stopping = AbortSignal.any([options.stop, this.#halt.signal])
    this.#patience = new Patience(options.giveUpAfterMs, options.progress)
    const onProgress = () => this.#patience.answered()
    this.#videos = new RowVideos(client, journal, { signal: abandon, onProgress })
  }

  async run(): Promise<Ended> {
    const { concurrency, counts, stop } = this.#options
    await Promise.all(Array.from({ length: concurrency }, () => this.#work()))
    const handled = counts.already + counts.made + counts.failed
    if (stop.aborted && handled < counts.total) this.#end({ why: 'interrupted', reason: 'It was interrupted.' })
    return { failures: this.#failures, ...(this.#stopped && { stopped: this.#stopped }) }
  }

  /** Takes rows one after another, until there are none or the import stops. */
  async #work(): Promise<void> {
    const { counts, journal, onMadeBefore } = this.#options
    while (!this.#stopping.aborted) {
      const next = await this.#rows.next()
      if (next.done) return
      const key = this.#keyOf(next.value)
      if (!journal.past.made.has(key)) await this.#handle(next.value, key)
      else {
        counts.already++
        onMadeBefore(next.value)
      }
    }
  }

  async #handle(row: Row, key: string): Promise<void> {
    const problem = problemOf(row) ?? this.#uncertaintyOf(key)
    if (problem !== undefined) {
      this.#fail(row, problem)
      return
    }
    for (let tries = 1; ; tries++) {
      const outcome = await this.#attempt(row, key, tries)
      if (outcome === 'done' || !(await this.#waitForService(tries))) return
    }
  }

  /** Returns why a row may not be tried, if an earlier run may have made its Pin and a second would be another Pin. */
  #uncertaintyOf(key: string): string | undefined {
    const { journal, honoursKeys, retryUncertain } = this.#options
    const begunAt = journal.past.begun.get(key)
    const isSafe = begunAt === undefined || (honoursKeys && Date.now() - begunAt < keyTtlMs)
    return isSafe || retryUncertain ? undefined : uncertain
  }

  async #attempt(row: Row, key: string, tries: number): Promise<Outcome> {
    const { journal } = this.#options
    let sent = false
    try {
      const pin = await this.#pinOf(row, key)
      // Written before the request is sent: if this run is killed now, the next one knows that the result is unknown.
      await journal.add({ begun: key, row: row.number, at: Date.now() })
      sent = true
      await this.#create(pin, row, key)
      return 'done'
    } catch (error) {
      return this.#afterError(error, { row, key, tries, sent })
    }
  }

  async #pinOf({ number, board, section, fields, picture }: Row, key: string): Promise<NewPin> {
    const { places } = this.#options
    // The picture first, so that no board is made for rows that fail.
    const media = picture && (await mediaOf(picture, (video) => this.#videos.uploadOnce(video, key, number)))
    const place = board === undefined ? {} : await places.find(places.names(board, section))
    return { ...fields, ...place, ...media }
  }

  async #create(pin: NewPin, row: Row, key: string): Promise<void> {
    const { client, journal, counts, abandon } = this.#options
    const idempotencyKey = `pinfold-import-${journal.past.id}-${key}`
    const { id } = await client.pins.create(pin, undefined, { idempotencyKey, signal: abandon, maxRetries: 2 })
    this.#patience.answered()
    counts.made++
    journal.add({ made: key, row: row.number, pin: id }).catch(() => {})
  }

  /** Decides what comes after a try that threw `error`. */
  async #afterError(error: unknown, attempt: Attempt): Promise<Outcome> {
    const { abandon, honoursKeys } = this.#options
    const { row, sent } = attempt
    if (abandon.aborted) return 'done'
    if (error instanceof UnusableFile) return this.#fail(row, error.message)
    if (!(error instanceof PinterestError)) throw error
    if (!isAway(error)) this.#patience.answered()
    const isCertain = madeNone(error)
    if (sent && !honoursKeys && !isCertain) return this.#fail(row, uncertain)
    if (sent && isCertain) await this.#noteNoneMade(attempt, error)
    if (refusesAll(error)) return this.#end({ why: 'notPermitted', reason: `No Pin can be made: ${lineOf(error)}` })
    if (isAway(error) && !this.#isPoison(error, attempt)) {
      this.#lastProblem = lineOf(error)
      return 'again'
    }
    return this.#fail(row, hasChanged(error) ? changedSince : lineOf(error))
  }

  /** Writes down that the row has no Pin, so that the next run may try it whatever the service remembers. */
  async #noteNoneMade({ row, key }: Attempt, error: PinterestError): Promise<void> {
    const { journal } = this.#options
    const refused = isRefusal(error)
    if (refused) journal.past.uploaded.delete(key)
    const entry = { failed: key, row: row.number, reason: error.message }
    await journal.add(refused ? { ...entry, refused } : entry)
  }

  /** Returns whether the service fails at this row again and again, while it answers to others. */
  #isPoison(error: PinterestError, { tries }: Attempt): boolean {
    return error instanceof ServerError && tries >= triesOfOneRow && this.#patience.silentMs < 5000
  }

  /** Waits longer with each try; false when there is no point in another. */
  async #waitForService(tries: number): Promise<boolean> {
    const gaveUp = await this.#patience.wait(tries, this.#lastProblem, this.#stopping)
    if (gaveUp) this.#end(gaveUp)
    return !this.#stopping.aborted
  }

  #fail({ number, name }: Row, reason: string): 'done' {
    this.#options.counts.failed++
    this.#failures.push({ row: number, name, reason })
    return 'done'
  }

  /** Stops every worker; the first reason is the one that is told. */
  #end(reason: Stopped): 'done' {
    this.#stopped ??= reason
    this.#halt.abort()
    return 'done'
  }
}
