import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
const withoutAds = 'pina_without_ads_00000000000'

describe.each(databases)('terms on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [{ text: withoutAds, scopes: allScopesBut('ads:read') }],
    })
    for (const [name, privacy] of [
      ['Ceramics', 'PUBLIC'],
      ['Guarded', 'PROTECTED'],
      ['Plans', 'SECRET'],
    ] as const)
      boards[name] = (await server.post('/boards', { name, privacy })).body.id
    await pin('Ceramics', { title: 'Salt-glazed cup', description: 'A cup with a handle' })
    await pin('Ceramics', { title: 'Salt-glazed cup and saucer' })
    await pin('Ceramics', { title: 'Cupboard', alt_text: 'Oak, with a handle' })
    await pin('Plans', { title: 'Cup of the secret kiln', description: 'cupola' })
    await pin('Guarded', { title: 'Cup behind a fence' })
    return async () => {
      await server.close()
      await discard()
    }
  })

  const pin = async (board: string, words: object): Promise<string> => {
    const { body, status } = await server.post('/pins', {
      board_id: boards[board],
      ...words,
      media_source: await base64Source(),
    })
    expect(status).toBe(201)
    return body.id
  }
  const related = async (terms: string, options = {}) => {
    const { body, status } = await server.get(`/terms/related?terms=${encodeURIComponent(terms)}`, options)
    expect(status).toBe(200)
    return body
  }
  const suggested = async (term: string, more = '', options = {}) =>
    (await server.get(`/terms/suggested?term=${encodeURIComponent(term)}${more}`, options)).body

  test('relates what stands together in public Pins, the most frequent first', async () => {
    expect(await related('Cup,handle,nowhere')).toEqual({
      id: 'Cup',
      related_term_count: 9,
      related_terms_list: [
        { term: 'Cup', related_terms: ['salt', 'glazed', 'handle', 'saucer'] },
        { term: 'handle', related_terms: ['cup', 'oak', 'salt', 'glazed', 'cupboard'] },
        { term: 'nowhere', related_terms: [] },
      ],
    })
  })

  test('relates terms of several words to what stands with all of them', async () => {
    const { related_terms_list } = await related('salt cup')
    expect(related_terms_list).toEqual([{ term: 'salt cup', related_terms: ['glazed', 'handle', 'saucer'] }])
  })

  test('suggests how a term goes on, the most frequent first', async () => {
    expect(await suggested('cu')).toEqual(['cup', 'cupboard', 'cup and saucer'])
    expect(await suggested('SALT')).toEqual(['salt', 'salt glazed', 'salt glazed cup'])
    expect(await suggested('salt gl', '&limit=1')).toEqual(['salt glazed'])
    expect(await suggested('cup ', '&limit=10')).toEqual(['cup and saucer'])
    expect(await suggested('!?')).toEqual([])
  })

  test('tells others the same, and nobody of Pins that are not public', async () => {
    const answers = [await suggested('cup'), await related('cup'), await related('kiln,fence')]
    expect([await suggested('cup', '', bob), await related('cup', bob), await related('kiln,fence', bob)]).toEqual(
      answers,
    )
    expect(JSON.stringify(answers)).not.toMatch(/secret|cupola|behind/)
    expect(answers[2]).toMatchObject({ related_term_count: 0 })
  })

  test('forgets what was deleted or hidden', async () => {
    const moonjar = await pin('Ceramics', { title: 'Moonjar' })
    expect(await suggested('moon')).toEqual(['moonjar'])
    await server.patch(`/pins/${moonjar}`, { board_id: boards.Plans })
    expect(await suggested('moon')).toEqual([])
  })

  test('needs ads:read', async () => {
    for (const path of ['/terms/related?terms=cup', '/terms/suggested?term=cup'])
      expect(await server.get(path, { token: withoutAds })).toMatchObject({ status: 401, body: { code: 3 } })
  })

  test.each([
    ['/terms/related', "lacks 'terms'"],
    ['/terms/related?terms=', 'minItems=1'],
    [`/terms/related?terms=${'a,'.repeat(11)}`, 'maxItems=10'],
    ['/terms/suggested', "lacks 'term'"],
    ['/terms/suggested?term=', 'minLength=1'],
    ['/terms/suggested?term=a&limit=11', 'maximum=10'],
    ['/terms/suggested?term=a&limit=0', 'minimum=1'],
  ])('refuses %s', async (path, why) => {
    const { status, body } = await server.get(path)
    expect(status).toBe(400)
    expect(body).toEqual({ code: 400, message: expect.stringMatching(new RegExp(`^Invalid terms .*${why}`)) })
  })
})
