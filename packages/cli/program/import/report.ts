import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { plain } from '../output/print.ts'
import type { Failure } from './importer.ts'
import type { Stopped } from './patience.ts'
import { duration } from './progress.ts'

/** The result of an import. */
export interface Report {
  input: string
  api: string
  account: string
  dry_run: boolean
  rows: number
  /** The number of Pins that this run made, or would make in a dry run. */
  made: number
  /** The number of rows whose Pins earlier runs made. */
  made_before: number
  failed: number
  boards_made: number
  sections_made: number
  seconds: number
  /** Why it ended before the last row; null if it did not. */
  stopped: Stopped['why'] | null
  stopped_reason: string | null
  failures: Failure[]
  notes: string[]
  journal: string
}

export const shownFailures = 20

export const howToContinue: Record<Stopped['why'], string> = {
  interrupted: 'Run the same command to continue.',
  unavailable: 'Run the same command to continue.',
  notPermitted: 'Use a token that may, and run the same command to continue.',
}

/** Returns the report for people. */
export function reportText(report: Report): string {
  const { made, made_before, failed, failures, notes, boards_made, sections_made } = report
  const shown = failures.slice(0, shownFailures)
  const more = failures.length - shown.length
  const lines = [
    report.dry_run ? dryRunLine(report) : `${pins(made)} made in ${duration(report.seconds)}${rateOf(report)}.`,
    made_before > 0 && `${pins(made_before)} made by earlier runs.`,
    boards_made + sections_made > 0 && `${count(boards_made, 'board')} and ${count(sections_made, 'section')} made.`,
    failed > 0 && `${count(failed, 'row')} failed:`,
    ...shown.map(({ row, name, reason }) => `  row ${row}${name && ` (${plain(name)})`}: ${plain(reason)}`),
    more > 0 && `  and ${more} more: --report FILE has them all.`,
    notes.length > 0 && 'Not carried over:',
    ...notes.map((note) => `  ${plain(note)}`),
    report.stopped && `${report.stopped_reason} ${howToContinue[report.stopped]}`,
  ]
  return `${lines.filter((line) => typeof line === 'string' && line !== '').join('\n')}\n`
}

const dryRunLine = ({ made }: Report) => `${pins(made)} would be made. Nothing was changed.`

const rateOf = ({ made, seconds }: Report) =>
  made > 0 ? ` (${(made / Math.max(seconds, 0.1)).toFixed(1)} a second)` : ''
export const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
const pins = (number: number) => count(number, 'Pin')

/** The exit code that shells use for a program ended by Ctrl-C. */
const interruptedCode = 130

/** Returns the exit code of an import. */
export function codeFor({ stopped, failed }: Pick<Report, 'stopped' | 'failed'>): ExitCode | typeof interruptedCode {
  if (stopped === 'interrupted') return interruptedCode
  if (stopped === 'notPermitted') return exitCodes.notPermitted
  if (stopped === 'unavailable') return exitCodes.failed
  return failed > 0 ? exitCodes.partly : exitCodes.done
}
