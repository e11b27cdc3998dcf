import { databases } from '@pinfold/test-support/databases'
import { as, type GroupServer, startGroupServer } from '@pinfold/test-support/group-boards'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startReceiver, type WebhookReceiver } from '@pinfold/test-support/webhook-receiver'
import { beforeAll, describe, expect, test } from 'vitest'

const names = ['olga', 'carl', 'fred'] as const

describe.each(databases)('webhooks of a group board on $name', ({ open }) => {
  let server: GroupServer
  let receiver: WebhookReceiver
  beforeAll(async () => {
    server = await startGroupServer(open, { names })
    receiver = await startReceiver()
    for (const name of names) {
      const given = { url: `${receiver.url}/${name}`, includes_secret: true }
      expect((await server.post('/_pinfold/webhooks', given, as(name))).status).toBe(201)
    }
    return async () => {
      await server.close()
      await receiver[Symbol.asyncDispose]()
    }
  })

  const make = async (who: string, path: string, body: object): Promise<string> => {
    const made = await server.post(path, body, as(who))
    expect(made.status, made.text).toBe(201)
    return made.body.id
  }
  /** Waits for what somebody was told of a thing, and returns the types in their order. */
  async function told(who: string, id: string, wanted: number): Promise<string[]> {
    const found = () => receiver.at(`/${who}`).filter(({ data }) => data.id === id)
    await until(() => found().length >= wanted)
    return found().map(({ type }) => type)
  }

  test('tell its owner of every Pin, others of their own, and nobody of more', async () => {
    const board = await make('olga', '/boards', { name: 'Shared', privacy: 'SECRET' })
    for (const who of ['carl', 'fred']) await server.setCollaborator(board, 'olga', who, true)
    const pin = async (who: string, hue: number) =>
      make(who, '/pins', { board_id: board, media_source: await base64Source(hue) })
    const pins = { olga: await pin('olga', 1), carl: await pin('carl', 2), fred: await pin('fred', 3) }
    // Carl takes his Pin to a board of his own: to Olga it is gone.
    const own = await make('carl', '/boards', { name: 'Own' })
    await server.patch(`/pins/${pins.carl}`, { board_id: own }, as('carl'))
    expect(await told('olga', pins.carl, 2)).toEqual(['pin.created', 'pin.deleted'])
    expect(await told('carl', pins.carl, 2)).toEqual(['pin.created', 'pin.changed'])
    // The board goes with all that is on it: its owner is told of the board, Fred of his Pin.
    expect((await server.delete(`/boards/${board}`, as('olga'))).status).toBe(204)
    expect(await told('olga', board, 2)).toEqual(['board.created', 'board.deleted'])
    expect(await told('fred', pins.fred, 2)).toEqual(['pin.created', 'pin.deleted'])
    expect(await told('olga', pins.fred, 1)).toEqual(['pin.created'])
    const about = (who: string) => new Set(receiver.at(`/${who}`).map(({ data }) => data.id))
    expect(about('fred')).toEqual(new Set([pins.fred]))
    expect(about('carl')).toEqual(new Set([pins.carl, own]))
  })

  test('tell of a merged board that it is gone, and of the other that it has the Pins', async () => {
    const [from, into] = [
      await make('olga', '/boards', { name: 'From' }),
      await make('olga', '/boards', { name: 'Into' }),
    ]
    await make('olga', '/pins', { board_id: from, media_source: await base64Source(4) })
    await server.post(`/_pinfold/web/boards/${from}/merge`, { into_board_id: into }, as('olga'))
    expect(await told('olga', from, 2)).toEqual(['board.created', 'board.deleted'])
    expect(await told('olga', into, 2)).toEqual(['board.created', 'board.changed'])
    const last = receiver.at('/olga').findLast(({ data }) => data.id === into)
    expect(last?.data.changed).toEqual(['pins'])
  })
})
