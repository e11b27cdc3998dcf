/** The same requests to folders with ever more Pins: what grows with the data, beside the smallest of them. */
import { mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { compare, type Effort, type Side } from '../compare.ts'
import { fill } from '../fill/fill.ts'
import { tokenOf } from '../fill/write-owners.ts'
import { ask, eachTimed, load, request } from '../load.ts'
import { commented, photo } from '../photo.ts'
import { random } from '../processes/random.ts'
import { wordAt } from '../processes/words.ts'
import { type Measured, startPinfold } from '../processes.ts'
import type { Row } from '../report.ts'
import type { Workbench } from './workbench.ts'

/** A filled folder, and the server that is running on it. */
interface Served {
  pins: number
  pinfold: Measured
  /** Pins and boards at random, of many accounts. */
  sample: Chosen[]
  boards: Chosen[]
  /** Some Pins of the demo's account, and one of its boards that has many. */
  own: number[]
  board: number
  next: () => number
}

/** What is asked for, and whose token it is asked with. */
interface Chosen {
  id: number
  token: string
}

/** At once: fewer would wait for each other's processes, where there are few processors. */
const connections = 8

/** How many are chosen. */
const [runs, perRun] = [4000, 25]

/** One kind of request: what the `i`-th is. */
interface Kind {
  name: string
  prepare(served: Served, bench: Workbench): Promise<(i: number) => Buffer> | ((i: number) => Buffer)
  status?: number
  perRound: number
  /** What is measured of one request is for so many. */
  each?: number
  unit?: 'µs CPU' | 'ms CPU'
  /** Whether to tell how long it takes as well. */
  isTimed?: boolean
  target?: number
}

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const days = (count: number) =>
  `start_date=${dateOf(Date.now() - (count - 1) * 86_400_000)}&end_date=${dateOf(Date.now())}`
const words = encodeURIComponent(`${wordAt(60)} ${wordAt(300).slice(0, 4)}`)

/** A request of the demo's account, the same each time. */
const same =
  (path: string) =>
  (_: Served, { token }: Workbench) =>
  () =>
    request('GET', path, token)

/** A request for each of what was chosen. */
const each =
  (which: 'sample' | 'boards', path: (id: number) => string) =>
  ({ [which]: all }: Served) =>
  (i: number) => {
    const { id, token } = all[i % all.length] ?? { id: 0, token: '' }
    return request('GET', path(id), token)
  }

const kinds: Kind[] = [
  {
    ...{ name: 'GET a Pin at random', perRound: 400, isTimed: true, target: 1.1 },
    prepare: each('sample', (id) => `/v5/pins/${id}`),
  },
  {
    ...{ name: 'GET 25 Pins of a board at random', perRound: 100, isTimed: true },
    prepare: each('boards', (id) => `/v5/boards/${id}/pins?page_size=25`),
  },
  { name: "GET an account's first 25 Pins", perRound: 200, prepare: same('/v5/pins?page_size=25') },
  {
    ...{ name: "GET 25 of an account's Pins, half-way", perRound: 200 },
    async prepare(served, { token }) {
      const bookmark = await bookmarkAt(served, '/v5/pins', token)
      return () => request('GET', `/v5/pins?page_size=25&bookmark=${bookmark}`, token)
    },
  },
  { name: 'Feed of the newest Pins', perRound: 50, prepare: same('/_pinfold/web/feed') },
  { name: 'Feed of who is followed', perRound: 20, prepare: same('/_pinfold/web/feed?feed=following') },
  {
    ...{ name: 'A Pin on the web, at random', perRound: 50 },
    prepare: each('sample', (id) => `/_pinfold/web/pins/${id}`),
  },
  {
    name: 'Related Pins',
    perRound: 10,
    unit: 'ms CPU',
    prepare: each('sample', (id) => `/_pinfold/pins/${id}/related`),
  },
  {
    ...{ name: "Search an account's Pins", perRound: 10, unit: 'ms CPU' },
    prepare: same(`/v5/search/pins?query=${words}`),
  },
  {
    ...{ name: 'Search public Pins', perRound: 6, unit: 'ms CPU' },
    prepare: same(`/v5/search/partner/pins?term=${words}&country_code=US&limit=25`),
  },
  {
    ...{ name: "An account's analytics over 90 days", perRound: 40, unit: 'ms CPU' },
    prepare: same(`/v5/user_account/analytics?${days(90)}`),
  },
  {
    ...{ name: "An account's top Pins over 90 days", perRound: 20, unit: 'ms CPU' },
    prepare: same(`/v5/user_account/analytics/top_pins?${days(90)}&sort_by=IMPRESSION`),
  },
  {
    ...{ name: "A Pin's analytics over 90 days, at random", perRound: 80 },
    prepare: each('sample', (id) => `/v5/pins/${id}/analytics?${days(90)}&metric_types=IMPRESSION,SAVE`),
  },
  { name: 'Take in an event', perRound: 3, each: 1000, status: 200, prepare: eventsAtRandom },
  { name: 'POST a Pin, of 600 × 450 pixels', perRound: 3, unit: 'ms CPU', status: 201, prepare: newPins },
]

/** Measures every kind of request in all folders: those that were given, or some that are filled for it. */
export async function scale(bench: Workbench): Promise<Row[]> {
  const folders = bench.folders?.length ? bench.folders : await someFolders(bench)
  const all: Served[] = []
  try {
    for (const [place, folder] of folders.entries()) all.push(await serve(bench, folder, place))
    const [least, ...larger] = all
    if (!least || larger.length === 0) throw new Error('Name two folders or more with --data.')
    const rows: Row[] = []
    for (const kind of kinds)
      for (const more of larger) {
        const measured = await measure(bench, kind, least, more)
        for (const { name, floor = 0, ours, unit } of measured)
          console.error(`  ${name}: ${floor.toFixed(2)} and ${ours.toFixed(2)} ${unit}`)
        rows.push(...measured)
      }
    return rows
  } finally {
    for (const { pinfold } of all) await pinfold.stop()
  }
}

async function someFolders({ folder, quick }: Workbench): Promise<string[]> {
  const folders: string[] = []
  for (const pins of quick ? [1000, 3000] : [10_000, 1_000_000]) {
    const to = join(folder, `filled with ${pins}`)
    await fill(to, { pins, rollups: Math.max(pins * 10, quick ? 0 : 2_000_000), searched: pins, seed: 1 })
    folders.push(to)
  }
  return folders
}

/** Starts a server on a folder, and chooses what is asked of it. */
async function serve(bench: Workbench, folder: string, place: number): Promise<Served> {
  const own = join(bench.folder, `scale ${place}`)
  await mkdir(own)
  await symlink(resolve(folder), join(own, 'data'))
  const db = new DatabaseSync(join(folder, 'pinfold.db'), { readOnly: true })
  const numbers = (sql: string, ...values: number[]): number[] =>
    db
      .prepare(sql)
      .all(...values)
      .map((row) => Number(Object.values(row)[0]))
  const [demo = 0] = numbers("SELECT id FROM accounts WHERE username = 'demo'")
  const [pins = 0] = numbers('SELECT sum(pin_count) FROM accounts')
  const tokens = numbers('SELECT grant_id FROM tokens WHERE account_id = grant_id ORDER BY 1')
  const ofAccounts = tokens.map((account, i) => ({
    token: tokenOf(i + 1),
    pins: numbers('SELECT id FROM pins WHERE owner_id = ?', account),
    boards: numbers("SELECT id FROM boards WHERE owner_id = ? AND pin_count >= 25 AND privacy = 'PUBLIC'", account),
  }))
  const ownPins = numbers('SELECT id FROM pins WHERE owner_id = ?', demo)
  const [board = 0] = numbers(
    "SELECT id FROM boards WHERE owner_id = ? AND privacy = 'PUBLIC' ORDER BY pin_count DESC",
    demo,
  )
  db.close()
  const next = random(place + 1)
  return {
    ...{ pins, own: ownPins, board, next },
    sample: chosen(
      ofAccounts.map(({ token, pins: ids }) => ({ token, ids })),
      next,
    ),
    boards: chosen(
      ofAccounts.map(({ token, boards: ids }) => ({ token, ids })),
      next,
    ),
    pinfold: await startPinfold(own),
  }
}

/** Chooses many at random, some of an account one after the other, since a token is looked up at its first use. */
function chosen(from: readonly { token: string; ids: readonly number[] }[], next: () => number): Chosen[] {
  const ends: number[] = []
  let all = 0
  for (const { ids } of from) {
    all += ids.length
    ends.push(all)
  }
  return Array.from({ length: runs }, () => {
    const at = Math.floor(next() * all)
    const { token, ids } = from[ends.findIndex((end) => at < end)] ?? { token: '', ids: [] }
    return Array.from({ length: perRun }, () => ({ token, id: ids[Math.floor(next() * ids.length)] ?? 0 }))
  }).flat()
}

/** Compares the costs of a kind of request in two folders, and how long it takes. */
async function measure(bench: Workbench, kind: Kind, least: Served, more: Served): Promise<Row[]> {
  const { name, perRound, each = 1, status = 200, unit = 'µs CPU' } = kind
  // Many short rounds, of which the best counts: in some of them nothing else uses the processor.
  const effort: Effort = bench.quick
    ? { warmUp: 2, blocks: 1, rounds: 1, perRound: 2 }
    : { warmUp: perRound * 2, blocks: 12, rounds: 1, perRound }
  const [ofLeast, ofMore] = [await requestsTo(kind, least, bench), await requestsTo(kind, more, bench)]
  const side = ({ pinfold }: Served, next: () => Buffer): Side => ({
    process: pinfold,
    work: (count) => load(pinfold.url, { count, connections, request: next, status, idle: true }),
  })
  const { floor, ours } = await compare(side(least, ofLeast), side(more, ofMore), effort)
  const parts = each * (unit === 'ms CPU' ? 1000 : 1)
  const row = {
    name: `${name}, ${more.pins} Pins`,
    floorIs: `the same with ${least.pins} Pins`,
    ...{ unit, floor: floor / parts, ours: ours / parts },
    ...(kind.target !== undefined && { target: { ratio: kind.target } }),
  }
  if (!kind.isTimed) return [row]
  const times = async ({ pinfold }: Served, next: () => Buffer) =>
    (await eachTimed(pinfold.url, bench.quick ? 10 : perRound * 5, next)).sort((a, b) => a - b)
  const [fast, slow] = [await times(least, ofLeast), await times(more, ofMore)]
  const part = (share: number): Row => ({
    ...{ name: `${row.name}, p${share * 100}`, floorIs: row.floorIs, unit: 'ms' },
    floor: fast[Math.floor(fast.length * share)] ?? Number.NaN,
    ours: slow[Math.floor(slow.length * share)] ?? Number.NaN,
  })
  return [row, part(0.5), part(0.99)]
}

/** Returns the next request at each call. */
async function requestsTo(kind: Kind, served: Served, bench: Workbench): Promise<() => Buffer> {
  const text = await kind.prepare(served, bench)
  let sent = 0
  return () => text(sent++)
}

async function bookmarkAt({ pinfold, own }: Served, path: string, token: string): Promise<string> {
  const half = own.length >> 1
  let bookmark = ''
  for (let read = 0; read < half; read += 250) {
    const answer = await ask(pinfold.url, request('GET', `${path}?page_size=250&bookmark=${bookmark}`, token))
    bookmark = JSON.parse(answer.body).bookmark ?? ''
  }
  return bookmark
}

const types = ['impression', 'impression', 'impression', 'impression', 'pin_click', 'outbound_click'] as const
/** What tells what is sent apart from that of earlier runs. */
const run = Date.now()
let batches = 0

function eventsAtRandom({ own, next }: Served, { token }: Workbench): () => Buffer {
  return () => {
    const batch = batches++
    const at = new Date().toISOString()
    const events = Array.from({ length: 1000 }, (_, i) => ({
      id: `event-${run}-${batch}-${i}`,
      type: types[Math.floor(next() * types.length)],
      pin_id: String(own[Math.floor(own.length * next() ** 2)]),
      at,
      viewer: `viewer-${batch}-${i}`,
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36',
    }))
    return request('POST', '/_pinfold/events', token, JSON.stringify({ events }))
  }
}

let pictures = 0

async function newPins({ board }: Served, { token }: Workbench): Promise<() => Buffer> {
  const picture = await photo(600, 450)
  return () => {
    const data = commented(picture, `Picture ${run} ${pictures++}`).toString('base64')
    const media_source = { source_type: 'image_base64', content_type: 'image/jpeg', data }
    return request(
      'POST',
      '/v5/pins',
      token,
      JSON.stringify({ board_id: String(board), title: 'A picture', media_source }),
    )
  }
}
