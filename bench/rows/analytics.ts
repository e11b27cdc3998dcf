/** Counting events, and reading the counts. */
import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Comparison, compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import { random } from '../processes/random.ts'
import { type Measured, startPinfold } from '../processes.ts'
import { readWhile } from '../read-while.ts'
import type { Row } from '../report.ts'
import { type Workbench, withFloor, withPinfold } from './workbench.ts'

const program = (name: string) => fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url))
const run = promisify(execFile)
const eventsPerBatch = 1000
const agents = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36',
]
const types = ['impression', 'impression', 'impression', 'impression', 'pin_click', 'outbound_click'] as const
const counterOfType = { impression: 0, pin_click: 2, outbound_click: 3 }

/** Makes many Pins, some of which are seen much more often than others. */
async function manyPins({ folder, quick }: Workbench): Promise<number[]> {
  const { stdout } = await run(process.execPath, [
    program('clone-pins'),
    join(folder, 'data/pinfold.db'),
    quick ? '200' : '10000',
  ])
  return (JSON.parse(stdout) as { ids: number[] }).ids
}

interface PlannedEvent {
  pin: number
  app: number
  type: (typeof types)[number]
}

function plan(pins: readonly number[], seed: number): PlannedEvent[] {
  const next = random(seed)
  return Array.from({ length: eventsPerBatch }, () => ({
    pin: pins[Math.floor(pins.length * next() ** 2)] ?? 0,
    app: Math.floor(next() * 3),
    type: types[Math.floor(next() * types.length)] ?? 'impression',
  }))
}

let batches = 0
/** Returns a request with a batch that was not sent before. */
function batchRequest(events: readonly PlannedEvent[], token: string): Buffer {
  const at = new Date().toISOString()
  const batch = batches++
  const body = events.map(({ pin, app, type }, i) => ({
    id: `event-${batch}-${i}-0123456789abcdef`,
    type,
    pin_id: String(pin),
    at,
    viewer: `viewer-${batch}-${i}`,
    user_agent: agents[app],
  }))
  return request('POST', '/_pinfold/events', token, JSON.stringify({ events: body }))
}

export async function takeEvents(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 2, blocks: 1, rounds: 1, perRound: 2 }
    : { warmUp: 60, blocks: 3, rounds: 3, perRound: 40 }
  const pins = await manyPins(bench)
  const planned = Array.from({ length: 50 }, (_, seed) => plan(pins, seed))
  const file = join(bench.folder, 'batches.json')
  const forFloor = planned.map((batch) => batch.map(({ pin, app, type }) => [pin, app, counterOfType[type]]))
  await writeFile(file, JSON.stringify(forFloor))
  let sent = 0
  const ours = (process: Measured): Side => ({
    process,
    work: async (count) => {
      const texts = Array.from({ length: count }, () =>
        batchRequest(planned[sent++ % planned.length] ?? [], bench.token),
      )
      await load(process.url, { count, connections: 4, request: (i) => texts[i] ?? '', status: 200 })
    },
  })
  const floor = (process: Measured): Side => ({
    process,
    work: async (count) => void (await process.ask(count)),
  })
  const measured = await withPinfold(bench, (pinfold) =>
    withFloor(bench, ['rollup-floor', join(bench.folder, 'rollups.db'), file], (bare) =>
      compare(floor(bare), ours(pinfold), effort),
    ),
  )
  return {
    name: 'Take in an event',
    floorIs: 'the same rollup upserts in a bare script, as durable',
    unit: 'µs CPU',
    floor: measured.floor / eventsPerBatch,
    ours: measured.ours / eventsPerBatch,
    target: { ratio: 2 },
  }
}

/** Measures a Pin's numbers that were requested before, and ones that were not. */
export async function pinAnalytics(bench: Workbench): Promise<Row[]> {
  const effort: Effort = bench.quick
    ? { warmUp: 100, blocks: 1, rounds: 1, perRound: 100 }
    : { warmUp: 4000, blocks: 3, rounds: 3, perRound: 2000 }
  const [pin = 0] = await manyPins(bench)
  const rows = daysBefore(90).flatMap((date) =>
    ['MOBILE', 'TABLET', 'WEB'].map((app_type) => ({
      date,
      pin_id: String(pin),
      metric: 'IMPRESSION',
      value: 1000,
      app_type,
    })),
  )
  return withPinfold(bench, async (pinfold) => {
    const history = request('POST', '/_pinfold/analytics/history', bench.token, JSON.stringify({ rows }))
    await load(pinfold.url, { count: 1, connections: 1, request: () => history, status: 200 })
    const side = (path: (i: number) => string): Side => ({
      process: pinfold,
      work: (count) => {
        const texts = Array.from({ length: count }, (_, i) => request('GET', path(i), bench.token))
        return load(pinfold.url, { count, connections: 4, request: (i) => texts[i] ?? '', status: 200 })
      },
    })
    const read = side(() => `/v5/pins/${pin}`)
    const analytics = `/v5/pins/${pin}/analytics?${range()}&metric_types=IMPRESSION,SAVE,PIN_CLICK`
    // Another choice of metrics each time, so that no answer is cached.
    let choices = 0
    const anew = () => Array.from((choices++).toString(2), (bit) => (bit === '1' ? 'IMPRESSION' : 'SAVE')).join()
    const row = { floorIs: 'GET a Pin', unit: 'µs CPU' as const, target: { ratio: 3 } }
    return [
      {
        name: "A Pin's 90 days",
        ...row,
        ...(await compare(
          read,
          side(() => analytics),
          effort,
        )),
      },
      {
        name: "A Pin's 90 days, for the first time",
        ...row,
        ...(await compare(
          read,
          side(() => `${analytics},${anew()}`),
          effort,
        )),
      },
    ]
  })
}

