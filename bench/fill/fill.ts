/**
 * `npm run bench -- fill TO`: makes a data folder with as many Pins and numbers of Pins as are asked for, straight in the
 * database, and leaves it as a server would have: with the same schema, counts that are right, and files of every picture.
 */
import { existsSync, statSync } from 'node:fs'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { demoCredentials } from '@pinfold/server'
import { openSqlite } from '../../packages/server/src/db/sqlite.ts'
import { dayMs } from '../../packages/server/src/domains/analytics/days.ts'
import { pinIndexOf } from '../../packages/server/src/domains/search/pin-index.ts'
import { withPinfold } from '../rows/workbench.ts'
import { withoutIndexes } from './bulk.ts'
import { type Given, pinRows, sharedPictures } from './pin-rows.ts'
import { type Progress, progress } from './progress.ts'
import { textsOf } from './texts.ts'
import { type FillSize, worldOf } from './world.ts'
import { writeOwners } from './write-owners.ts'
import { writeLooks, writePins } from './write-pins.ts'
import { writeRollups } from './write-rollups.ts'

/** What was made. */
export interface Filled {
  folder: string
  pins: number
  accounts: number
  boards: number
  /** Rows of each table of numbers. */
  rollups: Record<(typeof rollupTables)[number], number>
  megabytes: number
  seconds: number
}

const rollupTables = ['pin_days', 'pin_blocks', 'account_days', 'top_pins'] as const
/** What they take on the disk, in bytes, as measured: a Pin with its indexes, its words in the index of search, and a row of numbers. */
const bytesOf = { pin: 2300, words: 750, rollup: 35 }

const help = `Usage: npm run bench -- fill TO [--pins N] [--rollups M] [--searched N] [--seed N] [--json]

Makes the data folder TO, which must not exist, for the figures of many Pins. Serve it with \`pinfold serve --data TO\`:
the demo's account has up to ten thousand of the Pins, the others are of others.

  --pins N      how many Pins (10000)
  --rollups M   how many rows in the tables of analytics, about (ten for each Pin)
  --searched N  how many of the newest Pins are found by their words (all): these take longest
  --seed N      another seed makes other data; the same makes the same, on the same day (1)
  --json        print what was made as JSON`

/** Runs the command. */
export async function fillCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      ...{ pins: { type: 'string' }, rollups: { type: 'string' }, searched: { type: 'string' } },
      ...{ seed: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    },
    allowPositionals: true,
  })
  const [to] = positionals
  const number = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : Number(text))
  const pins = number(values.pins, 10_000)
  const size = {
    pins,
    rollups: number(values.rollups, pins * 10),
    searched: Math.min(pins, number(values.searched, pins)),
    seed: number(values.seed, 1),
  }
  const isRight =
    Object.values(size).every((one) => Number.isSafeInteger(one) && one >= 0) && pins >= 2 && pins < 2 ** 24
  if (values.help) return console.log(help)
  if (!to || positionals.length > 1 || !isRight) {
    console.error(help)
    process.exitCode = 2
    return
  }
  const filled = await fill(to, size)
  console.log(values.json ? JSON.stringify(filled) : toldOf(filled))
}

/** Makes a data folder. Throws when it exists, or there is no room for it. */
export async function fill(to: string, size: FillSize, tell = (text: string) => console.error(text)): Promise<Filled> {
  const begun = performance.now()
  const folder = resolve(to)
  const unfinished = `${folder}.unfinished`
  for (const each of [folder, unfinished])
    if (existsSync(each)) throw new Error(`${each} is there already: remove it, or name another folder.`)
  await mkdir(dirname(folder), { recursive: true })
  await checkRoom(dirname(folder), size, tell)
  await mkdir(unfinished)
  const steps = progress(tell)
  steps.begin('the demo', 1)
  await withPinfold({ folder: unfinished, token: demoCredentials.accessToken, quick: false }, async () => {})
  const file = join(unfinished, 'data/pinfold.db')
  const { given, counts } = fillTables(file, size, steps)
  await indexWords(file, given, steps)
  const { pins, accounts, boards } = given.world
  const megabytes = Math.round(statSync(file).size / 1e6)
  await rename(join(unfinished, 'data'), folder)
  await rm(unfinished, { recursive: true })
  const seconds = Math.round((performance.now() - begun) / 1000)
  return { folder, pins, accounts, boards, rollups: counts, megabytes, seconds }
}

