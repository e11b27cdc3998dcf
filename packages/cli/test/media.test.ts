import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, expect, test } from 'vitest'

let folder: string
let dataDir: string
let server: TestServer
let key: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-media-'))
  dataDir = join(folder, 'data')
  server = await startTestServer({ ephemeral: false, dataDir })
  const { id: board } = (await server.post('/boards', { name: 'Kept' })).body
  const { body } = await server.post('/pins', { board_id: board, media_source: await base64Source(1) })
  key = /([0-9a-f]{32})/.exec(body.media.images.originals.url)?.[1] ?? ''
  return () => rm(folder, { recursive: true, force: true })
})

const run = async (...args: string[]) => {
  const command = pinfold(['media', ...args, '--data', dataDir])
  const code = await command.ended
  return { code, stdout: command.stdout(), stderr: command.stderr() }
}

test('media verify and copy run beside a server, repairing does not', async () => {
  expect(await run('verify')).toEqual({ code: 0, stdout: '1 checked, nothing is wrong.\n', stderr: '' })
  const copied = await run('copy', '--to', join(folder, 'copy'), '--json')
  expect([copied.code, JSON.parse(copied.stdout)]).toMatchObject([0, { copied: 1, present: 0 }])

  await rm(join(dataDir, 'media', key.slice(0, 2), key, '600x.jpg'))
  const found = await run('verify', '--json')
  expect([
    found.code,
    found.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ]).toEqual([
    1,
    [
      { problem: 'missing', key, file: '600x.jpg', repaired: false },
      { checked: 1, missing: 1, broken: 0, orphaned: 0, repaired: 0 },
    ],
  ])
  const refused = await run('verify', '--repair')
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/^pinfold: Another Pinfold process uses/)])

  await server.close()
  const repaired = await run('verify', '--repair')
  expect([repaired.code, repaired.stdout.split('\n')[0]]).toEqual([0, `missing\t${key}/600x.jpg\trepaired`])
  expect((await run('verify')).code).toBe(0)
})

test('media commands say what they cannot use', async () => {
  const nowhere = pinfold(['media', 'verify', '--data', join(folder, 'nowhere')])
  expect([await nowhere.ended, nowhere.stderr()]).toEqual([2, expect.stringContaining('There is no database in ')])
  const away = await run('verify', '--storage', 's3://media?endpoint=http://127.0.0.1:9')
  expect([away.code, away.stderr]).toEqual([1, expect.stringMatching(/^pinfold: s3:\/\/media\/ does not do/)])
})
