import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from '@pinfold/test-support/databases'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, startTestServer, type TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

const names = ['ann', 'ben', 'cleo', 'dan', 'eve'] as const
type Name = (typeof names)[number]
const tokenOf = (name: string) => `pina_${name}_000000000000000000000`
const as = (name: string) => ({ token: tokenOf(name) })
const withoutRead = 'pina_without_read_00000000000'
const withoutWrite = 'pina_without_write_0000000000'

/** Ben and Dan are businesses. Each account has boards A to C, and follows nothing unless `follows` says so. */
async function startWith(
  open: (typeof databases)[number]['open'],
  follows: Partial<Record<Name, object>>,
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-follows-'))
  const seed = join(folder, 'seed.json')
  const accounts = names.map((username) => ({
    username,
    account_type: username === 'ben' || username === 'dan' ? 'BUSINESS' : 'PINNER',
    boards: ['A', 'B', 'C'].map((name) => ({ name })),
    ...(follows[username] && { follows: follows[username] }),
    ...(username === 'dan' && {
      ad_account_roles: [
        { account: 'eve', role: 'ANALYST' },
        { account: 'cleo', role: 'SOS_READER' },
      ],
    }),
  }))
  const tokens = [
    ...names.map((name) => ({ app: '1001', account: name, access_token: tokenOf(name) })),
    { app: '1001', account: 'ann', access_token: withoutRead, scopes: allScopesBut('user_accounts:read') },
    { app: '1001', account: 'ann', access_token: withoutWrite, scopes: allScopesBut('user_accounts:write') },
  ]
  const app = { id: '1001', secret: 'the-app-secret-000001', name: 'App', owner: 'ann' }
  await writeFile(seed, JSON.stringify({ accounts, apps: [app], tokens }))
  const { discard, ...database } = await open()
  const server = await startTestServer({ ...database, seed })
  const close = async () => {
    await server.close()
    await discard()
    await rm(folder, { recursive: true, force: true })
  }
  return { ...server, close }
}

interface Board {
  id: string
  name: string
  owner: { username: string }
}

/** What somebody can ask of a server, as they would. */
function asking(server: TestServer) {
  /** Every item of a list, `size` at a time. */
  const all = async <T>(path: string, who: string, size = 2): Promise<T[]> => {
    const items: T[] = []
    let bookmark: string | null = ''
    do {
      const page: string = `${path.includes('?') ? '&' : '?'}page_size=${size}&bookmark=${bookmark ?? ''}`
      const { status, body } = await server.get(path + page, as(who))
      expect(status).toBe(200)
      expect(body.items.length).toBeLessThanOrEqual(size)
      items.push(...body.items)
      bookmark = body.bookmark
    } while (bookmark !== null)
    return items
  }
  const usernames = async (path: string, who: string) =>
    (await all<{ type: string; username: string }>(path, who)).map(({ type, username }) => {
      expect(type).toBe('user')
      return username
    })
  return {
    all,
    follow: (who: string, whom: string) => server.post(`/user_account/following/${whom}`, {}, as(who)),
    followers: (who: string) => usernames('/user_account/followers', who),
    following: (who: string, query = 'explicit_following=true') => usernames(`/user_account/following?${query}`, who),
    followedBoards: async (who: string) => {
      const boards = await all<Board>('/user_account/following/boards', who)
      return boards.map(({ name, owner }) => `${owner.username}/${name}`)
    },
    counts: async (who: string) => {
      const { follower_count, following_count } = (await server.get('/user_account', as(who))).body
      return [follower_count, following_count]
    },
    boardsOf: (who: string) => all<Board & { follower_count: number; privacy: string }>('/boards', who, 100),
  }
}

