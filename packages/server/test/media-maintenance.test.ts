import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { copyMedia, type MediaProblem, TestClock, verifyMedia } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source, picture } from '@pinfold/test-support/pictures'
import { startTestServer } from '@pinfold/test-support/server'
import { gateBefore, s3Credentials, startS3, storages } from '@pinfold/test-support/storages'
import sharp from 'sharp'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openStorage } from '../src/storage/open.ts'
import type { MediaStorage } from '../src/storage/storage.ts'
import { readLocation } from '../src/storage/storage-location.ts'

const hourMs = 60 * 60 * 1000

/** Makes three Pins on a server whose pictures are stored at `storage`, and stops it. */
async function fill(dataDir: string, storage: string): Promise<string[]> {
  const server = await startTestServer({ ephemeral: false, dataDir, storage })
  const { id: board } = (await server.post('/boards', { name: 'Kept' })).body
  const keys: string[] = []
  for (const hue of [1, 2, 3]) {
    const { body, text } = await server.post('/pins', { board_id: board, media_source: await base64Source(hue) })
    keys.push(/([0-9a-f]{32})/.exec(body.media.images.originals.url)?.[1] ?? text)
  }
  await server.close()
  return keys
}

/** More objects than the 1,000 of a list, with one entry cut by the end of it. */
const [manyKeys, filesEach] = [170, 6]
const manyObjects = { timeout: onThisMachine(180_000) }

async function saveMany(storage: MediaStorage): Promise<void> {
  const names = Array.from({ length: filesEach }, (_, i) => `${i}.jpg`)
  const save = () => {
    const key = randomBytes(16).toString('hex')
    return storage.save(
      key,
      names.map((name) => ({ name, bytes: Buffer.from(`${key}/${name}`) })),
    )
  }
  await Readable.from(Array(manyKeys)).forEach(save, { concurrency: 4 })
}

/** Returns every key with the names and sizes of its files. */
const contents = (storage: MediaStorage) =>
  Array.fromAsync(storage.list(), ({ key, files }) => [key, files.map(({ name, size }) => [name, size])] as const)

const openLocation = (storage: string) => openStorage(readLocation(storage), { sync: false, reads: 'proxy' })

/** Each storage, with every way in which clients get its files. */
const waysToRead = storages.flatMap((kind) => {
  const ways = kind.name === 'S3' ? (['proxy', 'redirect'] as const) : (['proxy'] as const)
  return ways.map((reads) => ({ ...kind, reads }))
})

test.each(waysToRead)(
  'a picture of before the rendition for columns gets one when it is looked at: in $name, by $reads',
  async ({ open, reads }) => {
    const { storage, discard } = await open()
    const kept = await openLocation(storage)
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-columns-'))
    onTestFinished(async () => {
      await kept.close()
      await discard()
      await rm(dataDir, { recursive: true, force: true })
    })
    const [key = '', ...others] = await fill(dataDir, storage)
    const data = new DatabaseSync(join(dataDir, 'pinfold.db'))
    data.exec(`UPDATE pictures SET renditions = json_remove(renditions, '$."360x"')`)
    data.close()
    for (const each of [key, ...others]) await kept.removeFile(each, '360x.webp')

    const server = await startTestServer({ ephemeral: false, dataDir, storage, mediaReads: reads })
    const look = (each: string, redirect?: 'manual') =>
      fetch(`${server.url}/media/360x/${each}.webp`, redirect && { redirect })
    const { status, headers } = await look(key, 'manual')
    expect([status, headers.get('location'), headers.get('cache-control')]).toEqual([
      302,
      `../600x/${key}.jpg`,
      'public, max-age=300',
    ])
    const made = await until(async () => {
      const answer = await look(key)
      const bytes = Buffer.from(await answer.arrayBuffer())
      // The S3 of these tests hands out a file while it writes it, empty at first. S3 itself does not.
      return answer.headers.get('content-type') === 'image/webp' && bytes.length > 0 && bytes
    })
    const { body } = await server.get('/pins')
    const shown: { id: string; media: { images: Record<string, { url: string; width: number }> } }[] = body.items
    const sized = shown.find(({ media }) => media.images['600x']?.url.includes(key))?.media.images['600x']?.width ?? 0
    expect((await sharp(made).metadata()).width).toBe(Math.min(360, sized))

    // It goes with the other files, and those that are being made do not outlive their Pins.
    for (const each of others) expect((await look(each)).headers.get('content-type')).toBe('image/jpeg')
    for (const { id } of shown) await server.delete(`/pins/${id}`)
    await server.close()
    expect(await contents(kept)).toEqual([])
  },
)

