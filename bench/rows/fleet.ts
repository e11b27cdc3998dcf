/**
 * Reading from two nodes that share PostgreSQL and Redis, beside two that share nothing at the same time: what each part takes
 * of the processor for a request. So the machine is as busy in both, and what is left is what sharing costs.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { load, request } from '../load.ts'
import { areThere, type SharedServers, startShared } from '../processes/postgres-and-redis.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { anyPin } from './reads.ts'
import { type Workbench, withPinfold } from './workbench.ts'

/** On each node, so that two are asked twice as much at once. */
const connections = 16
/** Two nodes serve 1.7 times as much as one, each with a core, if a request takes no more than this of what it takes alone. */
const most = 2 / 1.7

/** The processor time for a request, in microseconds. */
interface Taken {
  nodes: number
  postgres: number
  redis: number
  load: number
}

/** Measures requests to two nodes with limits on requests. */
export async function fleet(bench: Workbench): Promise<Row[]> {
  if (!areThere) {
    console.error('not measured: PostgreSQL and Redis are not installed')
    return []
  }
  await using common = await startShared(bench.folder)
  await using others = await startShared(bench.folder)
  const withNode = async <T>(name: string, shared: SharedServers, work: (node: Measured) => Promise<T>): Promise<T> => {
    const folder = join(bench.folder, name)
    await mkdir(folder, { recursive: true })
    const storage = ['--storage', join(bench.folder, `media of ${shared === common ? 'two' : 'one'}`)]
    const redis = ['--redis-url', `${shared.redisUrl}?timeout=5000`]
    return withPinfold({ ...bench, folder }, work, ['--database-url', shared.databaseUrl, ...redis, ...storage])
  }
  return await withNode('one', common, (one) =>
    withNode('two', common, (two) =>
      withNode('alone', others, async (alone) => {
        const compare = async (name: string, pathAt: (node: Measured) => Promise<string>, perNode: number) => {
          const measure = measurer([common, others], bench.token, bench.quick ? 200 : perNode)
          const [pathOne, pathAlone] = [await pathAt(one), await pathAt(alone)]
          const apart: Asked[] = [
            { node: one, path: pathOne },
            { node: alone, path: pathAlone },
          ]
          const together: Asked[] = [
            { node: one, path: pathOne },
            { node: two, path: pathOne },
          ]
          return rowsOf(
            name,
            await compareInTurn(
              () => measure(apart),
              () => measure(together),
              bench.quick,
            ),
          )
        }
        return [
          ...(await compare('GET a Pin', async (node) => `/v5/pins/${await anyPin(node, bench)}`, 6000)),
          ...(await compare('GET 25 Pins', async () => '/v5/pins?page_size=25', 1500)),
        ]
      }),
    ),
  )
}

const parts = { nodes: 'the nodes', postgres: 'PostgreSQL', redis: 'Redis', load: 'the load' } as const

const rowsOf = (name: string, { apart, together }: { apart: Taken; together: Taken }): Row[] =>
  (Object.keys(parts) as (keyof Taken)[]).map((part) => ({
    name: `${name} of two nodes: ${parts[part]}`,
    floorIs: 'the same of two that share nothing',
    unit: 'µs CPU',
    floor: apart[part],
    ours: together[part],
    ...(part === 'nodes' && { target: { ratio: most } }),
  }))

interface Asked {
  node: Measured
  path: string
}

/** Returns what sends `perNode` requests to each of some nodes at once, and measures them. */
function measurer(shared: readonly SharedServers[], token: string, perNode: number) {
  return async (asked: readonly Asked[]): Promise<Taken> => {
    const nodes = asked.map(({ node }) => node)
    const before = await taken(shared, nodes)
    const loads = asked.map(({ node, path }) => {
      const text = request('GET', path, token)
      return load(node.url, { count: perNode, connections, request: () => text, status: 200, idle: true })
    })
    await Promise.all(loads)
    const after = await taken(shared, nodes)
    return mapped((part) => (after[part] - before[part]) / (perNode * asked.length))
  }
}

/** Measures both in turn, and returns the middle of what each part took: a process that ends meanwhile takes its time with it. */
async function compareInTurn(apart: () => Promise<Taken>, together: () => Promise<Taken>, quick: boolean) {
  const all = { apart: [] as Taken[], together: [] as Taken[] }
  for (let warmUp = 0; warmUp < (quick ? 1 : 2); warmUp++) {
    await apart()
    await together()
  }
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    all.apart.push(await apart())
    all.together.push(await together())
  }
  const middle = (each: readonly Taken[]) =>
    mapped((part) => each.map((one) => one[part]).sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0)
  return { apart: middle(all.apart), together: middle(all.together) }
}

const mapped = (value: (part: keyof Taken) => number): Taken => ({
  nodes: value('nodes'),
  postgres: value('postgres'),
  redis: value('redis'),
  load: value('load'),
})

async function taken(shared: readonly SharedServers[], nodes: readonly Measured[]): Promise<Taken> {
  const usages = await Promise.all(nodes.map((node) => node.usage()))
  const { user, system } = process.cpuUsage()
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    nodes: sum(usages.map(({ cpuMicros }) => cpuMicros)),
    postgres: sum(shared.map((each) => each.usage().postgres)),
    redis: sum(shared.map((each) => each.usage().redis)),
    load: user + system,
  }
}
