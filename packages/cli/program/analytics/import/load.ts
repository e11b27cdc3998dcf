import type { PinterestClient } from '@pinfold/client'
import { CommandError, lineOf } from '../../command-error.ts'
import { exitCodes } from '../../exit-codes.ts'
import { isAway, Patience, type Stopped } from '../../import/patience.ts'
import type { Counts, Progress } from '../../import/progress.ts'
import type { HistoryJournal } from './journal.ts'
import type { Batch, HistoryRow } from './read.ts'

export interface LoadOptions {
  client: PinterestClient
  journal: HistoryJournal
  batches: AsyncIterable<Batch>
  counts: Counts
  progress: Progress
  /** How long the service may be unavailable before the import gives up. */
  giveUpAfterMs: number
  /** Sends no more batches; those in progress go on. */
  stop: AbortSignal
  /** Abandons batches in progress. */
  abandon: AbortSignal
  onFailure(failure: { line: number; reason: string }): void
}

/** Loads batches one after another. Returns why it stopped, if it did before the end. */
export async function loadBatches(options: LoadOptions): Promise<Stopped | undefined> {
  const { client, journal, counts, progress, stop, abandon, onFailure } = options
  const { PinterestError } = await import('@pinfold/client')
  const patience = new Patience(options.giveUpAfterMs, progress)
  const interrupted: Stopped = { why: 'interrupted', reason: 'It was interrupted.' }

  for await (const batch of options.batches) {
    const left = journal.left(batch.number, batch.key) ?? [...batch.rows.keys()]
    counts.already += batch.rows.length - left.length
    if (left.length === 0) continue
    if (stop.aborted) return interrupted
    const sent = await send(left.flatMap((i) => batch.rows[i] ?? []))
    if ('why' in sent) return sent
    const failed = sent.errors.flatMap(({ row }) => left[row] ?? [])
    await journal.add({ batch: batch.number, key: batch.key, failed })
    counts.made += left.length - failed.length
    counts.failed += failed.length
    for (const { row, message } of sent.errors) onFailure({ line: batch.lines[left[row] ?? 0] ?? 0, reason: message })
  }
  return undefined

  async function send(rows: HistoryRow[]): Promise<{ errors: { row: number; message: string }[] } | Stopped> {
    for (let tries = 1; ; tries++) {
      try {
        const receipt = await client.events.loadHistory({ rows }, {}, { signal: abandon, maxRetries: 2 })
        patience.answered()
        return receipt
      } catch (error) {
        if (abandon.aborted) return interrupted
        if (!(error instanceof PinterestError)) throw error
        if (error.status === 401 || error.status === 403)
          return { why: 'notPermitted', reason: `No number can be loaded: ${lineOf(error)}` }
        if (error.status === 404)
          throw new CommandError(`This service takes no history: ${lineOf(error)}`, exitCodes.notFound)
        if (!isAway(error)) throw error
        const gaveUp = await patience.wait(tries, lineOf(error), stop)
        if (gaveUp) return gaveUp
        if (stop.aborted) return interrupted
      }
    }
  }
}
