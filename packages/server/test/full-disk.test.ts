import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { expectSound } from '@pinfold/test-support/soundness'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'

/** A shell whose child may write no file larger than a few hundred kilobytes: a full disk that needs no privileges. */
const littleSpace = ['sh', '-c', 'ulimit -f 800; exec "$@"', 'sh']
const token = 'pina_full_00000000000000000'

let folder: string
let running: Command
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-full-'))
  await writeFile(
    join(folder, 'seed.json'),
    JSON.stringify({
      accounts: [{ username: 'alice', password: 'alice-password' }],
      apps: [{ id: '1001', secret: 'alice-app-secret-0001', name: 'App', owner: 'alice' }],
      tokens: [{ app: '1001', account: 'alice', access_token: token }],
    }),
  )
  return async () => {
    await running.kill()
    await rm(folder, { recursive: true, force: true })
  }
})

async function start(wrapper: readonly string[] = []): Promise<void> {
  const dataDir = join(folder, 'data')
  const options = ['--port', '0', '--data', dataDir, '--seed', join(folder, 'seed.json'), '--rate-limits', 'off']
  running = pinfold(['serve', ...options], { wrapper })
  url = await running.ready()
}

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: { id: string } }> {
  const response = await fetch(`${url}/v5${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

const unavailable = {
  status: 503,
  body: { code: 503, message: expect.stringContaining('The server cannot take this request now. Its disk ') },
}

test.skipIf(process.platform === 'win32')(
  'on a full disk writing is refused, reading goes on, and with space again so does everything',
  async () => {
    await start()
    await running.kill('SIGTERM')
    await start(littleSpace)
    const board = (await call('POST', '/boards', { name: 'Filling up' })).body.id
    const kept: string[] = []

    // A picture for which there is no space leaves nothing behind, and does not block a smaller one.
    const large = { source_type: 'image_base64', content_type: 'image/jpeg', data: (await noise()).toString('base64') }
    expect(await call('POST', '/pins', { board_id: board, media_source: large })).toEqual(unavailable)
    const small = await call('POST', '/pins', { board_id: board, title: 'Small', media_source: await base64Source(1) })
    expect(small.status).toBe(201)
    await expectSound(join(folder, 'data'))

    const boards: string[] = []
    for (let count = 0; ; count++) {
      const made = await call('POST', '/boards', { name: `Board ${count}`, description: 'x'.repeat(500) })
      if (made.status !== 201) {
        expect(made).toEqual(unavailable)
        break
      }
      boards.push(made.body.id)
    }
    kept.push(`/boards/${board}`, `/pins/${small.body.id}`, ...boards.map((id) => `/boards/${id}`))

    for (let hue = 2; hue < 6; hue++) {
      expect(await call('POST', '/pins', { board_id: board, media_source: await base64Source(hue) })).toEqual(
        unavailable,
      )
      expect(await call('POST', `/pins/${small.body.id}/save`, { board_id: board })).toEqual(unavailable)
      expect(await call('PATCH', `/pins/${small.body.id}`, { title: 'Other words' })).toEqual(unavailable)
      expect(await call('POST', `/boards/${board}/sections`, { name: 'Part' })).toEqual(unavailable)
      expect(await call('DELETE', `/boards/${board}`)).toEqual(unavailable)
    }
    for (const path of kept) expect((await call('GET', path)).status, path).toBe(200)

    await running.kill()
    await start()
    await expectSound(join(folder, 'data'))
    for (const path of kept) expect((await call('GET', path)).status, path).toBe(200)
    expect((await call('GET', `/pins/${small.body.id}`)).body).toMatchObject({ id: small.body.id, title: 'Small' })
    expect((await call('POST', '/pins', { board_id: board, media_source: large })).status).toBe(201)
    expect((await call('DELETE', `/boards/${board}`)).status).toBe(204)
    await expectSound(join(folder, 'data'))
  },
  onThisMachine(60_000),
)

/** A picture that does not compress. */
function noise(): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 80 }
  return sharp({ create: { width: 2000, height: 2000, channels: 3, background: 'grey', noise } })
    .jpeg()
    .toBuffer()
}
