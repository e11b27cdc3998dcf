/** Creating a Pin from a picture of 12 megapixels, fetched or sent along, beside the work on the picture alone. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import { commented, photo } from '../photo.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { call, type Workbench, withFloor, withPinfold } from './workbench.ts'

/** Returns the media source of a request. Each call returns another picture. */
type Source = () => { source_type: string }

export async function createPin(bench: Workbench): Promise<Row[]> {
  const [width, height] = bench.quick ? [1200, 900] : [4000, 3000]
  const picture = await photo(width, height)
  const file = join(bench.folder, 'photo.jpg')
  await writeFile(file, picture)
  const what = `JPEG of ${width} × ${height}, ${(picture.length / 1e6).toFixed(1)} MB`
  let pictures = 0

  const sent = () => {
    const data = commented(picture, `Photo ${pictures++}`).toString('base64')
    return { source_type: 'image_base64', content_type: 'image/jpeg', data }
  }
  const fetched = await withFloor(bench, ['photo-server', file], ({ url }) =>
    fromSource(bench, file, () => ({ source_type: 'image_url', url: `${url}/${pictures++}.jpg` })),
  )
  return [
    { name: `POST a Pin by image_url, ${what}`, ...fetched },
    { name: `POST a Pin by image_base64, ${what}`, ...(await fromSource(bench, file, sent)) },
  ]
}

async function fromSource(bench: Workbench, file: string, source: Source): Promise<Omit<Row, 'name'>> {
  const effort: Effort = bench.quick
    ? { warmUp: 1, blocks: 1, rounds: 1, perRound: 1 }
    : { warmUp: 5, blocks: 3, rounds: 5, perRound: 4 }
  const measured = await withPinfold(bench, async (pinfold) => {
    const board = await call<{ id: string }>(pinfold, bench, 'POST', '/boards', { name: `Photos ${Date.now()}` })
    const text = () => {
      const pin = { board_id: board.id, title: 'A photo', media_source: source() }
      return request('POST', '/v5/pins', bench.token, JSON.stringify(pin))
    }
    const ours: Side = {
      process: pinfold,
      work: (count) => load(pinfold.url, { count, connections: 1, request: text, status: 201 }),
    }
    return withFloor(bench, ['cascade-floor', file], (floor) => compare(pictureWork(floor), ours, effort))
  })
  return {
    floorIs: 'the same calls of sharp alone',
    unit: 'ms CPU',
    floor: measured.floor / 1000,
    ours: measured.ours / 1000,
    target: { ratio: 1.1 },
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
