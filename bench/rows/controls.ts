/** The controls of those who test: a reset of the demo data, and a snapshot of 1,000 Pins. There is no floor. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { median } from '../compare.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { call, type Workbench, withPinfold } from './workbench.ts'

/** The Pins that are saved. */
const pins = 1000

export async function controls(given: Workbench): Promise<Row[]> {
  // After a reset the data are in another folder than the other rows look for them in.
  const bench = { ...given, folder: join(given.folder, 'controls') }
  await cp(join(given.folder, 'data'), join(bench.folder, 'data'), { recursive: true })
  const rounds = bench.quick ? 2 : 15
  return withPinfold(bench, async (pinfold) => {
    const control = (method: string, path: string, json: object = {}) => send(pinfold, method, path, json)
    const reset = await medianMs(rounds, () => control('POST', 'reset'))
    await makePins(pinfold, bench, bench.quick ? 50 : pins)
    let newest = 0
    const save = await medianMs(rounds, () => control('POST', 'snapshots', { name: `bench-${++newest}` }))
    const restore = await medianMs(rounds, () => control('POST', 'snapshots/bench-1/restore'))
    for (; newest > 0; newest--) await control('DELETE', `snapshots/bench-${newest}`)
    await control('POST', 'reset')
    return [
      { name: 'Reset the demo data', unit: 'ms', ours: reset, target: { ours: 50 } },
      { name: `Save a snapshot of ${pins} Pins`, unit: 'ms', ours: save, target: { ours: 200 } },
      { name: `Restore a snapshot of ${pins} Pins`, unit: 'ms', ours: restore, target: { ours: 200 } },
    ]
  })
}

async function medianMs(rounds: number, work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return median(times)
}

async function send({ url }: Measured, method: string, path: string, json: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/_pinfold/${path}`, { method, headers, body: JSON.stringify(json) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} gave ${answer.status}: ${text}`)
}

/** Makes Pins of one that the demo has: with the same picture. */
async function makePins(pinfold: Measured, bench: Workbench, count: number): Promise<void> {
  const { items } = await call<{ items: { id: string }[] }>(pinfold, bench, 'GET', '/pins')
  const board = await call<{ id: string }>(pinfold, bench, 'POST', '/boards', { name: 'Many' })
  for (let i = 0; i < count; i++)
    await call(pinfold, bench, 'POST', `/pins/${items[0]?.id}/save`, { board_id: board.id })
}
