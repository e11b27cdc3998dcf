/** Eight clients that send photos at the same time: how fast, how much memory, and how long others wait. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { load, request } from '../load.ts'
import { commented, photo } from '../photo.ts'
import type { Measured } from '../processes.ts'
import { readWhile } from '../read-while.ts'
import type { Row } from '../report.ts'
import { call, type Workbench, withFloor, withPinfold } from './workbench.ts'

const clients = 8
const run = promisify(execFile)

export async function manyClients(bench: Workbench): Promise<Row[]> {
  const [width, height, count] = bench.quick ? [1200, 900, 8] : [4000, 3000, 48]
  const picture = await photo(width, height)
  const file = join(bench.folder, 'photo.jpg')
  await writeFile(file, picture)
  const what = `${clients} clients, JPEG of ${width} × ${height}`

  const floor = await withFloor(bench, ['cascade-floor', file, String(availableParallelism())], async (cascade) => {
    const ms = await perPiece(count, () => cascade.ask(count))
    return { ms, peakMB: (await cascade.usage()).peakMB }
  })
  const ours = await withPinfold(bench, (pinfold) => {
    const reader = ['reader', pinfold.url] as const
    return withFloor(bench, [...reader], (one) =>
      withFloor(bench, [...reader], (other) => send(bench, pinfold, [one, other], picture, count)),
    )
  })
  const peer = await magickMs(file, bench.folder, count)
  const of = 'the same calls of sharp alone'
  return [
    { name: `POST a Pin, ${what}`, floorIs: of, unit: 'ms', floor: floor.ms, ours: ours.ms },
    ...(peer === undefined
      ? []
      : [{ name: `POST a Pin, ${what}`, floorIs: 'ImageMagick', unit: 'ms' as const, floor: peer, ours: ours.ms }]),
    { name: `Peak memory, ${what}`, floorIs: of, unit: 'MB', floor: floor.peakMB, ours: ours.peakMB },
    {
      name: `GET a Pin while ${what}, 99th percentile`,
      floorIs: 'the same without them',
      unit: 'ms',
      floor: ours.quiet.pin,
      ours: ours.busy.pin,
      target: { ratio: 2.5 },
    },
    {
      name: `GET a picture while ${what}, 99th percentile`,
      floorIs: 'the same without them',
      unit: 'ms',
      floor: ours.quiet.picture,
      ours: ours.busy.picture,
    },
  ]
}

interface ShownPin {
  id: string
  media: { images: { '600x': { url: string } } }
}

async function send(
  bench: Workbench,
  pinfold: Measured,
  [pinReader, pictureReader]: [Measured, Measured],
  picture: Buffer,
  count: number,
) {
  const { id: board } = await call<{ id: string }>(pinfold, bench, 'POST', '/boards', { name: `Many ${Date.now()}` })
  const { items } = await call<{ items: ShownPin[] }>(pinfold, bench, 'GET', '/pins?page_size=1')
  const readers = [
    { process: pinReader, request: request('GET', `/v5/pins/${items[0]?.id}`, bench.token) },
    {
      process: pictureReader,
      request: request('GET', new URL(items[0]?.media.images['600x'].url ?? '').pathname, bench.token),
    },
  ]
  // Made in advance, so that this process has time for measuring.
  const posts = Array.from({ length: clients + count }, (_, i) => {
    const data = commented(picture, `Photo ${i} of ${Date.now()}`).toString('base64')
    const source = { source_type: 'image_base64', content_type: 'image/jpeg', data }
    return request('POST', '/v5/pins', bench.token, JSON.stringify({ board_id: board, media_source: source }))
  })
  const post = (from: number, count: number) =>
    load(pinfold.url, { count, connections: clients, request: (i) => posts[from + i] ?? '', status: 201, idle: true })
  await post(0, clients)

  const during = async (work: () => Promise<unknown>) => {
    const [pin = Number.NaN, picture = Number.NaN] = await readWhile(readers, work)
    return { pin, picture }
  }
  const quiet = await during(() => sleep(bench.quick ? 200 : 3000))
  let ms = 0
  const busy = await during(async () => {
    ms = await perPiece(count, () => post(clients, count))
  })
  return { ms, quiet, busy, peakMB: (await pinfold.usage()).peakMB }
}

async function perPiece(count: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / count
}

/**
 * Makes the four renditions with ImageMagick, as many at once as there are cores; undefined where it is not installed.
 */
async function magickMs(file: string, folder: string, count: number): Promise<number | undefined> {
  const command = await findMagick()
  if (!command) return undefined
  const make = async (i: number) => {
    const out = (name: string) => join(folder, `magick-${i}-${name}.jpg`)
    const smaller = (size: string, name: string) => [
      '(',
      '+clone',
      '-resize',
      size,
      '-write',
      out(name),
      '+delete',
      ')',
    ]
    const large = ['-auto-orient', '-resize', '1200x>', '-quality', '82', '-write', out('1200')]
    await run(command, [
      '-limit',
      'thread',
      '1',
      file,
      ...large,
      ...smaller('600x', '600'),
      ...smaller('400x300^', '400'),
      '-resize',
      '150x150^',
      out('150'),
    ])
  }
  let next = 0
  const work = async () => {
    while (next < count) await make(next++)
  }
  return perPiece(count, () => Promise.all(Array.from({ length: availableParallelism() }, work)))
}

async function findMagick(): Promise<string | undefined> {
  for (const command of ['magick', '/usr/bin/convert']) {
    const version = await run(command, ['-version']).catch(() => undefined)
    if (version?.stdout.includes('ImageMagick')) return command
  }
  return undefined
}
