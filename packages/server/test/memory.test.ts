import { randomFillSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { canMeasure, memoryGrowth } from '@pinfold/test-support/memory'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { filesBelow } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { clip } from '@pinfold/test-support/uploads'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'

if (!canMeasure) console.warn('The memory of a process is measured on Linux alone: the tests of it are skipped.')

/** The size of the upload; more with `PINFOLD_UPLOAD_MB=700 npx vitest run memory.test`. */
const uploadMegabytes = Number(process.env.PINFOLD_UPLOAD_MB ?? 200)
/** At most this many bodies of 32 MB are sent at once. */
const bodies = Number(process.env.PINFOLD_BODIES ?? 6)
const megabyte = 1e6
const token = 'pina_memory_000000000000000'
const onePerson = {
  accounts: [{ username: 'alice', password: 'alice-password' }],
  apps: [{ id: '1001', secret: 'alice-app-secret-0001', name: 'App', owner: 'alice' }],
  tokens: [{ app: '1001', account: 'alice', access_token: token }],
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-memory-'))
  await writeFile(join(folder, 'seed.json'), JSON.stringify(onePerson))
  return () => rm(folder, { recursive: true, force: true })
})

/** Starts a server in a process of its own, without ffmpeg: it does everything itself. */
async function serve(name: string) {
  const dataDir = join(folder, name)
  const options = ['--seed', join(folder, 'seed.json'), '--rate-limits', 'off', '--durability', 'relaxed']
  const process: Command = pinfold(['serve', '--port', '0', '--data', dataDir, ...options], { env: { PATH: '' } })
  const url = await process.ready()
  const request = async (path: string, json?: object | string) => {
    const response = await fetch(`${url}/v5${path}`, {
      method: json ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(json && { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers are read as JSON
    const body: any = await response.json()
    return { status: response.status, headers: response.headers, body }
  }
  const board: string = (await request('/boards', { name: 'Large' })).body.id
  return { dataDir, board, request, grown: () => memoryGrowth(process.child.pid ?? 0), stop: process.stop }
}

const boxOf = (bytes: number): Buffer => {
  const head = Buffer.from('....free')
  head.writeUInt32BE(bytes)
  return head
}

/** Returns a video of this size, most of it free space, in a form with fields before it. */
async function* largeForm(fields: Record<string, string>, boundary: string, bytes: number): AsyncGenerator<Uint8Array> {
  const part = (name: string, more = '') =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`
  for (const [name, value] of Object.entries(fields)) yield Buffer.from(`${part(name)}${value}\r\n`)
  yield Buffer.from(part('file', '; filename="large.mp4"\r\nContent-Type: video/mp4'))
  const free = bytes - clip.length
  yield Buffer.concat([clip, boxOf(free)])
  const nothing = Buffer.alloc(megabyte)
  for (let left = free - 8; left > 0; left -= nothing.length) yield nothing.subarray(0, left)
  yield Buffer.from(`\r\n--${boundary}--\r\n`)
}

describe.skipIf(!canMeasure)('the memory of the server', () => {
  test(
    `does not grow with a video of ${uploadMegabytes} MB`,
    async () => {
      const { dataDir, board, request, grown, stop } = await serve('upload')
      /** Uploads a video of this size, makes a Pin of it, and reads it. */
      const uploadAndRead = async (bytes: number) => {
        const registered = (await request('/media', { media_type: 'video' })).body
        const { media_id: id, upload_url: url, upload_parameters } = registered
        const boundary = 'memory'
        const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
        const body = ReadableStream.from(largeForm(upload_parameters, boundary, bytes))
        expect((await fetch(url, { method: 'POST', headers, body, duplex: 'half' })).status).toBe(204)
        const status = async () => (await request(`/media/${id}`)).body.status
        await until(async () => (await status()) !== 'processing')
        expect(await status()).toBe('succeeded')

        const { content_type, data } = await base64Source()
        const cover = { cover_image_content_type: content_type, cover_image_data: data }
        const media_source = { source_type: 'video_id', media_id: id, ...cover }
        const pin = (await request('/pins', { board_id: board, media_source })).body
        let received = 0
        for await (const chunk of (await fetch(pin.media.video_url)).body ?? []) received += chunk.length
        expect(received).toBe(bytes)
      }
      await uploadAndRead(megabyte) // What is loaded at first does not depend on the size.
      const growth = grown()
      await uploadAndRead(uploadMegabytes * megabyte)
      // Garbage not collected yet, independent of the size of the video.
      expect(growth()).toBeLessThan(100 * megabyte)
      await until(() => filesBelow(join(dataDir, 'uploads')).length === 0)
      await stop()
      await expectSound(dataDir)
    },
    onThisMachine(120_000),
  )

  test(
    'has a bound when many large bodies come at once; each is taken when it comes again',
    async () => {
      const { dataDir, board, request, grown, stop } = await serve('bodies')
      const pictures = async () => {
        const items = await Promise.all([noise(), noise(), noise()])
        return { source_type: 'multiple_image_base64', items }
      }
      const first = await request('/pins', { board_id: board, title: 'first', media_source: await pictures() })
      expect(first.status).toBe(201)
      const growth = grown()
      const titles = Array.from({ length: bodies }, (_, i) => `Large ${i}`)
      const answers: [status: number, retryAfter: string | null][] = []
      await Promise.all(
        titles.map(async (title) => {
          const body = JSON.stringify({ board_id: board, title, media_source: await pictures() })
          expect(body.length).toBeGreaterThan(30 * megabyte)
          const attempt = async () => {
            const { status, headers } = await request('/pins', body)
            answers.push([status, headers.get('retry-after')])
            return status
          }
          await expect.poll(attempt, { timeout: onThisMachine(60_000), interval: 2000 }).toBe(201)
        }),
      )
      const refused = answers.filter(([status]) => status === 429)
      expect(new Set(refused.map(([, retryAfter]) => retryAfter))).toEqual(new Set(['2']))
      expect(answers.length - refused.length, 'nothing else is answered').toBe(titles.length)
      expect(growth()).toBeLessThan(480 * megabyte)
      const { items } = (await request('/pins?page_size=100')).body
      expect(items.map(({ title }: { title: string }) => title).sort()).toEqual([...titles, 'first'].sort())
      await stop()
      await expectSound(dataDir)
    },
    onThisMachine(120_000),
  )
})

const side = 1630

/** A picture of 8 MB that no other is like. */
async function noise(): Promise<{ content_type: string; data: string }> {
  const bytes = randomFillSync(Buffer.alloc(side * side * 3))
  const raw = { width: side, height: side, channels: 3 } as const
  const png = await sharp(bytes, { raw }).png({ compressionLevel: 0 }).toBuffer()
  return { content_type: 'image/png', data: png.toString('base64') }
}
