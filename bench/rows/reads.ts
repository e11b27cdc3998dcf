/** Reading one Pin, and a page of 25, beside a bare node:http server with the same answers. */
import { type Comparison, compare, type Effort, type Side } from '../compare.ts'
import { ask, load, request } from '../load.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { call, keepAnswer, type Workbench, withFloor, withPinfold } from './workbench.ts'

const connections = 4
const pinsOnBoard = 30

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
    const board = await call<{ id: string }>(pinfold, bench, 'POST', '/boards', { name: 'A page and a bit' })
    const pin = await anyPin(pinfold, bench)
    for (let i = 0; i < pinsOnBoard; i++)
      await call(pinfold, bench, 'POST', `/pins/${pin}/save`, { board_id: board.id })
    return `/v5/boards/${board.id}/pins?page_size=25`
  })
  return {
    name: 'GET a page of 25 Pins',
    floorIs: 'bare node:http, same answer',
    unit: 'µs CPU',
    ...measured,
    target: { ratio: 2.7 },
  }
}

export async function listAdAccounts(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 200, blocks: 1, rounds: 1, perRound: 200 }
    : { warmUp: 10_000, blocks: 3, rounds: 5, perRound: 4_000 }
  const measured = await read(bench, 'ad-accounts', effort, async () => '/v5/ad_accounts')
  return { name: 'GET ad accounts', floorIs: 'bare node:http, same answer', unit: 'µs CPU', ...measured }
}

/** Compares Pinfold at the path that `prepare` returns with a floor that returns the same answer. */
export async function read(
  bench: Workbench,
  name: string,
  effort: Effort,
  prepare: (pinfold: Measured) => Promise<string>,
): Promise<Comparison> {
  return withPinfold(bench, async (pinfold) => {
    const text = request('GET', await prepare(pinfold), bench.token)
    const file = await keepAnswer(bench, name, await ask(pinfold.url, text))
    const side = (process: Measured): Side => ({
      process,
      work: (count) => load(process.url, { count, connections, request: () => text, status: 200 }),
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
