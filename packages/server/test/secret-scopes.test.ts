import { exampleRequest, type Operation, operations, type Scope } from '@pinfold/contract'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const lesser: Record<string, Scope[]> = {
  'without boards:read_secret': ['boards:read_secret', 'boards:write_secret'],
  'without pins:read_secret': ['pins:read_secret', 'pins:write_secret'],
  'without any secret scope': ['boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret'],
}
const tokens = Object.entries(lesser).map(([name, scopes], i) => ({
  name,
  text: `pina_lesser_${i}_000000000000000`,
  scopes: allScopesBut(...scopes),
}))

/** The answers that name or count boards, to the token that may see secret ones. */
const seesBoards = /^(boards\/list|search_user_boards\/get|user_account\/get) without pins:read_secret$/

const reads = (operations as readonly Operation[]).filter(({ method, auth }) => method === 'GET' && auth.by === 'token')

interface Things {
  board_id: string
  section_id: string
  pin_id: string
}

/** Every read with every lesser token, before there is anything secret and after (12.7). */
describe('what is secret', () => {
  let server: TestServer
  let secret: Things
  let answersBefore: Map<string, string>
  let open: Things & Record<string, unknown>

  async function make(privacy: string): Promise<Things> {
    const { body: board } = await server.post('/boards', { name: `A ${privacy} board`, privacy })
    const { body: section } = await server.post(`/boards/${board.id}/sections`, { name: 'Part' })
    const media_source = await base64Source(privacy.length)
    const pin = { board_id: board.id, board_section_id: section.id, title: 'Cup', link: 'https://alice.example/cup' }
    const { body, status } = await server.post('/pins', { ...pin, media_source })
    expect(status).toBe(201)
    const at = new Date(server.clock.now()).toISOString()
    const events = ['impression', 'pin_click', 'outbound_click'].map((type) => ({
      ...{ id: `${privacy} ${type}`, type, pin_id: body.id, at, viewer: 'somebody' },
    }))
    expect((await server.post('/_pinfold/events', { events }, { token: null })).status).toBe(200)
    return { board_id: board.id, section_id: section.id, pin_id: body.id }
  }

  async function ask(op: Operation, token: string, values: Record<string, unknown>): Promise<string> {
    const { params = {}, query = {} } = exampleRequest(op, values)
    const path = op.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
    const fields = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
    const address = `${server.url}${op.root ?? '/v5'}${path}?${new URLSearchParams(fields)}`
    const { status, text } = await server.request('GET', address, { token })
    return `${status} ${text}`
  }

  async function askAll(): Promise<Map<string, string>> {
    const answers = new Map<string, string>()
    for (const op of reads)
      for (const { name, text } of tokens) answers.set(`${op.id} ${name}`, await ask(op, text, open))
    return answers
  }

  beforeAll(async () => {
    server = await startTestServer({ tokens })
    const { board_id, section_id, pin_id } = await make('PUBLIC')
    const { body: accounts } = await server.get('/ad_accounts')
    open = {
      ...{ board_id, section_id, pin_id, pin_ids: [pin_id] },
      media_id: (await server.post('/media', { media_type: 'video' })).body.media_id,
      username: people.bob.username,
      ad_account_id: accounts.items[0].id,
    }
    answersBefore = await askAll()
    secret = await make('SECRET')
    return () => server.close()
  })

  test('changes no answer to a token that may not see it: no list, no count and no sum', async () => {
    expect(answersBefore.size).toBeGreaterThan(80)
    expect([...answersBefore.values()].filter((answer) => answer.startsWith('200')).length).toBeGreaterThan(50)
    const answers = [...(await askAll())]
    for (const [, answer] of answers) expect(answer).not.toContain(secret.pin_id)
    // A token that sees secret boards, and not the Pins on them, sees that there is one more board.
    const without = (entries: [string, string][]) => entries.filter(([name]) => !seesBoards.test(name))
    expect(Object.fromEntries(without(answers))).toEqual(Object.fromEntries(without([...answersBefore])))
  })

  test('changes what its owner sees, so that the comparison can fail', async () => {
    const { text } = await server.get('/boards')
    expect(text).toContain(secret.board_id)
  })

  test.each(reads.filter(({ params, query }) => /"(board_id|pin_id|pin_ids)"/.test(JSON.stringify([params, query]))))(
    'is to $id as if it were not there',
    async (op) => {
      const unknown = { board_id: '999999999999999', section_id: '999999999999998', pin_id: '999999999999997' }
      const { text: token } = tokens[2] ?? { text: '' }
      const [one, other] = await Promise.all(
        [secret, unknown].map(async (things) => {
          const answer = await ask(op, token, { ...open, ...things, pin_ids: [things.pin_id] })
          return Object.values(things).reduce((text, id) => text.replaceAll(id, 'ID'), answer)
        }),
      )
      expect(one).toBe(other)
      expect(one).toMatch(/^4/)
    },
  )
})
