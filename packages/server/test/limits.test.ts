import { type Answer, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, expect, test } from 'vitest'
import { limits } from '../src/core/account-limits.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})

/** Returns the answers to `count` requests, a few at a time. */
async function many(count: number, request: (i: number) => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < count; i += 40) {
    const batch = Array.from({ length: Math.min(40, count - i) }, (_, j) => request(i + j))
    statuses.push(...(await Promise.all(batch)).map(({ status }) => status))
  }
  return statuses
}

test('a board has no more sections than Pinterest allows', async () => {
  const board = (await server.post('/boards', { name: 'Full of sections' })).body
  const statuses = await many(limits.sectionsPerBoard, (i) =>
    server.post(`/boards/${board.id}/sections`, { name: `${i}` }),
  )
  expect(new Set(statuses)).toEqual(new Set([201]))
  const refused = await server.post(`/boards/${board.id}/sections`, { name: 'One more' })
  expect([refused.status, refused.body.code]).toEqual([400, 400])
  expect(refused.body.message).toContain('500 sections at most')
})

test('an account has no more boards than Pinterest allows, and may make another when one is gone', async () => {
  const { token } = people.bob
  const statuses = await many(limits.boardsPerAccount, (i) => server.post('/boards', { name: `${i}` }, { token }))
  expect(new Set(statuses)).toEqual(new Set([201]))
  const refused = await server.post('/boards', { name: 'One more' }, { token })
  expect([refused.status, refused.body.code]).toEqual([403, 29])
  expect(refused.body.message).toContain('2000 boards at most')
  expect((await server.get('/user_account', { token })).body.board_count).toBe(2000)
  const [first] = (await server.get('/boards?page_size=1', { token })).body.items
  await server.delete(`/boards/${first.id}`, { token })
  expect((await server.post('/boards', { name: 'One more' }, { token })).status).toBe(201)
})
