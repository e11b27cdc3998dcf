import type { NewPin, PinterestClient, PinterestError } from '@pinfold/client'
import { lineOf } from '../command-error.ts'
import type { Journal } from './journal.ts'
import { isAway, Patience, type Stopped } from './patience.ts'
import type { Places } from './places.ts'
import type { Counts, Progress } from './progress.ts'
import { keyGiver, problemOf, type Row } from './row.ts'
import { mediaOf, UnusableFile } from './row-media.ts'

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

/** Makes the Pins of an input, a few at a time. Returns which rows failed, and why it stopped if it did. */
export async function importRows(options: ImportOptions): Promise<{ failures: Failure[]; stopped?: Stopped }> {
  const { client, journal, places, counts, progress, stop, abandon, honoursKeys } = options
  const { InvalidRequestError, NotFoundError, ConnectionError, RateLimitError, ServerError, PinterestError } =
    await import('@pinfold/client')
  const { past } = journal
  const failures: Failure[] = []
  const keyOf = keyGiver()
  const iterator = options.rows[Symbol.asyncIterator]()
  const halt = new AbortController()
  const stopping = AbortSignal.any([stop, halt.signal])
  let stopped: Stopped | undefined
  const patience = new Patience(options.giveUpAfterMs, progress)
  let lastProblem = ''

  await Promise.all(Array.from({ length: options.concurrency }, worker))
  const handled = counts.already + counts.made + counts.failed
  if (!stopped && stop.aborted && handled < counts.total)
    stopped = { why: 'interrupted', reason: 'It was interrupted.' }
  return { failures, ...(stopped && { stopped }) }

  async function worker(): Promise<void> {
    while (!stopping.aborted) {
      const next = await iterator.next()
      if (next.done) return
      const key = keyOf(next.value)
      if (!past.made.has(key)) await handle(next.value, key)
      else {
        counts.already++
        options.onMadeBefore(next.value)
      }
    }
  }

  async function handle(row: Row, key: string): Promise<unknown> {
    const problem = problemOf(row)
    if (problem !== undefined) return fail(row, problem)
    const begunAt = past.begun.get(key)
    const known = begunAt === undefined || (honoursKeys && Date.now() - begunAt < keyTtlMs)
    if (!known && !options.retryUncertain) return fail(row, uncertain)
    for (let tries = 1; ; tries++) {
      const outcome = await attempt(row, key, tries)
      if (outcome === 'done' || !(await waitForService(tries))) return
    }
  }

  /** Tries once. Returns `again` when the service is unavailable or has failed, and another try is safe. */
  async function attempt(row: Row, key: string, tries: number): Promise<'done' | 'again'> {
    let sent = false
    try {
      const pin = await pinOf(row, key)
      // Written before the request is sent: if this run is killed now, the next one knows that the result is unknown.
      await journal.add({ begun: key, row: row.number, at: Date.now() })
      sent = true
      const idempotencyKey = `pinfold-import-${past.id}-${key}`
      const { id } = await client.pins.create(pin, undefined, { idempotencyKey, signal: abandon, maxRetries: 2 })
      patience.answered()
      counts.made++
      journal.add({ made: key, row: row.number, pin: id }).catch(() => {})
      return 'done'
    } catch (error) {
      if (abandon.aborted) return 'done'
      if (error instanceof UnusableFile) return fail(row, error.message)
      if (!(error instanceof PinterestError)) throw error
      const away = isAway(error)
      if (!away) patience.answered()
      const certainlyNot =
        !away || error instanceof RateLimitError || (error instanceof ConnectionError && wasNotSent(error))
      if (sent && !honoursKeys && !certainlyNot) return fail(row, uncertain)
      const changed = error instanceof InvalidRequestError && error.status === 409
      if (sent && certainlyNot) {
        const refused = !away && !changed && !refusesAll(error)
        if (refused) past.uploaded.delete(key)
        const entry = { failed: key, row: row.number, reason: error.message }
        await journal.add(refused ? { ...entry, refused } : entry)
      }
      if (refusesAll(error)) {
        end({ why: 'notPermitted', reason: `No Pin can be made: ${lineOf(error)}` })
        return 'done'
      }
      const isPoison = error instanceof ServerError && tries >= triesOfOneRow && patience.silentMs < 5000
      if (away && !isPoison) {
        lastProblem = lineOf(error)
        return 'again'
      }
      return fail(row, changed ? changedSince : lineOf(error))
    }
  }

  /** Waits longer with each try; false when there is no point in another. */
  async function waitForService(tries: number): Promise<boolean> {
    const gaveUp = await patience.wait(tries, lastProblem, stopping)
    if (gaveUp) end(gaveUp)
    return !stopping.aborted
  }

  async function pinOf({ number, board, section, fields, picture }: Row, key: string): Promise<NewPin> {
    // The picture first, so that no board is made for rows that fail.
    const media = picture && (await mediaOf(picture, (video) => uploadOnce(video, key, number)))
    const place = board === undefined ? {} : await places.find(places.names(board, section))
    return { ...fields, ...place, ...media }
  }

  /** Returns the id of a row's video. Uploads it once: a creation that is retried must be the same request. */
  async function uploadOnce(video: string, key: string, row: number): Promise<string> {
    const known = past.uploaded.get(key)
    if (known !== undefined) return known
    const options = { signal: abandon, onProgress: () => patience.answered() }
    const onSent = async (media: string) => {
      await journal.add({ sent: key, row, media })
      past.sent.set(key, media)
    }
    const { media_id } = (await sentBefore(key, options)) ?? (await client.media.upload(video, { ...options, onSent }))
    await journal.add({ uploaded: key, row, media: media_id })
    past.uploaded.set(key, media_id)
    past.sent.delete(key)
    return media_id
  }

  /** Returns a row's video that was already sent, once it is ready; undefined if it cannot be used. */
  async function sentBefore(key: string, options: Parameters<typeof client.media.whenReady>[1]) {
    const media = past.sent.get(key)
    if (media === undefined) return undefined
    try {
      return await client.media.whenReady(media, options)
    } catch (error) {
      if (!(error instanceof InvalidRequestError || error instanceof NotFoundError)) throw error
      past.sent.delete(key)
      return undefined
    }
  }

  function fail({ number, name }: Row, reason: string): 'done' {
    counts.failed++
    failures.push({ row: number, name, reason })
    return 'done'
  }

  function end(reason: Stopped): void {
    stopped ??= reason
    halt.abort()
  }
}

const changedSince =
  'It was made by an earlier run whose answer was lost, and its board or its picture has changed since: look at the board.'

/**
 * Returns whether every other row would fail too: the token is refused (401), or lacks a scope (401 too), or its app is
 * on the trial tier. Any other refusal (403) concerns one board.
 */
const refusesAll = ({ status, message }: PinterestError): boolean =>
  status === 401 || (status === 403 && /\btrial\b/i.test(message))

/** The codes of failures before anything was sent. */
const notSentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

function wasNotSent(error: PinterestError): boolean {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && notSentCodes.has(String(cause.code))) return true
  return false
}
