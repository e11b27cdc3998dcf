import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pinfold } from '@pinfold/test-support/command'
import { ownServer } from '@pinfold/test-support/own-server'
import { people } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

/** A program as it is written for Pinterest. */
const program = `
  const headers = { Authorization: 'Bearer ' + process.env.PINTEREST_ACCESS_TOKEN, 'Content-Type': 'application/json' }
  const call = async (method, path, body) => {
    const answer = await fetch('https://api.pinterest.com/v5' + path, { method, headers, body: body && JSON.stringify(body) })
    return answer.status === 204 ? null : answer.json()
  }
  const board = await call('POST', '/boards', { name: 'Cups of my own' })
  await call('PATCH', '/boards/' + board.id, { description: 'For private tea' })
  await call('POST', '/boards', { name: 'Cups of my own' })
  await call('GET', '/boards?page_size=5')
  await call('GET', '/boards/' + board.id)
  await call('POST', '/boards', { title: 'Cups of my own' })
  await call('DELETE', '/boards/' + board.id)
  await call('GET', '/boards/' + board.id)
  console.log(board.id)`

/** Starts what stands for Pinterest: a server with data of its own, whose answers `change` makes others. */
async function standIn(change: (body: Record<string, unknown>) => void) {
  const server = await ownServer()
  const asked: (string | undefined)[] = []
  const proxy = http.createServer(async (request, reply) => {
    asked.push(`${request.headers.host} ${request.headers.authorization}`)
    const { method = 'GET', headers } = request
    const body = await text(request)
    const answer = await fetch(server.url + request.url, {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': headers['content-type'] ?? '' },
      ...(body !== '' && { body }),
    })
    const told = await answer.text()
    const json = told === '' ? undefined : JSON.parse(told)
    if (json) change(json)
    reply.writeHead(answer.status, json && { 'content-type': 'application/json' }).end(json && JSON.stringify(json))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
}

async function ran(args: readonly string[], cwd: string) {
  // The authority of exec is made in a folder of its own.
  const env = { PINTEREST_ACCESS_TOKEN: people.alice.token, XDG_CONFIG_HOME: cwd }
  const command = pinfold(args, { cwd, env })
  return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
}

async function folderWithProgram(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-diff-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'program.mjs'), program)
  return folder
}