/** Measures an account with many Pins and two years of days, beside one with a hundredth of them. */
export async function accountAnalytics(bench: Workbench): Promise<Row[]> {
  const [many, few] = bench.quick ? [200, 2] : [10_000, 100]
  const effort: Effort = bench.quick
    ? { warmUp: 3, blocks: 1, rounds: 1, perRound: 3 }
    : { warmUp: 300, blocks: 3, rounds: 3, perRound: 100 }
  const { stdout } = await run(process.execPath, [program('clone-pins'), join(bench.folder, 'data/pinfold.db'), '0'])
  const { owner } = JSON.parse(stdout) as { owner: number }
  const folderWith = async (pins: number): Promise<string> => {
    const folder = join(bench.folder, `${pins} Pins`)
    await cp(join(bench.folder, 'data'), join(folder, 'data'), { recursive: true })
    console.error(`filling in the numbers of ${pins} Pins: ${pins * 730 * 3} rows`)
    await run(process.execPath, [
      program('fill-analytics'),
      join(folder, 'data/pinfold.db'),
      String(owner),
      String(pins),
      '730',
    ])
    return folder
  }
  const small = await startPinfold(await folderWith(few))
  const large = await startPinfold(await folderWith(many))
  const queries: [name: string, path: string][] = [
    ['Account analytics over 90 days', `analytics?${range()}`],
    ['Top 10 Pins over 90 days', `analytics/top_pins?${range()}&sort_by=IMPRESSION`],
    ['Top 50 Pins over 90 days', `analytics/top_pins?${range()}&sort_by=ENGAGEMENT&num_of_pins=50`],
    ['Top 10 Pins over 7 days', `analytics/top_pins?${range(7)}&sort_by=SAVE`],
  ]
  try {
    const rows: Row[] = []
    for (const [name, path] of queries) {
      const text = request('GET', `/v5/user_account/${path}`, bench.token)
      const side = (process: Measured): Side => ({
        process,
        work: (count) => load(process.url, { count, connections: 1, request: () => text, status: 200 }),
      })
      const { floor, ours }: Comparison = await compare(side(small), side(large), effort)
      const row = { unit: 'ms CPU' as const, floor: floor / 1000, ours: ours / 1000 }
      const floorIs = `the same with ${few} Pins`
      rows.push({ name: `${name}, ${many} Pins`, floorIs, ...row, target: { ratio: 1.5 } })
      rows.push({ name: `${name}, at most`, floorIs, ...row, target: { ours: 10 } })
    }
    return rows
  } finally {
    await small.stop()
    await large.stop()
  }
}

/** Measures the slowest of a hundred reads of a Pin by another process, while events arrive from this one. */
export async function readWhileCounting(bench: Workbench): Promise<Row> {
  const seconds = bench.quick ? 1 : 10
  const batchesPerSecond = 20
  const pins = await manyPins(bench)
  const count = seconds * batchesPerSecond
  const texts = Array.from({ length: count }, (_, seed) => batchRequest(plan(pins, seed), bench.token))
  return withPinfold(bench, (pinfold) =>
    withFloor(bench, ['reader', pinfold.url], async (process) => {
      const read = request('GET', `/v5/pins/${pins[0]}`, bench.token)
      await load(pinfold.url, { count: 1000, connections: 4, request: () => read, status: 200 })
      const reader = { process, request: read }
      const [idle = Number.NaN] = await readWhile([reader], () => sleep(seconds * 1000))
      let took = 0
      const [busy = Number.NaN] = await readWhile([reader], async () => {
        const begun = performance.now()
        const batches: Promise<void>[] = []
        for (const [i, text] of texts.entries()) {
          await sleep(Math.max(0, begun + (i * 1000) / batchesPerSecond - performance.now()))
          batches.push(load(pinfold.url, { count: 1, connections: 1, request: () => text, status: 200, idle: true }))
        }
        await Promise.all(batches)
        took = (performance.now() - begun) / 1000
      })
      const rate = Math.round((count * eventsPerBatch) / took)
      return {
        name: `GET a Pin while events come in, ${rate} a second, p99`,
        floorIs: 'the same with nothing else to do',
        unit: 'ms',
        floor: idle,
        ours: busy,
        target: { ratio: 3 },
      }
    }),
  )
}

const dayMs = 86_400_000
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const daysBefore = (count: number) => Array.from({ length: count }, (_, i) => dateOf(Date.now() - i * dayMs))
const range = (days = 90) => `start_date=${dateOf(Date.now() - (days - 1) * dayMs)}&end_date=${dateOf(Date.now())}`
