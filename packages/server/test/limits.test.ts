import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openOperator } from '@pinfold/server'
import { sqlite } from '@pinfold/test-support/databases'
import { as, startGroupServer } from '@pinfold/test-support/group-boards'
import { base64Source, webServer } from '@pinfold/test-support/pictures'
import { type Answer, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, expect, test } from 'vitest'
import { limits } from '../src/core/account-limits.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-limits-'))
  server = await startTestServer({ ephemeral: false, dataDir: join(folder, 'data') })
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
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

test('group boards count among the boards of those who are on them', async () => {
  const { token } = people.bob
  const more = async () => (await server.post('/boards', { name: 'And one more' }, { token })).status
  const [last] = (await server.get('/boards?page_size=1', { token })).body.items
  const { id } = (await server.post('/boards', { name: 'Of Alice' })).body
  await using operator = await openOperator({ dataDir: join(folder, 'data'), clock: server.clock })
  await expect(operator.addCollaborator(id, 'bob')).rejects.toThrow('2000 boards at most')
  expect((await operator.groupBoard(id)).collaborators).toEqual([])

  await server.delete(`/boards/${last.id}`, { token })
  await operator.addCollaborator(id, 'bob')
  expect(await more()).toBe(403)
  await operator.removeCollaborator(id, 'bob')
  expect(await more()).toBe(201)
})

test('a board has no more Pins than one account may have, whoever pins to it', async () => {
  const [full, empty] = [
    (await server.post('/boards', { name: 'Full of Pins' })).body.id,
    (await server.post('/boards', { name: 'Empty' })).body.id,
  ]
  const media_source = await base64Source()
  const pin = async (board_id: string) => server.post('/pins', { board_id, media_source })
  const { id } = (await pin(empty)).body
  await setCount('boards', limits.pinsPerBoard - 1, full)

  const last = await pin(full)
  expect(last.status).toBe(201)
  const refused = [
    await pin(full),
    await server.post(`/pins/${id}/save`, { board_id: full }),
    await server.patch(`/pins/${id}`, { board_id: full }),
  ]
  expect(refused.map(({ status, body }) => [status, body.code])).toEqual(refused.map(() => [403, 29]))
  expect(refused[0]?.body.message).toContain('200000 Pins at most')
  expect((await server.patch(`/pins/${last.body.id}`, { title: 'The last one' })).status).toBe(200)
  expect((await server.patch(`/pins/${last.body.id}`, { board_id: empty })).status).toBe(200)
  expect((await server.patch(`/pins/${id}`, { board_id: full })).status).toBe(200)
})

let counted = 0
/** Sets numbers that it would take very long to reach. */
async function setCount(table: 'accounts' | 'boards', count: number, id: string): Promise<void> {
  const database = new DatabaseSync(join(folder, 'data', 'pinfold.db'))
  database.prepare(`UPDATE ${table} SET pin_count = ? WHERE id = ?`).run(count, id)
  database.close()
  // What others write is seen a moment later, or with the server's own next write.
  await server.post('/boards', { name: `Counted ${counted++}` })
}

test('a Pin that there is no room for is refused before anything is fetched or drawn', async () => {
  const asked: string[] = []
  const web = await webServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(404).end()
  })
  const [board, full] = [
    (await server.post('/boards', { name: 'With room' })).body.id,
    (await server.post('/boards', { name: 'Without' })).body.id,
  ]
  const account = (await server.get('/user_account')).body
  await setCount('boards', limits.pinsPerBoard, full)
  // Not a picture: whoever looked at it would say so.
  const broken = { source_type: 'image_base64', content_type: 'image/jpeg', data: 'AAAA' }
  const elsewhere = { source_type: 'image_url', url: `${web.url}/picture.jpg` }
  const refusals = (board_id: string) =>
    Promise.all([broken, elsewhere].map((media_source) => server.post('/pins', { board_id, media_source })))
  const told = (answers: Answer[]) => answers.map(({ status, body }) => [status, body.code, body.message])

  expect(told(await refusals(full))).toEqual(Array(2).fill([403, 29, expect.stringContaining('200000 Pins at most')]))
  await setCount('accounts', limits.pinsPerAccount, account.id)
  expect(told(await refusals(board))).toEqual(Array(2).fill([403, 29, expect.stringContaining('200000 Pins at most')]))
  expect(asked).toEqual([])
  await web.close()
  await setCount('accounts', account.pin_count, account.id)
  expect((await server.post('/pins', { board_id: board, media_source: broken })).body.message).not.toContain('at most')
})

test('several Pins at once do not exceed what an account or a board may have', async () => {
  const board = (await server.post('/boards', { name: 'Almost full' })).body.id
  const account = (await server.get('/user_account')).body
  const atOnce = async (hue: number) => {
    const sources = await Promise.all([0, 1, 2, 3].map((i) => base64Source(hue + i)))
    const answers = await Promise.all(
      sources.map((media_source) => server.post('/pins', { board_id: board, media_source })),
    )
    return answers.map(({ status }) => status).sort()
  }
  await setCount('accounts', limits.pinsPerAccount - 1, account.id)
  expect(await atOnce(30)).toEqual([201, 403, 403, 403])
  expect((await server.get('/user_account')).body.pin_count).toBe(limits.pinsPerAccount)
  await setCount('accounts', account.pin_count + 1, account.id)
  await setCount('boards', limits.pinsPerBoard - 1, board)
  expect(await atOnce(60)).toEqual([201, 403, 403, 403])
  expect((await server.get(`/boards/${board}`)).body.pin_count).toBe(limits.pinsPerBoard)
})

test('a board has no more collaborators than there may be', async () => {
  const guests = Array.from({ length: limits.collaboratorsPerBoard + 1 }, (_, i) => `guest_${i}`)
  const [last = '', ...invited] = guests
  const boards = [{ name: 'Crowded', collaborators: invited }]
  const crowded = await startGroupServer(sqlite.open, { names: ['olga', ...guests], more: { olga: { boards } } })
  const [{ id, collaborator_count }] = (await crowded.get('/boards', as('olga'))).body.items
  expect(collaborator_count).toBe(500)
  await expect(crowded.setCollaborator(id, 'olga', last, true)).rejects.toThrow('500 collaborators at most')
  await crowded.setCollaborator(id, 'olga', invited[0] ?? '', false)
  await crowded.setCollaborator(id, 'olga', last, true)
  expect((await crowded.get(`/boards/${id}`, as(last))).status).toBe(200)
  await crowded.delete(`/boards/${id}`, as('olga'))
  expect((await crowded.get('/boards', as(last))).body.items).toEqual([])
  await crowded.close()
})
