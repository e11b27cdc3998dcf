import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { ownServer } from '@pinfold/test-support/own-server'
import { base64Source } from '@pinfold/test-support/pictures'
import { people } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

const controlToken = 'control-token-of-the-tests'

async function ran(args: readonly string[], env: Record<string, string>) {
  const command = pinfold(args, { env })
  return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
}

/** Returns the variables that lines for a shell set. */
const variablesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replace(/^'(.*)'$/, '$1').replaceAll(`'\\''`, "'"),
    ]),
  )

test('somebody says how videos are processed, and has happen what others do', async () => {
  const server = await ownServer()
  const env = { PINTEREST_API_URI: server.url, PINTEREST_ACCESS_TOKEN: people.alice.token }
  const set = await ran(['transition', 'media', 'time', '--after', '2m', '--json'], env)
  expect(JSON.parse(set.stdout)).toEqual({ kind: 'media', mode: 'time', after: '120000ms', waiting: 0 })
  expect((await ran(['transition'], env)).stdout).toBe('media\ttime 120000ms\t0\nad.review\timmediate\t0\n')
  expect((await ran(['transition', 'media'], env)).stdout).toContain('immediate')
  expect((await ran(['transition', 'media', 'never'], env)).stderr).toContain('mode')

  const board = (await server.post('/boards', { name: 'Cups' })).body.id
  const source = await base64Source(3)
  const pin = (await server.post('/pins', { board_id: board, media_source: source })).body.id
  expect((await ran(['trigger'], env)).stdout).toMatch(/^pin\.traffic\t.*\tpin_id \[days_ago\] \[impressions\]/m)
  const traffic = await ran(['trigger', 'pin.traffic', `pin_id=${pin}`, 'impressions=12'], env)
  expect([traffic.code, traffic.stdout]).toEqual([0, '{"counted":12}\n'])
  const wrong = await ran(['trigger', 'pin.traffic', `pin=${pin}`], env)
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('pin_id [days_ago]')])
  expect((await ran(['trigger', 'pin.explode'], env)).stderr).toContain("no event 'pin.explode', but: token.expire")
  expect((await ran(['trigger', 'board.delete', 'board_id=1'], env)).code).toBe(4)
  expect(await ran(['trigger', 'token.expire'], env)).toMatchObject({
    code: 0,
    stdout: 'It has happened: token.expire.\n',
  })
  expect((await server.get('/user_account')).status).toBe(401)
})

test('somebody makes a sandbox, controls it alone, and deletes it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const server = await ownServer({ controlToken })
  const outside = { PINTEREST_API_URI: server.url, PINFOLD_CONTROL_TOKEN: controlToken }
  const [seed, file] = [join(folder, 'seed.json'), join(folder, 'sandbox.env')]
  const password = "it's carol's $HOME"
  await writeFile(seed, JSON.stringify({ accounts: [{ username: 'carol', password, boards: [{ name: 'Plates' }] }] }))
  const made = await ran(['sandbox', 'create', '--seed', seed, '--idle', '10m', '--write-env', file], outside)
  expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f]{20}\n$/)])
  const id = made.stdout.trim()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const inside = variablesOf(await readFile(file, 'utf8'))
  expect(inside).toMatchObject({ PINTEREST_API_URI: server.url, PINFOLD_USERNAME: 'carol', PINFOLD_PASSWORD: password })
  expect((await ran(['boards', 'list'], inside)).stdout).toContain('Plates')

  expect((await ran(['clock', 'advance', '2d', '--json'], inside)).stdout).toContain('"ahead_ms":172800000')
  expect((await ran(['clock', 'show', '--json'], outside)).stdout).toContain('"ahead_ms":0')
  expect((await ran(['sandbox', 'create'], inside)).stderr).toContain('no sandboxes of its own')
  const printed = await ran(['sandbox', 'create'], outside)
  expect(Object.keys(variablesOf(printed.stdout)).toSorted()).toEqual(Object.keys(inside).toSorted())

  const listed = (await ran(['sandbox', 'list', '--json'], outside)).stdout.trimEnd().split('\n')
  expect(listed.map((line) => JSON.parse(line).idle_seconds)).toEqual([600, 3600])
  expect(await ran(['sandbox', 'delete', id], inside)).toMatchObject({ code: 0, stdout: `${id} is gone.\n` })
  expect((await ran(['sandbox', 'delete', id], outside)).stderr).toContain('no such sandbox')
  expect((await ran(['reset'], inside)).stderr).toContain('has ended')

  const wrong = await ran(['sandbox', 'create', '--idle', 'long'], outside)
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('90s, 10m or 2h')])
})