describe.each(databases)('follows on $name', ({ open }) => {
  let server: TestServer
  let ask: ReturnType<typeof asking>
  beforeAll(async () => {
    server = await startWith(open, {
      cleo: {
        users: ['dan'],
        boards: [
          { owner: 'dan', board: 'A' },
          { owner: 'ben', board: 'B' },
          { owner: 'eve', board: 'C' },
          { owner: 'ben', board: 'A' },
        ],
        interests: ['home_decor', 'art', 'gardening'],
      },
    })
    ask = asking(server)
    return server.close
  })

  test('somebody follows accounts, which see it, and the newest come first', async () => {
    expect(await ask.counts('ann')).toEqual([0, 0])
    for (const whom of ['ben', 'cleo', 'dan']) {
      const answer = await ask.follow('ann', whom)
      expect([answer.status, answer.body]).toEqual([200, { type: 'user', username: whom }])
    }
    await ask.follow('eve', 'ben')
    expect(await ask.following('ann')).toEqual(['dan', 'cleo', 'ben'])
    expect(await ask.followers('ben')).toEqual(['eve', 'ann'])
    expect(await ask.counts('ann')).toEqual([0, 3])
    expect(await ask.counts('ben')).toEqual([2, 0])
  })

  test('following once more is no error, and counts no more', async () => {
    await ask.follow('eve', 'ann')
    const before = [await ask.counts('eve'), await ask.counts('ann')]
    const again = await server.post('/user_account/following/ANN', { auto_follow: true }, as('eve'))
    expect([again.status, again.body]).toEqual([200, { type: 'user', username: 'ann' }])
    expect([await ask.counts('eve'), await ask.counts('ann')]).toEqual(before)
  })

  test('nobody follows themselves, nobody, or an id', async () => {
    const self = await ask.follow('ben', 'Ben')
    expect([self.status, self.body.code, self.body.message]).toEqual([400, 1, expect.stringContaining('yourself')])
    for (const unknown of ['nobody_here', '%20', 'b%C3%A9n']) {
      const answer = await ask.follow('ben', unknown)
      expect([answer.status, answer.body]).toEqual([404, { code: 30, message: 'User not found.' }])
    }
    const { id } = (await server.get('/user_account', as('ann'))).body
    expect((await ask.follow('ben', id)).status).toBe(400)
    expect((await server.post('/user_account/following/ann', { auto_follow: 'yes' }, as('ben'))).status).toBe(400)
    expect(await ask.counts('ben')).toEqual([2, 0])
  })

  test('boards are followed by themselves, and their owners then count as followed unless one asks for more', async () => {
    expect(await ask.followedBoards('cleo')).toEqual(['dan/A', 'ben/B', 'eve/C', 'ben/A'])
    expect(await ask.following('cleo', 'explicit_following=false')).toEqual(['dan', 'ben', 'eve'])
    expect(await ask.following('cleo')).toEqual(['dan'])
    expect(await ask.following('cleo', 'feed_type=CREATOR_ONLY')).toEqual(['dan', 'ben'])
    expect(await ask.following('cleo', 'feed_type=RANKED_CREATOR_ONLY&explicit_following=true')).toEqual(['dan'])
    expect(await ask.following('cleo', 'feed_type=RANKED')).toEqual(['dan', 'ben', 'eve'])
    expect((await server.get('/user_account/following?feed_type=BEST', as('cleo'))).status).toBe(400)
    expect(await ask.followers('ben')).not.toContain('cleo')
    expect((await ask.boardsOf('ben')).map(({ follower_count }) => follower_count)).toEqual([1, 1, 0])
  })

  test('interests that somebody follows are seen by all', async () => {
    const interests = await ask.all<{ id: string; key: string; name: string }>('/users/Cleo/interests/follow', 'ann')
    expect(interests.map(({ key }) => key)).toEqual(['home_decor', 'art', 'gardening'])
    expect(interests[0]).toEqual({ id: expect.stringMatching(/^\d+$/), key: 'home_decor', name: 'Home decor' })
    expect(await ask.all('/users/ann/interests/follow', 'cleo')).toEqual([])
    const unknown = await server.get('/users/nobody_here/interests/follow', as('ann'))
    expect([unknown.status, unknown.body.code]).toEqual([404, 30])
    expect((await server.get('/users/123/interests/follow', as('ann'))).status).toBe(400)
  })

  test('a board that becomes secret, or is deleted, is on nobody’s list and tells nothing', async () => {
    const [first, second] = await ask.boardsOf('ben')
    await server.patch(`/boards/${second?.id}`, { privacy: 'SECRET' }, as('ben'))
    expect(await ask.followedBoards('cleo')).toEqual(['dan/A', 'eve/C', 'ben/A'])
    expect(await ask.following('cleo', 'feed_type=ALL')).toEqual(['dan', 'eve', 'ben'])
    expect((await server.get(`/boards/${second?.id}`, as('ben'))).body.follower_count).toBe(0)
    await server.patch(`/boards/${second?.id}`, { privacy: 'PUBLIC' }, as('ben'))
    expect(await ask.followedBoards('cleo')).toEqual(['dan/A', 'eve/C', 'ben/A'])

    await server.delete(`/boards/${first?.id}`, as('ben'))
    expect(await ask.followedBoards('cleo')).toEqual(['dan/A', 'eve/C'])
    expect(await ask.following('cleo', 'feed_type=ALL')).toEqual(['dan', 'eve'])
  })

  test('a follow counts for the Pin from which the follower came to the profile last, within a day', async () => {
    const board = (await server.post('/boards', { name: 'Shown' }, as('dan'))).body.id
    const pin = async (title: string): Promise<string> => {
      const media_source = await base64Source()
      return (await server.post('/pins', { board_id: board, title, media_source }, as('dan'))).body.id
    }
    const [first, second] = [await pin('First'), await pin('Second')]
    const visit = (pin_id: string, hoursAgo: number, who: string, more = {}) => {
      const at = new Date(server.clock.now() - hoursAgo * 3_600_000).toISOString()
      const event = { id: `${pin_id} ${hoursAgo} ${who}`, type: 'profile_visit', pin_id, at, ...more }
      return server.post('/_pinfold/events', { events: [event] }, as(who))
    }
    const followsOf = async (id: string): Promise<number> => {
      const today = new Date(server.clock.now()).toISOString().slice(0, 10)
      const path = `/pins/${id}/analytics?start_date=${today}&end_date=${today}&metric_types=USER_FOLLOW`
      return (await server.get(path, as('dan'))).body.all.summary_metrics.USER_FOLLOW
    }
    const counts = async () => [await followsOf(first), await followsOf(second)]

    await visit(second, 1, 'ben')
    await visit(first, 2, 'ben')
    await ask.follow('ben', 'dan')
    expect(await counts()).toEqual([0, 1])
    await ask.follow('ben', 'dan')
    expect(await counts()).toEqual([0, 1])

    await visit(first, 25, 'eve')
    await ask.follow('eve', 'dan')
    expect(await counts()).toEqual([0, 1])
  })

  test('who has a role in an ad account sees what its owner follows, and nobody else does', async () => {
    await ask.follow('dan', 'cleo')
    const { id } = (await server.get('/ad_accounts', as('dan'))).body.items[0]
    const paths = ['/user_account/following', '/user_account/following/boards'].map(
      (path) => `${path}?ad_account_id=${id}`,
    )
    for (const path of paths) {
      const own = await server.get(path, as('dan'))
      expect((await server.get(path, as('eve'))).body).toEqual(own.body)
      for (const who of ['ann', 'cleo']) {
        const refused = await server.get(path, as(who))
        expect([refused.status, refused.body.code], `${who} ${path}`).toEqual([403, 29])
      }
    }
    expect((await server.get(paths[0] ?? '', as('eve'))).body.items).toEqual([{ type: 'user', username: 'cleo' }])
  })

  test('a token without the scope is refused, and a bookmark is of its own list alone', async () => {
    for (const path of ['followers', 'following', 'following/boards']) {
      const refused = await server.get(`/user_account/${path}`, { token: withoutRead })
      expect([refused.status, refused.body.code], path).toEqual([401, 3])
    }
    expect((await server.get('/users/cleo/interests/follow', { token: withoutRead })).status).toBe(401)
    const before = await ask.following('ann')
    expect((await server.post('/user_account/following/eve', {}, { token: withoutWrite })).status).toBe(401)
    expect(await ask.following('ann')).toEqual(before)

    const { bookmark } = (await server.get('/user_account/following?page_size=1', as('ann'))).body
    expect(bookmark).toEqual(expect.any(String))
    for (const [path, who] of [
      ['/user_account/following?', 'eve'],
      ['/user_account/following?explicit_following=true&', 'ann'],
      ['/user_account/followers?', 'ann'],
    ] as const)
      expect((await server.get(`${path}bookmark=${bookmark}`, as(who))).status, path).toBe(400)
  })
})

