/** Reading one Pin, and pages of 25, beside a bare node:http server with the same answers. */
import { type Comparison, compare, type Effort, type Side } from '../compare.ts'
import { ask, load, request } from '../load.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { call, keepAnswer, type Workbench, withFloor, withPinfold } from './workbench.ts'

const connections = 4
const pinsOnBoard = 30
/** More pages than are kept in memory. */
const manyPages = 200

export async function getPin(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 300, blocks: 1, rounds: 1, perRound: 300 }
    : { warmUp: 20_000, blocks: 3, rounds: 5, perRound: 10_000 }
  const measured = await read(bench, 'pin', effort, async (pinfold) => `/v5/pins/${await anyPin(pinfold, bench)}`)
  return {
    name: 'GET a Pin',
    floorIs: 'bare node:http, same answer',
    unit: 'µs CPU',
    ...measured,
    target: { ratio: 1.35 },
  }
}

export async function getPage(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 200, blocks: 1, rounds: 1, perRound: 200 }
    : { warmUp: 10_000, blocks: 3, rounds: 5, perRound: 4_000 }
  const measured = await read(bench, 'page', effort, async (pinfold) => {
    const board = await boardOf(pinsOnBoard, 'A page and a bit', pinfold, bench)
    return `/v5/boards/${board}/pins?page_size=25`
  })
  return {
    name: 'GET a page of 25 Pins',
    floorIs: 'bare node:http, same answer',
    unit: 'µs CPU',
    ...measured,
    target: { ratio: 2.7 },
  }
}

/** Other pages each time, so that none is found as it was sent before. */
export async function getPages(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 200, blocks: 1, rounds: 1, perRound: 200 }
    : { warmUp: 10_000, blocks: 3, rounds: 5, perRound: 4_000 }
  const measured = await readInTurn(bench, 'pages', effort, async (pinfold) => {
    const pages = bench.quick ? 3 : manyPages
    const board = await boardOf(pages + 25, 'Many pages', pinfold, bench)
    const paths = [`/v5/boards/${board}/pins?page_size=25`]
    for (let bookmark = ''; paths.length < pages; ) {
      const one = `/boards/${board}/pins?page_size=1&bookmark=${bookmark}`
      bookmark = (await call<{ bookmark: string }>(pinfold, bench, 'GET', one)).bookmark
      paths.push(`${paths[0]}&bookmark=${bookmark}`)
    }
    return paths
  })
  return {
    name: `GET ${manyPages} pages of 25 Pins in turn`,
    floorIs: 'bare node:http, same answer to all',
    unit: 'µs CPU',
    ...measured,
    target: { ratio: 2.7 },
  }
}

/** Makes a board with Pins, and returns its id. */
async function boardOf(pins: number, name: string, pinfold: Measured, bench: Workbench): Promise<string> {
  const { id } = await call<{ id: string }>(pinfold, bench, 'POST', '/boards', { name })
  const pin = await anyPin(pinfold, bench)
  for (let i = 0; i < pins; i++) await call(pinfold, bench, 'POST', `/pins/${pin}/save`, { board_id: id })
  return id
}

export async function listAdAccounts(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 200, blocks: 1, rounds: 1, perRound: 200 }
    : { warmUp: 10_000, blocks: 3, rounds: 5, perRound: 4_000 }
  const measured = await read(bench, 'ad-accounts', effort, async () => '/v5/ad_accounts')
  return { name: 'GET ad accounts', floorIs: 'bare node:http, same answer', unit: 'µs CPU', ...measured }
}

/** Compares Pinfold at the path that `prepare` returns with a floor that returns the same answer. */
export function read(
  bench: Workbench,
  name: string,
  effort: Effort,
  prepare: (pinfold: Measured) => Promise<string>,
): Promise<Comparison> {
  return readInTurn(bench, name, effort, async (pinfold) => [await prepare(pinfold)])
}

/** Does the same with several paths in turn; the floor returns the answer of the first. */
async function readInTurn(
  bench: Workbench,
  name: string,
  effort: Effort,
  prepare: (pinfold: Measured) => Promise<string[]>,
): Promise<Comparison> {
  return withPinfold(bench, async (pinfold) => {
    const texts = (await prepare(pinfold)).map((path) => request('GET', path, bench.token))
    const one = (i: number) => texts[i % texts.length] as Buffer
    const file = await keepAnswer(bench, name, await ask(pinfold.url, one(0)))
    const side = (process: Measured): Side => ({
      process,
      work: (count) => load(process.url, { count, connections, request: one, status: 200 }),
    })
    return withFloor(bench, ['answer-floor', file], (floor) => compare(side(floor), side(pinfold), effort))
  })
}

/** Returns the id of a Pin of the demo. */
export async function anyPin(pinfold: Measured, bench: Workbench): Promise<string> {
  const { items } = await call<{ items: { id: string }[] }>(pinfold, bench, 'GET', '/pins?page_size=1')
  const [pin] = items
  if (!pin) throw new Error('The demo seed has no Pin.')
  return pin.id
}
