/** Starting on existing data, and the memory when idle, beside a bare node:http server. Nothing is preloaded. */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { median } from '../compare.ts'
import { type Measured, startFloor, startPinfold } from '../processes.ts'
import type { Row } from '../report.ts'
import { keepAnswer, type Workbench } from './workbench.ts'

interface Started {
  ms: number
  megabytes: number
}

export async function start(bench: Workbench): Promise<Row[]> {
  const times = bench.quick ? 1 : 7
  const idleMs = bench.quick ? 500 : 3000
  const answer = await keepAnswer(bench, 'health', { status: 200, headers: [], body: 'ok' })
  const floors: Started[] = []
  const ours: Started[] = []
  for (let i = 0; i < times; i++) {
    floors.push(await startOnce(() => startFloor('answer-floor', bench.folder, [answer], []), idleMs))
    ours.push(await startOnce(() => startPinfold(bench.folder, []), idleMs))
  }
  const middle = (of: Started[], what: keyof Started) => median(of.map((one) => one[what]))
  const both = (what: keyof Started) => ({ floor: middle(floors, what), ours: middle(ours, what) })
  return [
    { name: 'Start', floorIs: 'bare node:http', unit: 'ms', ...both('ms'), target: { ours: 220 } },
    { name: 'Memory when idle', floorIs: 'bare node:http', unit: 'MB', ...both('megabytes'), target: { ours: 105 } },
  ]
}

async function startOnce(start: () => Promise<Measured>, idleMs: number): Promise<Started> {
  const process = await start()
  await sleep(idleMs)
  const megabytes = await residentMegabytes(process.pid)
  await process.stop()
  return { ms: process.startMs, megabytes }
}

async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return (Number(stdout) * 1024) / 1e6
}
