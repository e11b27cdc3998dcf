/**
 * Fills a data folder with the numbers of many Pins, directly in the database of a server that is not running.
 * Arguments: the database, the id of an account, the number of Pins and of days. Popularity follows a power law, as in
 * reality: the Pin at place n has about 1/n of the first one's, and each day a varying part of it.
 */
import { DatabaseSync } from 'node:sqlite'
import { type Counts, counters } from '../../packages/server/src/db/counters.ts'
import { blockOf, dayAt } from '../../packages/server/src/domains/analytics/days.ts'
import { bucketOf, ranked, rankedValue } from '../../packages/server/src/domains/analytics/top-buckets.ts'
import { random } from './random.ts'

const [file = '', account = '', pinCount = '', dayCount = ''] = process.argv.slice(2)
const pins = Number(pinCount)
const days = Number(dayCount)
const db = new DatabaseSync(file)
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000')
for (const table of ['pin_days', 'pin_blocks', 'account_days', 'top_pins']) db.exec(`DELETE FROM ${table}`)
const places = (count: number) => Array(count).fill('?').join()
const addDay = db.prepare(`INSERT INTO pin_days VALUES (${places(3 + counters.length)})`)
const addBlock = db.prepare(`INSERT INTO pin_blocks VALUES (${places(4 + counters.length)})`)
const addTop = db.prepare(`INSERT INTO top_pins VALUES (${places(7)})`)
const addAccountDay = db.prepare(`INSERT INTO account_days VALUES (${places(8)})`)
const next = random(1)
const today = dayAt(Date.now())
const shares = [0.55, 0.1, 0.35]
const none = Object.fromEntries(counters.map((counter) => [counter, 0])) as unknown as Counts
const values = (counts: Counts) => counters.map((counter) => counts[counter])
const add = (sum: Counts, counts: Counts) => {
  for (const counter of counters) sum[counter] += counts[counter]
}

const ofAccount = new Map<string, Counts>()
const order = Array.from({ length: pins }, (_, i) => i).sort(() => next() - 0.5)
db.exec('BEGIN')
for (const [place, pin] of order.map((popularity, i) => [popularity, 10_000_000 + i] as const)) {
  const blocks = new Map<string, Counts>()
  for (let day = today - days + 1; day <= today; day++)
    for (const [app, share] of shares.entries()) {
      const impressions = Math.ceil(((20_000 * share) / (place + 1)) * (0.5 + next()) + next() * 3)
      const saves = Math.floor(impressions * 0.02 * next() * 2)
      const counts = {
        ...none,
        impressions,
        saves,
        pin_clicks: Math.floor(impressions * 0.08 * next()),
        outbound_clicks: Math.floor(impressions * 0.02 * next()),
      }
      addDay.run(pin, day, app, ...values(counts))
      const key = `${blockOf(day)} ${app}`
      const block = blocks.get(key) ?? { ...none }
      blocks.set(key, block)
      add(block, counts)
      const dayKey = `${day} ${app}`
      const sum = ofAccount.get(dayKey) ?? { ...none }
      ofAccount.set(dayKey, sum)
      add(sum, counts)
    }
  for (const [key, counts] of blocks) {
    const [block = 0, app = 0] = key.split(' ').map(Number)
    addBlock.run(pin, block, app, 1, ...values(counts))
    for (const [metric, rule] of ranked.entries()) {
      const bucket = bucketOf(rankedValue(rule, counts))
      if (bucket !== undefined && block >= blockOf(today - 90))
        addTop.run(Number(account), 0, metric, app, block, bucket, pin)
    }
  }
}
for (const [key, counts] of ofAccount) {
  const [day = 0, app = 0] = key.split(' ').map(Number)
  // Neither claimed nor video: the unions of slices with these Pins.
  for (const slice of [0, 1, 3, 4]) addAccountDay.run(Number(account), slice, day, app, ...values(counts).slice(0, 4))
}
db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE')
db.close()
