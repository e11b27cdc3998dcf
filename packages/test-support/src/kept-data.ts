import { base64Source } from './pictures.ts'

// Data as a version leaves them, kept to be opened by every later one: made by build/keep-data.ts, asked by upgrade.test.ts.

/** Who has such data. */
const people = {
  alice: { username: 'alice', token: 'pina_kept_alice_000000000000' },
  bob: { username: 'bob', token: 'pina_kept_bob_00000000000000' },
} as const

/** The seed file of a server that is filled to be kept. */
export const keptSeed = {
  accounts: Object.values(people).map(({ username }) => ({
    ...{ username, password: `${username}-password`, account_type: 'BUSINESS' },
  })),
  apps: [{ id: '1001', secret: 'kept-app-secret-00001', name: 'Kept', owner: 'alice' }],
  tokens: Object.values(people).map(({ username, token }) => ({ app: '1001', account: username, access_token: token })),
}

/** Sends a request as Alice, or as another; returns the answer as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: answers as JSON
export type Ask = (method: string, path: string, body?: object, token?: string) => Promise<any>

/** Returns what asks the server at this address. Throws when an answer is an error. */
export const askerOf =
  (url: string): Ask =>
  async (method, path, body, token = people.alice.token) => {
    const response = await fetch(`${url}${path.startsWith('/_') ? '' : '/v5'}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

/** Fills a new server with a little of everything that people keep. */
export async function fillToKeep(ask: Ask): Promise<void> {
  const board = await ask('POST', '/boards', { name: 'Kitchens', description: 'Light ones' })
  const secret = await ask('POST', '/boards', { name: 'Presents', privacy: 'SECRET' })
  const section = await ask('POST', `/boards/${board.id}/sections`, { name: 'Tables' })
  const pin = async (title: string, more: object, hue: number) =>
    ask('POST', '/pins', { title, media_source: await base64Source(hue), ...more })
  const table = await pin('A table', { board_id: board.id, link: 'https://alice.example/table', alt_text: 'Oak' }, 1)
  await pin('A chair', { board_id: board.id, board_section_id: section.id }, 2)
  await pin('A scarf', { board_id: secret.id, description: 'For Bob' }, 3)
  const items = await Promise.all([base64Source(4), base64Source(5)])
  await ask('POST', '/pins', {
    ...{ board_id: board.id, title: 'Both' },
    media_source: {
      source_type: 'multiple_image_base64',
      items: items.map(({ content_type, data }) => ({ content_type, data })),
    },
  })
  const mine = await ask('POST', '/boards', { name: 'Saved' }, people.bob.token)
  await ask('POST', `/pins/${table.id}/save`, { board_id: mine.id }, people.bob.token)
  await ask('POST', `/user_account/following/${people.alice.username}`, {}, people.bob.token)
  await ask('POST', '/_pinfold/webhooks', { url: 'https://app.example/told', events: ['pin.created'] })
}

/** Returns what a server says of such data, in the fields that every version has. */
export async function keptAnswers(ask: Ask): Promise<object> {
  const answers: Record<string, unknown> = {}
  for (const [name, { token }] of Object.entries({ alice: people.alice, bob: people.bob })) {
    const get = (path: string) => ask('GET', path, undefined, token)
    const account = await get('/user_account')
    const boards = (await get('/boards?privacy=PUBLIC_AND_SECRET')).items
    const told = []
    for (const { id, name, description, privacy, pin_count } of boards) {
      const pins = (await get(`/boards/${id}/pins`)).items
      const sections = (await get(`/boards/${id}/sections`)).items
      told.push({
        ...{ id, name, description, privacy, pin_count, sections },
        pins: pins.map((pin: Record<string, unknown>) => fieldsOf(pin)),
      })
    }
    answers[name] = {
      ...{ username: account.username, type: account.account_type, pins: account.pin_count, boards: told },
      webhooks: (await get('/_pinfold/webhooks')).items.map(({ url, events }: { url: string; events: string[] }) => ({
        ...{ url, events },
      })),
      found: (await get('/search/pins?query=table')).items.map(({ id }: { id: string }) => id),
      following: (await get('/user_account/following')).items.map(({ username }: { username: string }) => username),
    }
  }
  return answers
}

const kept = ['id', 'title', 'description', 'link', 'alt_text', 'creative_type', 'board_section_id', 'created_at']

const fieldsOf = (pin: Record<string, unknown>): object => Object.fromEntries(kept.map((name) => [name, pin[name]]))
