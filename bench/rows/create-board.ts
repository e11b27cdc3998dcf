/** Creating a board, beside a bare server that parses the body and inserts one row just as durably. */
import { join } from 'node:path'
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { type Workbench, withFloor, withPinfold } from './workbench.ts'

const connections = 4

export async function createBoard(bench: Workbench): Promise<Row> {
  // An account can have 2,000 boards.
  const effort: Effort = bench.quick
    ? { warmUp: 50, blocks: 1, rounds: 1, perRound: 50 }
    : { warmUp: 550, blocks: 3, rounds: 3, perRound: 150 }
  let boards = 0
  const side = (process: Measured): Side => ({
    process,
    work: (count) =>
      load(process.url, {
        count,
        connections,
        request: () => {
          const board = { name: `Board ${boards++}`, description: 'Things to make and places to go.' }
          return request('POST', '/v5/boards', bench.token, JSON.stringify(board))
        },
        status: 201,
      }),
  })
  const measured = await withPinfold(bench, (pinfold) =>
    withFloor(bench, ['insert-floor', join(bench.folder, 'floor.db')], (floor) =>
      compare(side(floor), side(pinfold), effort),
    ),
  )
  return {
    name: 'POST a board',
    floorIs: 'bare node:http, JSON.parse, one durable INSERT',
    unit: 'µs CPU',
    ...measured,
    target: { ratio: 2 },
  }
}