describe.each(storages)('with media in $name', (kind) => {
  let storage: string
  let kept: MediaStorage
  let discard: () => Promise<void>
  let folder: string
  let dataDir: string
  let keys: string[]
  beforeAll(async () => {
    ;({ storage, discard } = await kind.open())
    kept = await openLocation(storage)
    folder = await mkdtemp(join(tmpdir(), 'pinfold-maintenance-'))
    dataDir = join(folder, 'data')
    keys = await fill(dataDir, storage)
    return async () => {
      await kept.close()
      await discard()
      await rm(folder, { recursive: true, force: true })
    }
  })

  async function verify(options: { repair?: boolean; deep?: boolean; later?: boolean } = {}) {
    const { repair = false, deep = true, later = true } = options
    const counts = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
    const problems: MediaProblem[] = []
    const clock = new TestClock(Date.now() + (later ? 2 * hourMs : 0))
    const onProblem = (problem: MediaProblem) => void problems.push(problem)
    await verifyMedia({ dataDir, storage, clock }, { repair, deep, counts, onProblem })
    const sorted = problems.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    return { counts, problems: sorted.map(({ problem, key, file, repaired }) => [problem, key, file, repaired]) }
  }
  const sound = { counts: { checked: 3, missing: 0, broken: 0, orphaned: 0, repaired: 0 }, problems: [] }

  test('what is as it should be is said to be', async () => {
    expect(await verify()).toEqual(sound)
    expect(await verify({ deep: false })).toEqual(sound)
  })

  test('files that are missing, broken or needed by nothing are found and repaired', async () => {
    const [one = '', two = '', three = ''] = keys
    const orphan = 'f'.repeat(32)
    const other = await picture({ width: 10, height: 10 })
    await kept.removeFile(one, '600x.jpg')
    await kept.replace(two, { name: '1200x.jpg', bytes: Buffer.from('no picture') })
    await kept.replace(two, { name: '150x150.jpg', bytes: other })
    await kept.replace(three, { name: '400x300.jpg', bytes: Buffer.alloc(0) })
    await kept.replace(three, { name: 'stray.jpg', bytes: other })
    await kept.save(orphan, [{ name: '600x.jpg', bytes: other }])

    const found = (repaired: boolean) =>
      [
        ['broken', two, '1200x.jpg', repaired],
        ['broken', two, '150x150.jpg', repaired],
        ['broken', three, '400x300.jpg', repaired],
        ['missing', one, '600x.jpg', repaired],
        ['orphaned', orphan, undefined, repaired],
        ['orphaned', three, 'stray.jpg', repaired],
      ].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    const sorted = async (options: object) => {
      const { counts, problems } = await verify(options)
      return { counts, problems: problems.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }
    }
    expect((await verify({ deep: false })).counts).toMatchObject({ missing: 1, broken: 1, orphaned: 2, repaired: 0 })
    const counts = { checked: 3, missing: 1, broken: 3, orphaned: 2 }
    expect(await sorted({})).toEqual({ counts: { ...counts, repaired: 0 }, problems: found(false) })
    expect(await sorted({ repair: true })).toEqual({ counts: { ...counts, repaired: 6 }, problems: found(true) })
    expect(await verify()).toEqual(sound)
  })

  test('what was written just now is no orphan, for it may be on its way', async () => {
    const key = 'e'.repeat(32)
    await kept.save(key, [{ name: '600x.jpg', bytes: await picture() }])
    expect(await verify({ repair: true, later: false })).toEqual(sound)
    expect((await verify({ repair: true })).problems).toEqual([['orphaned', key, undefined, true]])
  })

  test('an original that is gone is told, and stays so', async () => {
    const [one = ''] = keys
    const opened = await kept.open(one, 'originals.jpg')
    const original = Buffer.concat(await Array.fromAsync(opened?.stream ?? []))
    await kept.removeFile(one, 'originals.jpg')
    const { counts, problems } = await verify({ repair: true })
    expect([counts.missing, counts.repaired, problems]).toEqual([1, 0, [['missing', one, 'originals.jpg', false]]])
    await kept.replace(one, { name: 'originals.jpg', bytes: original })
    expect(await verify()).toEqual(sound)
  })

  test('of many orphans all are found and removed', manyObjects, async () => {
    await saveMany(kept)
    const found = { checked: 3, missing: 0, broken: 0, orphaned: manyKeys, repaired: 0 }
    expect((await verify({ deep: false })).counts).toEqual(found)
    expect((await verify({ repair: true })).counts).toEqual({ ...found, repaired: manyKeys })
    expect(await verify()).toEqual(sound)
    expect((await contents(kept)).map(([key]) => key)).toEqual([...keys].sort())
  })

  test('a copy has everything, goes on where it was, and is sound', async () => {
    const to = join(folder, 'copy')
    const counts = { copied: 0, bytes: 0, present: 0 }
    await copyMedia({ dataDir, storage }, to, counts)
    expect([counts.copied, counts.present]).toEqual([3, 0])
    const [one = '', two = ''] = keys
    await rm(join(to, one.slice(0, 2), one), { recursive: true })
    await truncate(join(to, two.slice(0, 2), two, '600x.jpg'), 5)
    const again = { copied: 0, bytes: 0, present: 0 }
    await copyMedia({ dataDir, storage }, to, again)
    expect([again.copied, again.present]).toEqual([2, 1])
    const verified = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
    await verifyMedia({ dataDir, storage: to }, { repair: false, deep: true, counts: verified, onProblem: () => {} })
    expect(verified).toEqual(sound.counts)
    await expect(copyMedia({ dataDir, storage }, storage, again)).rejects.toThrow('--to must name another storage')
  })
})

