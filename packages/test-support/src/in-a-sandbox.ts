import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'

// What one of several test processes does at the same time as the others: an unchanged client, which knows an address and a
// token. It prints what it has made, waits for a line, and prints all that it sees.

const { PINTEREST_API_URI: url = '', PINTEREST_ACCESS_TOKEN: token = '', PINFOLD_USERNAME: username = '' } = process.env
const { PINTEREST_APP_ID: appId = '', PINTEREST_APP_SECRET: appSecret = '' } = process.env
const number = Number(process.argv[2])
const picture = process.argv[3] ?? ''
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at by the test that runs this
type Json = any

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const answer = await fetch(url + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}

const say = (value: unknown) => console.log(JSON.stringify(value))
const names = (items: Json[]) => items.map((item) => item.name ?? item.title).toSorted()

const boards: Json[] = []
const pins: Json[] = []
for (let i = 0; i < number; i++) {
  boards.push((await send('POST', '/v5/boards', { name: `Board ${i} of ${number}` })).body)
  const media_source = { source_type: 'image_base64', content_type: 'image/jpeg', data: picture }
  pins.push(
    (await send('POST', '/v5/pins', { board_id: boards[i].id, title: `Teapot ${i} of ${number}`, media_source })).body,
  )
}
const { now } = (await send('GET', '/_pinfold/clock')).body
const events = pins.flatMap(({ id }) =>
  Array.from({ length: number }, () => ({
    id: randomUUID(),
    type: 'impression',
    pin_id: id,
    at: now,
    viewer: randomUUID(),
  })),
)
await send('POST', '/_pinfold/events', { events })
await send('POST', '/_pinfold/clock/advance', { by: `${number}d` })
await send('PATCH', `/_pinfold/apps/${appId}`, { limits: { org_write: { limit: 100 + number, window_seconds: 3600 } } })
const fault = { operation: 'boards/get', effect: 'error', error: 'unavailable', times: number }
await send('POST', '/_pinfold/faults', fault)
say({ boards: boards.map(({ id }) => id), pins: pins.map(({ id }) => id), picture: pins[0].media.images['600x'].url })
const others: Json = JSON.parse(String((await lines.next()).value))

const failed: number[] = []
for (let i = 0; i < number + 1; i++) failed.push((await send('GET', `/v5/boards/${boards[0].id}`)).status)
const foreign = []
for (const id of others.pins) foreign.push((await send('GET', `/v5/pins/${id}`)).status)
const day = now.slice(0, 10)
const analytics = await send(
  'GET',
  `/v5/user_account/analytics?start_date=${day}&end_date=${day}&metric_types=IMPRESSION&content_type=ORGANIC`,
)
const renewed = await fetch(`${url}/v5/oauth/token`, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}` },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'user_accounts:read' }),
})
const { access_token: renewedToken } = (await renewed.json()) as { access_token: string }
const account = await fetch(`${url}/v5/user_account`, { headers: { authorization: `Bearer ${renewedToken}` } })
say({
  boards: names((await send('GET', '/v5/boards?page_size=250')).body.items),
  pins: names((await send('GET', '/v5/pins?page_size=250')).body.items),
  found: names((await send('GET', '/v5/search/partner/pins?term=teapot&country_code=US&limit=50')).body.items),
  foundOwn: names((await send('GET', '/v5/search/pins?query=teapot')).body.items),
  feed: names((await send('GET', '/_pinfold/web/feed?page_size=100')).body.items),
  account: ((await account.json()) as Json).username === username && (await send('GET', '/v5/user_account')).body,
  impressions: analytics.body.all.summary_metrics.IMPRESSION,
  failed,
  faults: (await send('GET', '/_pinfold/faults')).body.items.length,
  aheadDays: Math.round((await send('GET', '/_pinfold/clock')).body.ahead_ms / 86_400_000),
  apps: (await send('GET', '/_pinfold/apps')).body.items.map(({ id }: Json) => id),
  limit: (await fetch(`${url}/v5/boards`, { method: 'POST', headers, body: '{}' })).headers.get('x-ratelimit-limit'),
  foreign,
  sandboxes: (await send('GET', '/_pinfold/sandboxes')).body.items.length,
})
process.exit(0)