describe.each(databases)('on $name, whatever is followed and removed at the same time', ({ open }) => {
  let server: TestServer
  let ask: ReturnType<typeof asking>
  const others = (name: Name) => names.filter((other) => other !== name)
  /** Every account follows boards A and B of the next one, and B and C of the one after that. */
  const boardsFollowedBy = (name: Name) => {
    const at = names.indexOf(name)
    const next = (steps: number) => names[(at + steps) % names.length]
    return ['A', 'B'].map((board) => ({ owner: next(1), board })).concat({ owner: next(2), board: 'B' })
  }
  beforeAll(async () => {
    server = await startWith(
      open,
      Object.fromEntries(
        names.map((name) => [name, { boards: boardsFollowedBy(name), users: others(name).slice(0, 1) }]),
      ),
    )
    ask = asking(server)
    return server.close
  })

  const name = fc.constantFrom(...names)
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('follow' as const), who: name, whom: name }) },
    fc.record({ kind: fc.constantFrom('SECRET' as const, 'PUBLIC' as const), who: name, board: fc.nat(2) }),
    fc.record({ kind: fc.constant('delete' as const), who: name, board: fc.nat(2) }),
  )

  test(
    'every count is that of a list',
    async () => {
      const carryOut = async (given: typeof step extends fc.Arbitrary<infer Step> ? Step : never) => {
        if (given.kind === 'follow') {
          const { status } = await ask.follow(given.who, given.whom)
          return expect(status).toBe(given.who === given.whom ? 400 : 200)
        }
        const board = (await ask.boardsOf(given.who))[given.board]
        if (!board) return
        const { kind, who } = given
        const { status } =
          kind === 'delete'
            ? await server.delete(`/boards/${board.id}`, as(who))
            : await server.patch(`/boards/${board.id}`, { privacy: kind }, as(who))
        // Somebody else may have deleted it meanwhile.
        expect([200, 204, 404]).toContain(status)
      }
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          await Promise.all(steps.map(carryOut))
          await expectCountsAgree()
        }),
        { numRuns: 8, endOnFailure: true },
      )
    },
    onThisMachine(60_000),
  )

  async function expectCountsAgree(): Promise<void> {
    const following = new Map<string, string[]>()
    const followedBoards: string[] = []
    for (const who of names) {
      following.set(who, await ask.following(who))
      const boards = await ask.followedBoards(who)
      expect(new Set(boards).size).toBe(boards.length)
      followedBoards.push(...boards)
      const accounts = await ask.following(who, 'explicit_following=false')
      const expected = new Set([...(following.get(who) ?? []), ...boards.map((board) => board.split('/')[0])])
      expect(accounts.toSorted()).toEqual([...expected].toSorted())
    }
    for (const who of names) {
      const followers = names.filter((other) => following.get(other)?.includes(who))
      expect((await ask.followers(who)).toSorted()).toEqual(followers.toSorted())
      expect(await ask.counts(who)).toEqual([followers.length, following.get(who)?.length])
      for (const { name: board, follower_count, privacy } of await ask.boardsOf(who)) {
        const count = followedBoards.filter((each) => each === `${who}/${board}`).length
        expect([board, follower_count]).toEqual([board, count])
        if (privacy === 'SECRET') expect(count).toBe(0)
      }
    }
  }
})
