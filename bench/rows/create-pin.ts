/** Creating a Pin from a picture of 12 megapixels, beside the work on the picture alone. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import { commented, photo } from '../photo.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { call, type Workbench, withFloor, withPinfold } from './workbench.ts'

export async function createPin(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 1, blocks: 1, rounds: 1, perRound: 1 }
    : { warmUp: 5, blocks: 3, rounds: 5, perRound: 4 }
  const [width, height] = bench.quick ? [1200, 900] : [4000, 3000]
  const picture = await photo(width, height)
  const file = join(bench.folder, 'photo.jpg')
  await writeFile(file, picture)
  const measured = await withPinfold(bench, async (pinfold) => {
    const board = await call<{ id: string }>(pinfold, bench, 'POST', '/boards', { name: 'Photos' })
    let pins = 0
    const ours: Side = {
      process: pinfold,
      work: (count) =>
        load(pinfold.url, {
          count,
          connections: 1,
          request: () => {
            const data = commented(picture, `Photo ${pins++}`).toString('base64')
            const source = { source_type: 'image_base64', content_type: 'image/jpeg', data }
            const pin = { board_id: board.id, title: 'A photo', media_source: source }
            return request('POST', '/v5/pins', bench.token, JSON.stringify(pin))
          },
          status: 201,
        }),
    }
    return withFloor(bench, ['cascade-floor', file], (floor) => compare(pictureWork(floor), ours, effort))
  })
  return {
    name: `POST a Pin, JPEG of ${width} × ${height} (${(picture.length / 1e6).toFixed(1)} MB)`,
    floorIs: 'the same calls of sharp alone',
    unit: 'ms CPU',
    floor: measured.floor / 1000,
    ours: measured.ours / 1000,
    target: { ratio: 1.25 },
  }
}

function pictureWork(process: Measured): Side {
  return {
    process,
    work: async (count) => {
      await process.ask(count)
    },
  }
}
