import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestClock } from '@pinfold/server'
import {
  agents,
  countersOf,
  countsOf,
  type Entry,
  expectedAccount,
  expectedPin,
  expectedSummary,
  expectedTop,
  type ModelPin,
  queryText,
  type SentEvent,
} from '@pinfold/test-support/analytics-model'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { uploaded } from '@pinfold/test-support/uploads'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'

// The server's counts are compared with a brute-force recount of every event: whatever is sent, in whatever order and
// however often, and whatever happens to the server and the Pins in between.

/** The number of stories; more with `PINFOLD_MODEL_RUNS=200 npx vitest run analytics-model`. */
const runs = Number(process.env.PINFOLD_MODEL_RUNS ?? 6)

const now = Date.UTC(2026, 2, 14, 9, 26, 53)
const dayMs = 86_400_000
const minute = 60_000

/** A token of Alice's that sees no secret Pins. */
const withoutSecret = { text: 'pina_without_secret_0000000000', scopes: allScopesBut('pins:read_secret') }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-model-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** Times that are close together, close to midnight, and far away. */
const age = fc.oneof(
  fc.integer({ min: 0, max: 3 * 60 * minute }),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 2 })).map(([days, minutes]) => {
    const midnight = 9 * 60 * minute + 26 * minute + 53_000
    return Math.max(0, midnight + days * dayMs + minutes * minute)
  }),
  fc.integer({ min: 0, max: 89 * dayMs }),
)
const zone = fc.constantFrom(0, 60, -60, 330, -570, 840)

const anEvent = fc.record({
  pin: fc.nat(4),
  type: fc.constantFrom(
    'impression',
    'impression',
    'impression',
    'pin_click',
    'outbound_click',
    'video_start',
    'video_progress',
    'profile_visit',
    'comment',
    'reaction',
  ),
  age,
  zone,
  viewer: fc.nat(5),
  agent: fc.nat(agents.length - 1),
  watched: fc.tuple(fc.nat(25_000), fc.nat(25_000)),
})

const aStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ send: fc.array(anEvent, { minLength: 1, maxLength: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ again: fc.nat(50), also: fc.array(anEvent, { maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ save: fc.nat(4), agent: fc.nat(agents.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ link: fc.nat(4), isClaimed: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      history: fc.nat(3),
      age,
      app: fc.constantFrom('MOBILE', 'TABLET', 'WEB'),
      metric: fc.constantFrom('IMPRESSION', 'SAVE', 'PIN_CLICK', 'VIDEO_START', 'VIDEO_V50_WATCH_TIME'),
      value: fc.nat(2000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ boardOf: fc.nat(3), isSecret: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ move: fc.nat(3), toBoardOf: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ restart: true as const }) },
)

const aRange = fc.tuple(fc.nat(90), fc.nat(90)).map(([a, b]) => ({
  first: Math.floor(now / dayMs) - Math.max(a, b),
  last: Math.floor(now / dayMs) - Math.min(a, b),
}))
const app = fc.constantFrom('ALL', 'MOBILE', 'TABLET', 'WEB')
const aQuery = fc.record({
  range: aRange,
  app,
  content: fc.constantFrom('BOTH', 'BOTH', 'CLAIMED', 'OTHER'),
  format: fc.constantFrom('ALL', 'ALL', 'ORGANIC_IMAGE', 'ORGANIC_VIDEO'),
  split: fc.constantFrom('NO_SPLIT', 'APP_TYPE', 'OWNED_CONTENT', 'SOURCE', 'PIN_FORMAT'),
  sort: fc.constantFrom('ENGAGEMENT', 'IMPRESSION', 'OUTBOUND_CLICK', 'PIN_CLICK', 'SAVE'),
  videoSort: fc.constantFrom('IMPRESSION', 'SAVE', 'VIDEO_MRC_VIEW', 'VIDEO_AVG_WATCH_TIME', 'VIDEO_START'),
  count: fc.constantFrom(1, 2, 10),
})

test(
  `every answer is what a recount of all events gives (${runs} stories)`,
  async () => {
    let story = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(aStep, { minLength: 3, maxLength: 14 }),
        fc.array(aQuery, { minLength: 8, maxLength: 8 }),
        async (steps, queries) => {
          const dataDir = join(folder, String(story++))
          let server = await open(dataDir)
          const pins = await makePins(server)
          const entries: Entry[] = []
          const known = new Map<string, SentEvent>()
          const impressions = new Set<string>()
          for (const step of steps) {
            // Whatever is requested in between, later answers show the state at their time.
            for (const query of queries.slice(0, 2))
              for (const pin of pins.slice(0, 2)) await server.get(`/pins/${pin.id}/analytics?${queryText.pin(query)}`)
            if ('restart' in step) {
              await server.close()
              await expectSound(dataDir)
              server = await open(dataDir)
            } else if ('save' in step) {
              const pin = pins[step.save]
              if (!pin || pin.isGone || pin.board.isSecret || pin.owner === 'bob') continue
              const agent = agents[step.agent]
              const headers = { 'user-agent': agent?.text ?? '' }
              const saved = await server.post(`/pins/${pin.id}/save`, {}, { token: people.bob.token, headers })
              expect(saved.status).toBe(201)
              entries.push({ pin: pin.id, day: Math.floor(now / dayMs), app: agent?.app ?? 'WEB', add: { saves: 1 } })
            } else if ('link' in step) {
              const pin = pins[step.link]
              if (!pin || pin.isGone || pin.owner === 'bob') continue
              pin.isClaimed = step.isClaimed
              const link = step.isClaimed ? 'https://shop.alice.example/x' : 'https://other.example/'
              expect((await server.patch(`/pins/${pin.id}`, { link })).status).toBe(200)
            } else if ('remove' in step) {
              const pin = pins[step.remove]
              if (!pin || pin.isGone || pin.owner === 'bob') continue
              pin.isGone = true
              expect((await server.delete(`/pins/${pin.id}`)).status).toBe(204)
            } else if ('boardOf' in step) {
              const board = pins[step.boardOf]?.board
              if (!board) continue
              board.isSecret = step.isSecret
              const privacy = step.isSecret ? 'SECRET' : 'PUBLIC'
              expect((await server.patch(`/boards/${board.id}`, { privacy })).status).toBe(200)
            } else if ('move' in step) {
              const [pin, other] = [pins[step.move], pins[step.toBoardOf]]
              if (!pin || !other || pin.isGone) continue
              pin.board = other.board
              expect((await server.patch(`/pins/${pin.id}`, { board_id: other.board.id })).status).toBe(200)
            } else if ('history' in step) {
              const pin = pins[step.history]
              if (!pin || pin.isGone || pin.owner === 'bob') continue
              const day = Math.floor((now - step.age) / dayMs)
              const row = {
                date: new Date(day * dayMs).toISOString(),
                pin_id: pin.id,
                metric: step.metric,
                value: step.value,
                app_type: step.app,
              }
              const loaded = await server.post('/_pinfold/analytics/history', { rows: [row] })
              expect(loaded.body).toEqual({ loaded: 1, errors: [] })
              entries.push({ pin: pin.id, day, app: step.app, set: { [countersOf[step.metric] ?? '']: step.value } })
            } else {
              const given = 'send' in step ? step.send : step.also
              const events: SentEvent[] = given.map((each, i) => {
                const pin = pins[each.pin]?.id ?? ''
                const at = now - each.age
                const [from, to] = [Math.min(...each.watched), Math.max(...each.watched)]
                const local = new Date(at + each.zone * minute).toISOString().slice(0, -1)
                const sign = each.zone < 0 ? '-' : '+'
                const offset = new Date(Math.abs(each.zone) * minute).toISOString().slice(11, 16)
                return {
                  id: `${story} ${known.size} ${i}`,
                  type: each.type,
                  pin_id: pin,
                  at: `${local}${sign}${offset}`,
                  viewer: `viewer ${each.viewer}`,
                  user_agent: agents[each.agent]?.text ?? '',
                  ...(each.type === 'video_progress' && {
                    watched_from_ms: from,
                    watched_to_ms: to,
                    duration_ms: 20_000,
                  }),
                }
              })
              if ('again' in step) {
                const before = [...known.values()]
                events.push(...before.slice(step.again, step.again + 10).toReversed())
              }
              for (const sent of events) {
                if (known.has(sent.id)) continue
                const pin = pins.find(({ id }) => id === sent.pin_id)
                const agent = agents.find(({ text }) => text === sent.user_agent)
                // Events that cannot count are not recorded either.
                if (!pin || pin.isGone || pin.board.isSecret || agent?.isCrawler) continue
                known.set(sent.id, sent)
                const at = Date.parse(sent.at)
                const day = Math.floor(at / dayMs)
                const place = { pin: pin.id, day, app: agent?.app ?? 'WEB' }
                const halfHour = `${sent.viewer} ${pin.id} ${Math.floor(at / (30 * minute))}`
                if (sent.type === 'impression') {
                  if (impressions.has(halfHour)) continue
                  impressions.add(halfHour)
                }
                entries.push({ ...place, add: countsOf(sent) })
              }
              if (events.length > 0) {
                const answer = await server.post('/_pinfold/events', { events }, { token: null })
                expect(answer.status, answer.text).toBe(200)
              }
            }
          }

          const live = pins.filter((pin) => !pin.isGone)
          const mine = live.filter((pin) => pin.owner === 'alice')
          for (const query of queries) {
            for (const pin of mine) {
              const path = `/pins/${pin.id}/analytics?${queryText.pin(query)}`
              expect((await server.get(path)).body).toEqual(expectedPin(entries, pin, query, now))
            }
            if (mine.length > 0) {
              const many = await server.get(`/pins/analytics?${queryText.many(query, mine)}`)
              const expected = mine.map((pin) => [
                pin.id,
                expectedPin(entries, pin, { ...query, split: 'NO_SPLIT' }, now),
              ])
              expect(many.body).toEqual(Object.fromEntries(expected))
            }
            for (const [token, seen] of [
              [people.alice.token, mine],
              [withoutSecret.text, mine.filter((pin) => !pin.board.isSecret)],
            ] as const) {
              const account = await server.get(`/user_account/analytics?${queryText.account(query)}`, { token })
              expect(account.body).toEqual(expectedAccount(entries, seen, query, now))
              for (const operation of ['top_pins', 'top_video_pins'] as const) {
                const path = `/user_account/analytics/${operation}?${queryText[operation](query)}`
                const top = await server.get(path, { token })
                expect(top.body).toEqual(expectedTop(entries, seen, query, operation, now))
              }
            }
          }
          for (const pin of mine) {
            const { body } = await server.get(`/pins/${pin.id}?pin_metrics=true`)
            expect(body.pin_metrics).toEqual(expectedSummary(entries, pin, now))
          }
          await server.close()
          await expectSound(dataDir)
        },
      ),
      { numRuns: runs },
    )
  },
  onThisMachine(60_000 + runs * 5000),
)

