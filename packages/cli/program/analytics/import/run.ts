import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CommandError } from '../../command-error.ts'
import { exitCodes } from '../../exit-codes.ts'
import { interruptions } from '../../import/interruptions.ts'
import { type Counts, duration, Progress } from '../../import/progress.ts'
import { codeFor, count, howToContinue, type Report, shownFailures } from '../../import/report.ts'
import { Notes } from '../../import/row.ts'
import { plain } from '../../output/print.ts'
import { writeWhole } from '../../service/atomic-file.ts'
import { connect, type ServiceOptions } from '../../service/service.ts'
import { openHistoryJournal } from './journal.ts'
import { loadBatches } from './load.ts'
import { readBatches } from './read.ts'

export interface HistoryImportOptions extends ServiceOptions {
  journal?: string
  report?: string
  giveUpAfter: number
  json?: boolean
}

/** The result of an import of numbers. */
interface HistoryReport extends Pick<Report, 'stopped' | 'stopped_reason' | 'rows' | 'failed' | 'seconds' | 'notes'> {
  input: string
  api: string
  account: string
  loaded: number
  /** Rows that earlier runs loaded. */
  loaded_before: number
  /** The first 10,000 failures. */
  failures: { line: number; reason: string }[]
  journal: string
}

/** Further failures are only counted. */
const keptFailures = 10_000

/** Imports, then prints and writes the report. Sets the process's exit code. */
export async function runHistoryImport(path: string, options: HistoryImportOptions): Promise<void> {
  await stat(path).catch((error: Error) => {
    throw new CommandError(`The input cannot be read: ${error.message}`, exitCodes.usage)
  })
  const notes = new Notes()
  // Reads to the end once before sending anything: a file that is broken further down is refused as a whole.
  const counts: Counts = { already: 0, made: 0, failed: 0, total: await countRows(path, notes) }
  const waiting: { progress?: Progress } = {}
  const { client, api } = await connect(options, {
    onRateLimit: ({ waitSeconds }) => {
      waiting.progress?.waitForLimit(waitSeconds)
    },
  })
  const { username: account = '' } = await client.userAccount.get()
  const journalPath = options.journal ?? `${resolve(path)}.pinfold-journal.jsonl`
  const journal = await openHistoryJournal(journalPath, { api, account })
  const { stop, abandon, release } = interruptions()
  const begun = Date.now()
  const progress = new Progress(counts)
  waiting.progress = progress
  const failures: HistoryReport['failures'] = []
  const onFailure = (failure: { line: number; reason: string }) => {
    if (failures.length < keptFailures) failures.push(failure)
  }
  const batches = readBatches(path, new Notes())
  const giveUpAfterMs = options.giveUpAfter * 1000
  const loading = { client, journal, batches, counts, progress, giveUpAfterMs, stop, abandon, onFailure }
  const stopped = await loadBatches(loading).finally(async () => {
    progress.stop()
    release()
    await journal.close()
  })
  const report: HistoryReport = {
    input: resolve(path),
    api,
    account,
    rows: counts.total,
    loaded: counts.made,
    loaded_before: counts.already,
    failed: counts.failed,
    seconds: Math.round((Date.now() - begun) / 100) / 10,
    stopped: stopped?.why ?? null,
    stopped_reason: stopped?.reason ?? null,
    failures,
    notes: notes.lines(),
    journal: journalPath,
  }
  if (options.report !== undefined) await writeWhole(options.report, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report))
  process.exitCode = codeFor(report)
}

async function countRows(path: string, notes: Notes): Promise<number> {
  let rows = 0
  for await (const batch of readBatches(path, notes)) rows += batch.rows.length
  return rows
}

/** Returns the report for people. */
function reportText(report: HistoryReport): string {
  const { loaded, loaded_before, failed, failures, seconds, notes } = report
  const rate = loaded > 0 ? ` (${(loaded / Math.max(seconds, 0.1)).toFixed(0)} a second)` : ''
  const shown = failures.slice(0, shownFailures)
  const lines = [
    `${count(loaded, 'row')} loaded in ${duration(seconds)}${rate}.`,
    loaded_before > 0 && `${count(loaded_before, 'row')} loaded by earlier runs.`,
    failed > 0 && `${count(failed, 'row')} failed:`,
    ...shown.map(({ line, reason }) => `  line ${line}: ${plain(reason)}`),
    failed > shown.length && `  and ${failed - shown.length} more: see --report FILE.`,
    ...notes.map(plain),
    report.stopped && `${report.stopped_reason} ${howToContinue[report.stopped]}`,
  ]
  return `${lines.filter((line) => typeof line === 'string' && line !== '').join('\n')}\n`
}
