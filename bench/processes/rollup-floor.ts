/**
 * A bare script that adds up events in SQLite, safe against power loss: for each batch one transaction with the rollup
 * rows of its Pins and of their account in prepared upserts, and the places of Pins in the lists of top Pins that change,
 * and nothing else. Arguments: the database file, and a file
 * of batches, each a list of `[pin, app type, counter]`. A message with a number carries out so many batches.
 */
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { accountCounters, counters } from '../../packages/server/src/db/counters.ts'
import { blockOf, dayAt } from '../../packages/server/src/domains/analytics/days.ts'
import { bucketOf, ranked } from '../../packages/server/src/domains/analytics/top-buckets.ts'

const [file = '', batchFile = ''] = process.argv.slice(2)
const batches: [pin: number, app: number, counter: number][][] = JSON.parse(readFileSync(batchFile, 'utf8'))
const db = new DatabaseSync(file)
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000')

function table(name: string, keys: readonly string[], columns: readonly string[], end = '') {
  const all = [...keys, ...columns]
  db.exec(
    `CREATE TABLE ${name} (${all.map((column) => `${column} INTEGER NOT NULL`)}, PRIMARY KEY (${keys})) WITHOUT ROWID`,
  )
  const sums = columns.map((column) => `${column} = ${column} + excluded.${column}`)
  return db.prepare(`INSERT INTO ${name} VALUES (${all.map(() => '?')}) ON CONFLICT DO UPDATE SET ${sums} ${end}`)
}
const addDay = table('pin_days', ['pin_id', 'day', 'app_type'], counters)
const addBlock = table('pin_blocks', ['pin_id', 'block', 'app_type'], counters, 'RETURNING *')
addBlock.setReturnArrays(true)
const addAccountDay = table('account_days', ['account_id', 'slice', 'day', 'app_type'], accountCounters)

const topKeys = ['account_id', 'slice', 'metric', 'app_type', 'block', 'bucket', 'pin_id']
db.exec(
  `CREATE TABLE top_pins (${topKeys.map((column) => `${column} INTEGER NOT NULL`)}, PRIMARY KEY (${topKeys})) WITHOUT ROWID`,
)
const addTop = db.prepare(`INSERT INTO top_pins VALUES (${topKeys.map(() => '?')})`)
const removeTop = db.prepare(`DELETE FROM top_pins WHERE ${topKeys.map((key) => `${key} = ?`).join(' AND ')}`)
const lists = ranked.map((names) => names.map((name) => counters.indexOf(name)))

/** Moves a Pin in the lists in which its number has reached another bucket. */
function move(pin: number, app: number, sums: number[], counts: number[]): void {
  for (const [metric, places] of lists.entries()) {
    let now = 0
    let added = 0
    for (const place of places) {
      now += sums[place] ?? 0
      added += counts[place] ?? 0
    }
    const bucket = bucketOf(now)
    const before = bucketOf(now - added)
    if (bucket === before) continue
    if (before !== undefined) removeTop.run(1, 0, metric, app, blockOf(day), before, pin)
    if (bucket !== undefined) addTop.run(1, 0, metric, app, blockOf(day), bucket, pin)
  }
}

const day = dayAt(Date.now())
/** The rows of each batch, prepared in advance. */
const rows = batches.map((batch) => {
  const sums = new Map<string, number[]>()
  for (const [pin, app, counter] of batch) {
    const key = `${pin} ${app}`
    const sum = sums.get(key) ?? counters.map(() => 0)
    sums.set(key, sum)
    sum[counter] = (sum[counter] ?? 0) + 1
  }
  const ofPins = [...sums].map(([key, counts]) => [...key.split(' ').map(Number), counts] as [number, number, number[]])
  const ofAccount = [0, 1, 2].map((app) =>
    accountCounters.map((_, i) => ofPins.reduce((sum, pin) => sum + (pin[1] === app ? (pin[2][i] ?? 0) : 0), 0)),
  )
  return { ofPins, ofAccount }
})

let done = 0
process.on('message', (message) => {
  if (typeof message !== 'number') return
  for (let i = 0; i < message; i++) {
    const { ofPins, ofAccount } = rows[done++ % rows.length] ?? { ofPins: [], ofAccount: [] }
    db.exec('BEGIN IMMEDIATE')
    for (const [pin, app, counts] of ofPins) {
      addDay.run(pin, day, app, ...counts)
      const sums = addBlock.get(pin, blockOf(day), app, ...counts) as unknown as number[]
      move(pin, app, sums.slice(3), counts)
    }
    for (const [app, counts] of ofAccount.entries())
      for (const slice of [0, 1, 3, 4]) addAccountDay.run(1, slice, day, app, ...counts)
    db.exec('COMMIT')
  }
  process.send?.('done')
})
process.channel?.ref()
console.log('ready at nothing')