function open(dataDir: string): Promise<TestServer> {
  return startTestServer({
    ...{ ephemeral: false, dataDir, clock: new TestClock(now), ffmpeg: false },
    tokens: [withoutSecret],
  })
}

/** Two of Alice's that lead to her website (the second is of a video), one elsewhere, a secret one, and one of Bob's. */
async function makePins(server: TestServer): Promise<ModelPin[]> {
  const picture = await base64Source(3)
  const { content_type, data } = picture
  const cover = { cover_image_content_type: content_type, cover_image_data: data }
  const video = { source_type: 'video_id', media_id: (await uploaded(server)).id, ...cover }
  const make = async (
    owner: 'alice' | 'bob',
    privacy: string,
    link: string | null,
    source: object = picture,
  ): Promise<ModelPin> => {
    const { token } = people[owner]
    const board = (await server.post('/boards', { name: randomUUID(), privacy }, { token })).body.id
    const { body } = await server.post('/pins', { board_id: board, media_source: source, link }, { token })
    const isClaimed = link === 'https://alice.example/'
    const isVideo = source === video
    return {
      id: body.id,
      owner,
      board: { id: board, isSecret: privacy === 'SECRET' },
      isClaimed,
      isVideo,
      isGone: false,
    }
  }
  return [
    await make('alice', 'PUBLIC', 'https://alice.example/'),
    await make('alice', 'PUBLIC', 'https://alice.example/', video),
    await make('alice', 'PUBLIC', null),
    await make('alice', 'SECRET', null),
    await make('bob', 'PUBLIC', null),
  ]
}
