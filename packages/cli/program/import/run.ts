import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeWhole } from '../service/atomic-file.ts'
import { connect, type ServiceOptions, type Session } from '../service/service.ts'
import { type Failure, importRows } from './importer.ts'
import { interruptions } from './interruptions.ts'
import { openJournal, readPast } from './journal.ts'
import type { Stopped } from './patience.ts'
import { Places } from './places.ts'
import { type Counts, Progress } from './progress.ts'
import { folderInput } from './read-folder.ts'
import { jsonLinesInput } from './read-json-lines.ts'
import { codeFor, type Report, reportText } from './report.ts'
import { type Input, keyGiver, Notes, problemOf, type Row } from './row.ts'
import { contentProblem } from './row-media.ts'

export interface ImportCommandOptions extends ServiceOptions {
  board?: string
  concurrency: number
  dryRun?: boolean
  journal?: string
  report?: string
  giveUpAfter: number
  retryUncertain?: boolean
  json?: boolean
}

/** Imports, then prints and writes the report. Sets the process's exit code. */
export async function runImport(path: string, options: ImportCommandOptions): Promise<void> {
  const input = withBoard(await openInput(path, options.board), options.board)
  const waiting: { progress?: Progress } = {}
  const session = await connect(options, {
    onRateLimit: ({ waitSeconds }) => {
      waiting.progress?.waitForLimit(waitSeconds)
    },
  })
  const { username: account = '' } = await session.client.userAccount.get()
  const journalPath = options.journal ?? `${resolve(path)}.pinfold-journal.jsonl`
  const begun = Date.now()
  const head = {
    input: resolve(path),
    api: session.api,
    account,
    dry_run: options.dryRun === true,
    journal: journalPath,
  }
  const outcome = options.dryRun
    ? await dryRun(input, journalPath, session, account)
    : await realRun(input, journalPath, { session, account, options, waiting })
  const { counts, failures, notes, places, stopped } = outcome
  const report: Report = {
    ...head,
    rows: counts.total,
    made: counts.made,
    made_before: counts.already,
    failed: counts.failed,
    boards_made: places.boardsMade,
    sections_made: places.sectionsMade,
    seconds: Math.round((Date.now() - begun) / 100) / 10,
    stopped: stopped?.why ?? null,
    stopped_reason: stopped?.reason ?? null,
    failures: failures.toSorted((a, b) => a.row - b.row),
    notes: notes.lines(),
  }
  if (options.report !== undefined) await writeWhole(options.report, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report))
  process.exitCode = codeFor(report)
}

interface Outcome {
  counts: Counts
  failures: Failure[]
  notes: Notes
  places: Pick<Places, 'boardsMade' | 'sectionsMade'>
  stopped?: Stopped
}

interface RealRun {
  session: Session
  account: string
  options: ImportCommandOptions
  waiting: { progress?: Progress }
}

async function realRun(input: Input, path: string, { session, account, options, waiting }: RealRun): Promise<Outcome> {
  const { client, api } = session
  // Reads to the end once before making anything: a file that is broken further down is refused as a whole.
  const counts: Counts = { already: 0, made: 0, failed: 0, total: await countRows(input) }
  const journal = await openJournal(path, { api, account })
  const { stop, abandon, release } = interruptions()
  const progress = new Progress(counts)
  waiting.progress = progress
  const notes = new Notes()
  try {
    const places = await Places.load(client)
    const ended = await importRows({
      client,
      journal,
      places,
      rows: input(notes),
      onMadeBefore: notesOfGone(path, places, notes),
      counts,
      progress,
      concurrency: options.concurrency,
      honoursKeys: !/(^|\.)pinterest\.com$/.test(new URL(api).hostname),
      retryUncertain: options.retryUncertain === true,
      giveUpAfterMs: options.giveUpAfter * 1000,
      stop,
      abandon,
    })
    return { counts, notes, places, ...ended }
  } finally {
    progress.stop()
    release()
    await journal.close()
  }
}

/** Checks every row as far as possible without sending anything. */
async function dryRun(input: Input, path: string, { client, api }: Session, account: string): Promise<Outcome> {
  const past = await readPast(path, { api, account })
  const places = await Places.load(client)
  const counts: Counts = { already: 0, made: 0, failed: 0, total: 0 }
  const failures: Failure[] = []
  const notes = new Notes()
  const keyOf = keyGiver()
  const missing = new Set<string>()
  const noteGone = notesOfGone(path, places, notes)
  for await (const row of input(notes)) {
    counts.total++
    if (past?.made.has(keyOf(row))) {
      counts.already++
      noteGone(row)
      continue
    }
    const reason = problemOf(row) ?? (row.picture && (await contentProblem(row.picture)))
    if (reason === undefined) counts.made++
    else {
      counts.failed++
      failures.push({ row: row.number, name: row.name, reason })
    }
    const board = row.board === undefined ? undefined : places.names(row.board, row.section).board
    if (board !== undefined && !places.has(board)) missing.add(board)
  }
  for (const board of missing) notes.add(`The board "${board}" is not there yet: it will be made`)
  return { counts, failures, notes, places }
}

/**
 * Returns a function that notes rows of boards that no longer exist: they count as made, and the journal keeps them
 * from being made again.
 */
function notesOfGone(journal: string, places: Places, notes: Notes): (row: Row) => void {
  const there = new Map<string, boolean>()
  return ({ board: name, section }) => {
    if (name === undefined) return
    const { board } = places.names(name, section)
    if (!there.has(board)) there.set(board, places.has(board))
    if (there.get(board)) return
    notes.add(
      `The board "${board}" is gone, and its rows count as made by an earlier run: to make them again, remove ${journal}`,
    )
  }
}

async function countRows(input: Input): Promise<number> {
  let count = 0
  for await (const _ of input(new Notes())) count++
  return count
}

async function openInput(path: string, board: string | undefined): Promise<Input> {
  const found = await stat(path).catch((error: Error) => {
    throw new CommandError(`The input cannot be read: ${error.message}`, exitCodes.usage)
  })
  if (found.isDirectory()) return folderInput(path, board)
  const kind = extname(path).toLowerCase()
  if (kind === '.jsonl' || kind === '.ndjson') return jsonLinesInput(path)
  if (kind !== '.csv') throw new CommandError(`${path} is none of .csv, .jsonl, .ndjson and a folder.`, exitCodes.usage)
  const { csvInput } = await import('./read-csv.ts')
  return csvInput(path)
}

/** Puts rows that name no board on `board`. */
const withBoard = (input: Input, board: string | undefined): Input =>
  board === undefined
    ? input
    : async function* rows(notes) {
        for await (const row of input(notes)) yield needsBoard(row) ? { ...row, board } : row
      }

const needsBoard = ({ board, fields }: Row) => board === undefined && fields.board_id === undefined