test('somebody records what goes to Pinterest, and sees what Pinfold answers otherwise', async () => {
  const folder = await folderWithProgram()
  const pinterest = await standIn((body) => {
    if ('privacy' in body) body.privacy = 'PROTECTED'
    if ('collaborator_count' in body) body.board_color = 'teal of mine'
    if (Array.isArray(body.items)) body.items[0].created_at += 'Z'
    if (body.code === 58) body.message = 'There is "Cups of my own" already!'
  })
  const recorded = await ran(['exec', '--to', pinterest.url, '--log', 'calls.har', '--', 'node', 'program.mjs'], folder)
  expect([recorded.code, recorded.stdout]).toEqual([0, expect.stringMatching(/^\d+\n$/)])
  // It went there under Pinterest's name, and with the program's own token.
  expect(new Set(pinterest.asked)).toEqual(new Set([`api.pinterest.com Bearer ${people.alice.token}`]))
  const har = await readFile(join(folder, 'calls.har'), 'utf8')
  expect(JSON.parse(har).log.entries).toHaveLength(8)
  expect(har).not.toContain(people.alice.token)

  const compared = await ran(['diff', 'calls.har'], folder)
  expect(compared.stdout.split('\n')).toEqual([
    '1 POST /v5/boards',
    '  privacy: PROTECTED at Pinterest, PUBLIC in Pinfold',
    '  board_color: missing in Pinfold (text at Pinterest)',
    '2 PATCH /v5/boards/{board_id}',
    '  privacy: PROTECTED at Pinterest, PUBLIC in Pinfold',
    '  board_color: missing in Pinfold (text at Pinterest)',
    '3 POST /v5/boards',
    expect.stringMatching(/^ {2}message: There is "…" already! at Pinterest, .* in Pinfold$/),
    '4 GET /v5/boards',
    '  items[].created_at: time with a zone at Pinterest, time in Pinfold',
    '5 GET /v5/boards/{board_id}',
    '  privacy: PROTECTED at Pinterest, PUBLIC in Pinfold',
    '  board_color: missing in Pinfold (text at Pinterest)',
    '8 calls were compared, 5 differ; 0 could not be compared.',
    '',
  ])
  expect([compared.code, compared.stderr]).toEqual([1, ''])

  // What may be sent to us has nothing that is somebody's.
  const json = await ran(['diff', 'calls.har', '--json'], folder)
  expect(json.code).toBe(1)
  const calls = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(calls).toHaveLength(8)
  expect(calls[5]).toEqual({
    number: 6,
    call: 'POST /v5/boards',
    operation: 'boards/create',
    status: 400,
    skipped: null,
    differences: [],
  })
  for (const secret of ['Cups', 'tea', 'teal', recorded.stdout.trim(), people.alice.token, 'alice'])
    expect(json.stdout + compared.stdout).not.toContain(secret)

  const checked = await ran(['check', 'calls.har'], folder)
  expect(checked.stdout.split('\n')).toEqual([
    '6 POST /v5/boards: unknown field. title is not known here, and is passed over or refused.',
    '6 POST /v5/boards: missing field. name is missing, and must be there.',
    '8 calls were checked, 2 problems were found.',
    '',
  ])
  expect(checked.code).toBe(1)
  const scopes = await ran(['check', 'calls.har', '--json', '--scopes', 'boards:read'], folder)
  const findings = scopes.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(findings).toContainEqual(
    expect.objectContaining({ number: 2, operation: 'boards/update', problem: 'missing scope', about: 'boards:write' }),
  )
})

test('without differences the exit code is 0, and 5 where not all could be compared', async () => {
  const folder = await folderWithProgram()
  const pinterest = await standIn(() => {})
  await ran(['exec', '--to', pinterest.url, '--log', 'calls.har', '--', 'node', 'program.mjs'], folder)
  const same = await ran(['diff', 'calls.har'], folder)
  expect([same.code, same.stdout]).toEqual([0, '8 calls were compared, 0 differ; 0 could not be compared.\n'])
  const har = JSON.parse(await readFile(join(folder, 'calls.har'), 'utf8'))
  // Without the call that made the board, nobody knows it.
  har.log.entries = [har.log.entries[1], har.log.entries[3]]
  await writeFile(join(folder, 'later.har'), JSON.stringify(har))
  const later = await ran(['diff', 'later.har'], folder)
  expect([later.code, later.stdout]).toEqual([5, expect.stringContaining('no call before it in the file')])
})

test('wrong files and options are said to be so', async () => {
  const folder = await folderWithProgram()
  await writeFile(join(folder, 'text.har'), 'no HAR')
  await writeFile(join(folder, 'empty.har'), '{"log":{"entries":[]}}')
  for (const [args, code, words] of [
    [['diff', 'text.har'], 2, 'no HAR file'],
    [['check', 'text.har'], 2, 'no HAR file'],
    [['check', 'none.har'], 1, 'no such file'],
    [['check', 'empty.har'], 1, 'no calls of the API'],
    [['check', 'text.har', '--scopes', 'boards'], 2, 'is no scope'],
    [['diff', 'empty.har'], 1, 'no calls of the API'],
    [['exec', '--to', 'pinterest', '--', 'true'], 2, '--log'],
    [['exec', '--to', 'elsewhere', '--log', 'x.har', '--', 'true'], 2, 'stands for Pinterest'],
    [['exec', '--to', 'pinterest', '--server', 'http://127.0.0.1:9', '--log', 'x.har', '--', 'true'], 2, '--server'],
  ] as const) {
    const command = await ran(args, folder)
    expect([args, command.code, command.stderr]).toEqual([args, code, expect.stringContaining(words)])
  }
})
