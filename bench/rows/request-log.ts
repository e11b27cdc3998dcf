import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
/** Reading one Pin with the request log, beside the same without. */
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { anyPin } from './reads.ts'
import { type Workbench, withPinfold } from './workbench.ts'

const connections = 4

/** Measures what the request log costs a request. */
export async function requestLog(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 300, blocks: 1, rounds: 1, perRound: 300 }
    : { warmUp: 20_000, blocks: 4, rounds: 9, perRound: 10_000 }
  const other = { ...bench, folder: join(bench.folder, 'without-log') }
  await mkdir(other.folder, { recursive: true })
  const side = async (process: Measured): Promise<Side> => {
    const text = request('GET', `/v5/pins/${await anyPin(process, bench)}`, bench.token)
    return {
      process,
      work: (count) => load(process.url, { count, connections, request: () => text, status: 200 }),
    }
  }
  const measured = await withPinfold(bench, (withLog) =>
    withPinfold(other, async (withoutLog) => compare(await side(withoutLog), await side(withLog), effort), [
      '--no-request-log',
    ]),
  )
  return {
    name: 'GET a Pin, with its call in the request log',
    floorIs: 'the same with --no-request-log',
    unit: 'µs CPU',
    ...measured,
    target: { ratio: 1.03 },
  }
}
