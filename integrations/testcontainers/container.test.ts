import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { PinfoldContainer, type StartedPinfoldContainer } from '@pinfold/testcontainers'

// Needs Docker, and an image named `pinfold`.

let pinfold: StartedPinfoldContainer
before(async () => {
  pinfold = await new PinfoldContainer().start()
})
after(() => pinfold?.stop())

const api = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
  const headers = { authorization: `Bearer ${pinfold.getEnvironment().PINTEREST_ACCESS_TOKEN}`, ...init.headers }
  return fetch(`${pinfold.getUrl()}/v5/${path}`, { ...init, headers })
}
const createBoard = (name: string) =>
  api('boards', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) })
const countBoards = async () => (await (await api('boards')).json()).items.length

test('boards are made, and a reset discards them', async () => {
  assert.equal((await createBoard('Cups')).status, 201)
  assert.equal(await countBoards(), 1)
  await pinfold.reset()
  assert.equal(await countBoards(), 0)
})

test('a picture has an address that the host can reach', async () => {
  const { id } = await (await createBoard('Cups')).json()
  const source = { source_type: 'image_base64', content_type: 'image/png', data: onePixel }
  const body = JSON.stringify({ board_id: id, media_source: source })
  const created = await api('pins', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  assert.equal(created.status, 201)
  const { url } = (await created.json()).media.images['600x']
  assert.ok(url.startsWith(pinfold.getUrl()), url)
  assert.equal((await fetch(url)).status, 200)
})

test('its clock is moved, and only with the token of its controls', async () => {
  const { ahead_ms } = (await pinfold.control('POST', 'clock/advance', { by: '1d' })) as { ahead_ms: number }
  assert.ok(ahead_ms > 86_000_000)
  assert.equal((await fetch(`${pinfold.getUrl()}/_pinfold/clock`)).status, 401)
  await assert.rejects(pinfold.control('POST', 'clock/advance', { by: 'soon' }), /400/)
})

test('a seed of one’s own, and its credentials', async () => {
  const seed = {
    accounts: [{ username: 'potter', password: 'kiln-and-clay-1' }],
    apps: [{ id: '1234567', secret: 'a-secret-of-the-app', name: 'App', owner: 'potter' }],
    tokens: [{ app: '1234567', account: 'potter', access_token: 'pina_of_the_potter_0123456789' }],
  }
  await using other = await new PinfoldContainer().withSeed(seed).withRateLimits('pinterest').start()
  const { PINTEREST_ACCESS_TOKEN: token, PINFOLD_USERNAME } = other.getEnvironment()
  assert.equal(PINFOLD_USERNAME, 'potter')
  const answer = await fetch(`${other.getUrl()}/v5/user_account`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await answer.json()).username, 'potter')
  assert.ok(answer.headers.has('x-ratelimit-limit'))
})

test('the example of the README', async () => {
  const page = await readFile(new URL('./README.md', import.meta.resolve('@pinfold/testcontainers')), 'utf8')
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', example], {
    cwd: import.meta.dirname,
  })
  assert.match(stdout, /items: \[\]/)
})

test('a seed that is wrong says so', async () => {
  await assert.rejects(
    new PinfoldContainer().withSeed({ accounts: [{ username: 'not a username' }] }).start(),
    /ended while it started[\s\S]*accounts/,
  )
})

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
