import { databases } from '@pinfold/test-support/databases'
import { allScopesBut, people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const withoutRead = 'pina_no_users_read_000000000'
const withoutAds = 'pina_no_ads_write_0000000000'

describe.each(databases)('on $name', ({ open }) => {
  let server: TestServer
  beforeAll(async () => {
    const { discard, ...database } = await open()
    const tokens = [
      { text: withoutRead, scopes: allScopesBut('user_accounts:read') },
      { text: withoutAds, scopes: allScopesBut('ads:write') },
    ]
    server = await startTestServer({ ...database, tokens })
    return discard
  })

  describe('notifications', () => {
    test.each([[{}], [{ event: 'shipped', order: { id: 1 } }], [[{ a: 1 }, { b: 2 }]], [Array(100).fill({})]])(
      'are taken: %j',
      async (body) => {
        const answer = await server.post('/notifications', body)
        expect([answer.status, answer.body]).toEqual([
          200,
          { success: true, received_at: Math.floor(server.clock.now() / 1000) },
        ])
      },
    )

    test.each([['text'], [[]], [[1]], [Array(101).fill({})], [null]])('are refused: %j', async (body) => {
      const { status, body: answer } = await server.post('/notifications', body)
      expect([status, answer.code]).toEqual([400, 6126])
    })

    test('need the scope', async () => {
      expect((await server.post('/notifications', {}, { token: withoutRead })).status).toBe(401)
    })
  })

  describe('a conversion token', () => {
    const make = async () => (await server.post('/oauth/conversion_token')).body.access_token as string
    const revoke = (token: string) => {
      const authorization = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`
      return server.request('POST', '/oauth/token/revoke', { token: null, form: { token }, headers: { authorization } })
    }

    test('is another one each time, and opens nothing that is served', async () => {
      const answer = await server.post('/oauth/conversion_token')
      expect([answer.status, answer.body]).toEqual([
        200,
        { access_token: expect.stringMatching(/^pina_/), token_type: 'conversion' },
      ])
      const token = answer.body.access_token
      expect(await make()).not.toBe(token)
      for (const path of ['/user_account', '/boards', '/pins'])
        expect((await server.get(path, { token })).status).toBe(401)
      expect((await server.post('/oauth/conversion_token', undefined, { token })).status).toBe(401)
    })

    test('cannot be used to get others, and can be revoked', async () => {
      const token = await make()
      const authorization = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`
      const form = { grant_type: 'refresh_token', refresh_token: token }
      const refreshed = await server.request('POST', '/oauth/token', { token: null, form, headers: { authorization } })
      expect(refreshed.status).toBe(401)
      expect((await revoke(token)).status).toBe(200)
    })

    test('needs the scope, and leaves the token that asked as it is', async () => {
      expect((await server.post('/oauth/conversion_token', undefined, { token: withoutAds })).status).toBe(401)
      for (let i = 0; i < 12; i++) await make()
      expect((await server.get('/user_account')).body.username).toBe(people.alice.username)
    })
  })
})
