/** Reading one Pin on a server that can be controlled, and is not, beside the same without what the controls do. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import { type Measured, metered, startPinfold } from '../processes.ts'
import type { Row } from '../report.ts'
import { anyPin } from './reads.ts'
import type { Workbench } from './workbench.ts'

const connections = 4
const without = ['--import', fileURLToPath(new URL('../processes/without-controls.ts', import.meta.url))]

/** Measures what the controls cost a request while nothing is recorded, injected or kept apart. */
export async function idleControls(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 300, blocks: 1, rounds: 1, perRound: 300 }
    : { warmUp: 20_000, blocks: 4, rounds: 5, perRound: 5_000 }
  const started: Measured[] = []
  const side = async (name: string, nodeOptions: string[]): Promise<Side> => {
    const folder = join(bench.folder, name)
    await cp(join(bench.folder, 'data'), join(folder, 'data'), { recursive: true })
    // From the sources: what is taken out is found there by its words.
    const process = await startPinfold(folder, nodeOptions, ['--no-request-log'], 'sources')
    started.push(process)
    const text = request('GET', `/v5/pins/${await anyPin(process, bench)}`, bench.token)
    return {
      process,
      work: (count) => load(process.url, { count, connections, request: () => text, status: 200 }),
    }
  }
  try {
    const floor = await side('no-controls', [...metered, ...without])
    const ours = await side('idle-controls', metered)
    return {
      name: 'GET a Pin, with controls that are idle',
      floorIs: 'the same without their lines',
      unit: 'µs CPU',
      ...(await compare(floor, ours, effort)),
      target: { ratio: 1.02 },
    }
  } finally {
    for (const process of started) await process.stop()
  }
}