async function checkRoom(folder: string, size: FillSize, tell: (text: string) => void): Promise<void> {
  const needed = size.pins * bytesOf.pin + size.searched * bytesOf.words + size.rollups * bytesOf.rollup
  const { bavail, bsize } = await statfs(folder)
  const text = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  tell(`it will take about ${text(needed)} of the ${text(bavail * bsize)} that are free`)
  // Indexes are sorted in files, beside what is there.
  if (needed * 1.2 + 1e8 > bavail * bsize) throw new Error(`There is not enough room in ${folder}.`)
}

function fillTables(file: string, size: FillSize, steps: Progress): { given: Given; counts: Filled['rollups'] } {
  const db = new DatabaseSync(file, { defensive: false })
  // What is cut off is begun again: nothing needs to survive. In a log of gigabytes each page would be looked up for long.
  const mode = db.prepare('PRAGMA journal_mode = OFF').get()?.journal_mode
  if (mode !== 'off') throw new Error(`The journal is still ${mode}.`)
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF')
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA threads = 2')
  const given = givenIn(db, size)
  const tables = ['pins', 'boards', 'sections', 'accounts', 'follows', ...rollupTables]
  db.exec('BEGIN')
  withoutIndexes(
    db,
    tables,
    () => {
      writeOwners(db, given, steps)
      writePins(db, given, steps)
      writeLooks(db, given, steps)
      writeRollups(db, given, steps)
    },
    (name) => steps.begin(`index ${name}`, 1),
  )
  db.exec('COMMIT')
  const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)
  const counts = Object.fromEntries(rollupTables.map((table) => [table, count(table)])) as Filled['rollups']
  db.exec('PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.close()
  return { given, counts }
}

function givenIn(db: DatabaseSync, size: FillSize): Given {
  const account = db.prepare("SELECT id, username, claimed_sites FROM accounts WHERE username = 'demo'").get()
  const pictures = sharedPictures(db)
  const end = Math.floor(Date.now() / dayMs) * dayMs
  return {
    world: worldOf(size, pictures.length, end),
    texts: textsOf(size.seed),
    demo: {
      id: Number(account?.id),
      username: String(account?.username),
      sites: JSON.parse(String(account?.claimed_sites)),
    },
    pictures,
  }
}

/** Writes the words of the newest Pins, as the server does. */
async function indexWords(file: string, given: Given, steps: Progress): Promise<void> {
  const { pins, searched } = given.world
  const batch = 5000
  steps.begin('words of Pins', searched)
  const db = openSqlite(file, 'relaxed')
  const index = pinIndexOf(db)
  const rowOf = pinRows(given)
  for (let from = pins - searched; from < pins; from += batch) {
    const some = Array.from({ length: Math.min(batch, pins - from) }, (_, i) => rowOf(from + i))
    await db.write((tx) => index.add(tx, some))
    steps.reached(from + some.length - (pins - searched))
  }
  await db.close()
}

function toldOf({ folder, pins, accounts, boards, rollups, megabytes, seconds }: Filled): string {
  const text = (count: number) => count.toLocaleString('en')
  const all = Object.values(rollups).reduce((sum, count) => sum + count, 0)
  const parts = rollupTables.map((table) => `${table} ${text(rollups[table])}`).join(', ')
  return `${folder}: ${text(pins)} Pins on ${text(boards)} boards of ${text(accounts)} accounts, ${text(all)} rows of numbers (${parts}); ${text(megabytes)} MB, made in ${text(seconds)} s`
}
