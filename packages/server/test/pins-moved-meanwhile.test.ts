import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

describe.each(databases)('a Pin that others move meanwhile, on $name', ({ open }) => {
  let server: TestServer
  beforeAll(async () => {
    const { discard, ...config } = await open()
    server = await startTestServer(config)
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('is changed and deleted wherever it is: nobody is told that there is none', async () => {
    const boards = await Promise.all(
      ['Here', 'There'].map(async (name) => (await server.post('/boards', { name })).body.id as string),
    )
    const pin = { board_id: boards[0], title: 'Moved', media_source: await base64Source(60) }
    const { body } = await server.post('/pins', pin)
    const move = (board: string | undefined) => server.patch(`/pins/${body.id}`, { board_id: board })
    const answers = await Promise.all([
      move(boards[1]),
      server.patch(`/pins/${body.id}`, { title: 'Renamed' }),
      move(boards[1]),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await server.get(`/pins/${body.id}`)).body).toMatchObject({ title: 'Renamed', board_id: boards[1] })

    const [moved, deleted] = await Promise.all([move(boards[0]), server.delete(`/pins/${body.id}`)])
    expect(deleted.status).toBe(204)
    // Whichever comes first.
    expect([200, 404]).toContain(moved.status)
    expect((await server.get(`/pins/${body.id}`)).status).toBe(404)
    for (const board of boards) expect((await server.get(`/boards/${board}`)).body.pin_count).toBe(0)
  })
})
