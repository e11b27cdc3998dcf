import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  agents,
  countsOf,
  type Entry,
  expectedAccount,
  expectedPin,
  expectedTop,
  type ModelPin,
  type Query,
  queryText,
  type SentEvent,
} from '@pinfold/test-support/analytics-model'
import { pinfold } from '@pinfold/test-support/command'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { expectSound } from '@pinfold/test-support/soundness'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** How often the server is killed; more with `PINFOLD_CRASH_KILLS=50 npx vitest run analytics-crash`. */
const kills = Math.ceil(Number(process.env.PINFOLD_CRASH_KILLS ?? 2) / 2)
/** How many senders send at the same time. */
const senders = 4
const token = 'pina_crash_0000000000000000'
const dayMs = 86_400_000
const halfHourMs = 30 * 60_000

test(
  `after each of ${kills} kills, every event that was acknowledged counts once, and every other once it is sent again`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-counted-'))
    const dataDir = join(folder, 'data')
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(onePerson))
    const start = () => pinfold(['serve', '--port', '0', '--data', dataDir, '--seed', seed, '--rate-limits', 'off'])

    let server = start()
    let url = await server.ready()
    const pins = [await newPin(url, 'https://alice.example/'), await newPin(url, null)]
    const noon = Math.floor(Date.now() / dayMs) * dayMs - dayMs / 2
    const sent = new Map<string, SentEvent>()
    const waiting: SentEvent[][] = []

    /** Sends batches until the server is gone. A batch without an answer is sent again by the next server's senders. */
    async function work(onAnswer: () => void): Promise<void> {
      for (;;) {
        const batch = waiting.shift() ?? newBatch()
        for (const event of batch) sent.set(event.id, event)
        try {
          const response = await fetch(`${url}/_pinfold/events`, post({ events: batch }))
          expect(response.status, await response.text()).toBe(200)
        } catch (error) {
          if (!(error instanceof TypeError)) throw error
          waiting.push(batch)
          return
        }
        onAnswer()
      }
    }

    /** Returns events of yesterday and the weeks before, some of which were sent before. */
    function newBatch(): SentEvent[] {
      const fresh = fc.sample(anEvent, 40).map(({ pin, type, age, viewer, watched }, i): SentEvent => {
        const [from, to] = [Math.min(...watched), Math.max(...watched)]
        return {
          id: `${sent.size} ${i} ${Math.random()}`,
          type,
          pin_id: pins[pin]?.id ?? '',
          at: new Date(noon - age).toISOString(),
          viewer: `viewer ${viewer}`,
          // Of impressions in the same half hour only one counts, whichever arrives first: they are of the same device.
          user_agent: agents[viewer % agents.length]?.text ?? '',
          ...(type === 'video_progress' && { watched_from_ms: from, watched_to_ms: to, duration_ms: 20_000 }),
        }
      })
      return [...fresh, ...[...sent.values()].slice(-5)]
    }

    for (let kill = 0; kill < kills; kill++) {
      const enough = 5 + Math.floor(Math.random() * 40)
      let answered = 0
      const running = server
      await Promise.all(
        Array.from({ length: senders }, () =>
          work(() => {
            if (++answered === enough) running.child.kill('SIGKILL')
          }),
        ),
      )
      await running.ended
      expect(waiting.length).toBeGreaterThan(0)
      server = start()
      url = await server.ready()
      await expectSound(dataDir)
    }
    for (const batch of waiting.splice(0))
      expect((await fetch(`${url}/_pinfold/events`, post({ events: batch }))).status).toBe(200)

    const entries = entriesOf([...sent.values()])
    expect(entries.length).toBeGreaterThan(100)
    const get = async (path: string) =>
      (await fetch(`${url}/v5${path}`, { headers: { authorization: `Bearer ${token}` } })).json()
    const now = Date.now()
    const last = Math.floor(now / dayMs) - 1
    const query: Query = {
      range: { first: last - 85, last },
      app: 'ALL',
      content: 'BOTH',
      format: 'ALL',
      split: 'APP_TYPE',
      sort: 'ENGAGEMENT',
      videoSort: 'SAVE',
      count: 10,
    }
    for (const pin of pins)
      expect(await get(`/pins/${pin.id}/analytics?${queryText.pin(query)}`)).toEqual(
        expectedPin(entries, pin, query, now),
      )
    expect(await get(`/user_account/analytics?${queryText.account(query)}`)).toEqual(
      expectedAccount(entries, pins, query, now),
    )
    expect(await get(`/user_account/analytics/top_pins?${queryText.top_pins(query)}`)).toEqual(
      expectedTop(entries, pins, query, 'top_pins', now),
    )
    await server.kill('SIGTERM')
    await expectSound(dataDir)
    await rm(folder, { recursive: true, force: true })
  },
  onThisMachine(60_000 + kills * 10_000),
)

const anEvent = fc.record({
  pin: fc.nat(1),
  type: fc.constantFrom('impression', 'pin_click', 'outbound_click', 'video_start', 'video_progress', 'comment'),
  age: fc.oneof(fc.nat(2 * halfHourMs), fc.nat(80 * dayMs)),
  viewer: fc.nat(8),
  watched: fc.tuple(fc.nat(25_000), fc.nat(25_000)),
})

/** Returns the counts of everything that was sent. */
function entriesOf(sent: readonly SentEvent[]): Entry[] {
  const seen = new Set<string>()
  return sent.flatMap((event): Entry[] => {
    const agent = agents.find(({ text }) => text === event.user_agent)
    const at = Date.parse(event.at)
    const key = `${event.viewer} ${event.pin_id} ${Math.floor(at / halfHourMs)}`
    if (agent?.isCrawler || (event.type === 'impression' && seen.has(key))) return []
    if (event.type === 'impression') seen.add(key)
    return [{ pin: event.pin_id, day: Math.floor(at / dayMs), app: agent?.app ?? 'WEB', add: countsOf(event) }]
  })
}

const onePerson = {
  accounts: [{ username: 'alice', password: 'alice-password', website_url: 'https://alice.example' }],
  apps: [{ id: '1001', secret: 'alice-app-secret-0001', name: 'App', owner: 'alice' }],
  tokens: [{ app: '1001', account: 'alice', access_token: token }],
}

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify(body),
})

async function newPin(url: string, link: string | null): Promise<ModelPin> {
  const made = async (path: string, body: object): Promise<{ id: string }> =>
    (await (await fetch(`${url}/v5${path}`, post(body))).json()) as { id: string }
  const board = await made('/boards', { name: `Leads to ${link}` })
  const { id } = await made('/pins', { board_id: board.id, link, media_source: await base64Source(3) })
  return {
    id,
    owner: 'alice',
    board: { id: '', isSecret: false },
    isClaimed: link !== null,
    isVideo: false,
    isGone: false,
  }
}
