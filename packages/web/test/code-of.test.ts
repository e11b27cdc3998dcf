import { expect, test } from 'vitest'
import type { RequestDetail } from '../src/developer/calls.ts'
import { codeOf } from '../src/developer/code-of.ts'

const origin = 'http://127.0.0.1:4000'
const body = JSON.stringify({ name: `Cups "and" \${bowls} \`x\` \\ ü 🏺\n` })

const call: RequestDetail = {
  ...{ id: '1', request_id: '2', time: '2026-03-14T09:26:53.000Z', duration_ms: 1, method: 'POST', path: '/v5/boards' },
  ...{ operation: 'boards/create', app: '1', account: 'demo', status: 201, why: null, replay_of: null },
  request: {
    headers: [
      { name: 'Authorization', value: 'Bearer …' },
      { name: 'Content-Type', value: 'application/json' },
      { name: 'host', value: '127.0.0.1:4000' },
      { name: 'user-agent', value: 'node' },
      { name: 'Idempotency-Key', value: "it's a key" },
    ],
    body,
    body_note: null,
  },
  answer: { headers: [], body: null, body_note: null },
  curl: 'curl …',
}

const sent = {
  url: `${origin}/v5/boards`,
  method: 'POST',
  headers: { authorization: 'Bearer t', 'content-type': 'application/json', 'idempotency-key': "it's a key" },
  body,
}

test('as fetch it sends the same again', async () => {
  const program = codeOf(call, 'fetch', origin)
  const asked: unknown[] = []
  const fetched = async (url: string, options: object) => {
    asked.push({ url, ...options })
    return { status: 201, text: async () => '' }
  }
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor
  const run = new AsyncFunction('fetch', 'process', 'console', program)
  await run(fetched, { env: { PINTEREST_ACCESS_TOKEN: 't' } }, { log() {} })
  expect(asked).toEqual([sent])
})

test('as Python it sends the same again', () => {
  expect(codeOf(call, 'Python', origin)).toBe(`import os
import requests

answer = requests.request(
    "POST",
    "${origin}/v5/boards",
    headers={
        "authorization": "Bearer " + os.environ["PINTEREST_ACCESS_TOKEN"],
        "content-type": "application/json",
        "idempotency-key": "it's a key",
    },
    data=${JSON.stringify(body)}.encode(),
)
print(answer.status_code, answer.text)`)
})

test('what needs no token and has no body is as short as it can be', () => {
  const plain = { ...call, method: 'GET', request: { ...call.request, headers: [], body: null } }
  expect(codeOf(plain, 'fetch', origin)).toBe(
    `const answer = await fetch("${origin}/v5/boards", {\n  method: "GET",\n})\nconsole.log(answer.status, await answer.text())`,
  )
  expect(codeOf(plain, 'Python', origin)).not.toMatch(/os|headers|data/)
  expect(codeOf(plain, 'curl', origin)).toBe('curl …')
})