test('a copy of many files goes on where it was killed', manyObjects, async () => {
  const s3 = await startS3()
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-copy-'))
  onTestFinished(async () => {
    await s3.discard()
    await rm(folder, { recursive: true, force: true })
  })
  const [from, to] = [
    await openLocation(s3.storage),
    await openLocation(`s3://${s3.bucket}/copy?endpoint=${s3.endpoint}`),
  ]
  await saveMany(from)
  const large = { key: 'f'.repeat(32), name: 'video.mp4', bytes: randomBytes(9 * 1024 * 1024) } // Goes up in parts.
  await from.save(large.key, [large])
  const everything = await contents(from)
  expect(everything).toHaveLength(manyKeys + 1)

  let puts = 0
  const half = (manyKeys * filesEach) / 2 - 4 // It ends in the middle of an entry.
  const gate = await gateBefore(s3.endpoint, (method) => method !== 'PUT' || ++puts <= half)
  const copy = (endpoint: string) => {
    const places = ['--storage', s3.storage, '--to', `s3://${s3.bucket}/copy?endpoint=${endpoint}`]
    return pinfold(['media', 'copy', ...places, '--data', folder, '--json'], { env: s3Credentials })
  }
  const killed = copy(gate.endpoint)
  await gate.holdsBack
  await gate.allAnswered()
  await killed.kill()
  await gate.close()
  expect((await contents(to)).flatMap(([, files]) => files)).toHaveLength(half)

  const again = copy(s3.endpoint)
  expect(await again.ended, again.stderr()).toBe(0)
  const { copied, present } = JSON.parse(again.stdout())
  expect(copied + present).toBe(manyKeys + 1)
  expect(present).toBeGreaterThan(manyKeys / 2 - 5) // Four are copied at a time.
  expect(present).toBeLessThanOrEqual(manyKeys / 2)
  expect(await contents(to)).toEqual(everything)
  expect(await contents(from)).toEqual(everything)
  const [[key = ''] = []] = everything
  const read = async (key: string, name: string) => buffer((await to.open(key, name))?.stream ?? Readable.from([]))
  expect(String(await read(key, '5.jpg'))).toBe(`${key}/5.jpg`)
  expect((await read(large.key, large.name)).equals(large.bytes)).toBe(true)
  await Promise.all([from.close(), to.close()])
})
