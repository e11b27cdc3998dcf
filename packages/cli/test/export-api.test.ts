import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorsOf, type Operation, operations, successesOf } from '@pinfold/contract'
import { demoCredentials } from '@pinfold/server/demo-credentials'
import { pinfold } from '@pinfold/test-support/command'
import { ownServer } from '@pinfold/test-support/own-server'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, testApp } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

const all: readonly Operation[] = operations

async function exported(...args: string[]) {
  const command = pinfold(['export', ...args])
  return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
}

/** A request of a `.http` file. */
interface FileRequest {
  name: string
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
}

/** Reads a `.http` file as editors do; `values` replace the values that it gives its variables. */
function readHttpFile(text: string, values: Record<string, string>): FileRequest[] {
  const given = [...text.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value])
  const variables: Record<string, string> = { ...Object.fromEntries(given), ...values }
  const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => variables[name] ?? whole)
  return filled.split(/^###.*$/m).flatMap((part) => {
    const [, name = ''] = /^# @name (\w+)$/m.exec(part) ?? []
    const [head = '', ...rest] = part
      .replaceAll(/^[#@].*\n?/gm, '')
      .trim()
      .split('\n\n')
    const [start = '', ...lines] = head.split('\n')
    const [, method = '', url = ''] = /^([A-Z]+) (\S+)$/.exec(start) ?? []
    if (!method) return []
    const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]))
    return [{ name, method, url, headers, body: rest.length > 0 ? rest.join('\n\n') : undefined }]
  })
}

/** Sends a request as editors do: they encode Basic. Returns the status; what streams is not waited for. */
async function statusOf({ method, url, headers, body }: FileRequest): Promise<number> {
  const { Authorization: authorization = '' } = headers
  const [, user, password] = /^Basic (\S+) (\S+)$/.exec(authorization) ?? []
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(user && { Authorization: `Basic ${btoa(`${user}:${password}`)}` }) },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(onThisMachine(30_000)),
  })
  await answer.body?.cancel()
  return answer.status
}

test('every request of the .http file is one that a server answers as the contract says', async () => {
  const server = await ownServer()
  const { code, stdout } = await exported('http', '--url', server.url)
  expect(code).toBe(0)
  const board = (await server.post('/boards', { name: 'Cups' })).body.id
  const section = (await server.post(`/boards/${board}/sections`, { name: 'Blue' })).body.id
  const source = await base64Source(1)
  const pin = (await server.post('/pins', { board_id: board, board_section_id: section, media_source: source })).body.id
  const requests = readHttpFile(stdout, {
    ...{ accessToken: people.alice.token, appId: testApp.id, appSecret: testApp.secret },
    ...{ board_id: board, section_id: section, pin_id: pin, username: 'bob', app_id: testApp.id },
  })
  expect(requests.map(({ name }) => name).toSorted()).toEqual(all.map(({ id }) => nameOf(id)).toSorted())

  const succeeded = new Set<string>()
  // What deletes comes last, so that the others find what they are about.
  // After these, what deletes on demand, or puts other data in their place.
  const exchanges = ['control/reset', 'control/seed', 'control/restore_snapshot'].map(nameOf)
  const rank = ({ name, method }: { name: string; method: string }) =>
    exchanges.includes(name) || name.startsWith('control_trigger_') ? 2 : Number(method === 'DELETE')
  const inOrder = requests.toSorted((a, b) => rank(a) - rank(b))
  for (const request of inOrder) {
    const op = all.find(({ id }) => nameOf(id) === request.name) as Operation
    expect(request.url).not.toMatch(/[{}]/)
    const status = await statusOf(request)
    const declared = [...successesOf(op).map((success) => success.status), ...statusesOfErrors(op)]
    expect(declared, `${op.id} was answered ${status}`).toContain(status)
    if (status < 300) succeeded.add(op.id)
  }
  expect([...succeeded]).toEqual(
    expect.arrayContaining([
      ...['oauth/token', 'boards/create', 'boards/get', 'board_sections/update', 'pins/update', 'pins/analytics'],
      ...['search_user_pins/list', 'web/get_profile', 'control/add_fault', 'control/update_app', 'boards/delete'],
    ]),
  )
})

const nameOf = (id: string) => id.replaceAll('/', '_')
const statusesOfErrors = (op: Operation) => [...errorsOf(op).values()].map(({ status }) => status)

test('the OpenAPI file is that of a server, but for its address', async () => {
  const server = await ownServer()
  const served = (await server.get(`${server.url}/openapi.json`)).body
  expect(JSON.parse((await exported('openapi', '--url', `${server.url}/v5/`)).stdout)).toEqual(served)
  const elsewhere = (await exported('openapi', '--url', 'https://pins.example.com')).stdout
  expect(JSON.parse(elsewhere.replaceAll('https://pins.example.com', server.url))).toEqual(served)
})

test('a file is written whole, with the credentials of the demo for this machine alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-export-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'pinfold.postman_collection.json')
  expect(await exported('postman', '--output', file)).toEqual({ code: 0, stdout: '', stderr: '' })
  const here = await readFile(file, 'utf8')
  expect(JSON.parse(here)).toMatchObject({ info: { name: 'Pinfold' }, auth: { type: 'bearer' } })
  expect(here).toContain(demoCredentials.accessToken)
  await exported('postman', '--url', 'https://pins.example.com', '--output', file)
  const elsewhere = await readFile(file, 'utf8')
  expect(elsewhere).not.toContain(demoCredentials.accessToken)
  expect(elsewhere).toContain('https://pins.example.com')

  const nowhere = await exported('http', '--output', join(folder, 'missing', 'x.http'))
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/^pinfold: .*missing/)])
  expect((await exported('http', '--url', 'pins')).code).toBe(2)
  expect((await exported('curl')).code).toBe(2)
})
