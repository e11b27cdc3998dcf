import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const withoutSecrets = 'pina_without_secrets_0000000'

describe.each(databases)('Pins by where they lead, on $name', ({ open }) => {
  let server: TestServer
  let shop: string
  beforeAll(async () => {
    const { discard, ...database } = await open()
    const scopes = allScopesBut('boards:read_secret', 'pins:read_secret')
    server = await startTestServer({ ...database, tokens: [{ text: withoutSecrets, scopes }] })
    shop = (await server.post('/boards', { name: 'Shop' })).body.id
    await pin(shop, 'Cup', 'https://www.example.com/cup')
    await pin(shop, 'Jug', 'HTTP://EXAMPLE.COM:8080/jug?a=1')
    await pin(shop, 'Blog', 'https://blog.example.com/')
    await pin(shop, 'Kiln', 'https://kiln.example/')
    await pin(shop, 'Bücher', 'https://bücher.example/')
    await pin(shop, 'Nowhere', null)
    return async () => {
      await server.close()
      await discard()
    }
  })

  const pin = async (board_id: string, title: string, link: string | null): Promise<string> => {
    const { status, body } = await server.post('/pins', { board_id, title, link, media_source: await base64Source() })
    expect(status).toBe(201)
    return body.id
  }
  const titles = async (query: string, options = {}): Promise<string[]> => {
    const { status, body } = await server.get(`/pins?${query}`, options)
    expect(status).toBe(200)
    return body.items.map(({ title }: { title: string }) => title)
  }

  test.each([
    ['domain=example.com', ['Jug', 'Cup']],
    ['domain=WWW.Example.com', ['Jug', 'Cup']],
    ['domain=blog.example.com', ['Blog']],
    ['domain=b%C3%BCcher.example', ['Bücher']],
    ['domain=nobody.example', []],
    ['domains=kiln.example,example.com', ['Kiln', 'Jug', 'Cup']],
    ['domains=example.com,www.example.com', ['Jug', 'Cup']],
    ['domain=example.com&domains=kiln.example', ['Kiln', 'Jug', 'Cup']],
    ['domain=example.com&creative_types=REGULAR,CAROUSEL', ['Jug', 'Cup']],
    ['domain=example.com&creative_types=VIDEO', []],
    ['domain=example.com&pin_filter=exclude_native', []],
  ])('are listed newest first: %s', async (query, wanted) => expect(await titles(query)).toEqual(wanted))

  test.each([
    ['domain=https://example.com/cup', "'domain': 'https://example.com/cup'"],
    ['domain=example.com/cup', "'domain': 'example.com/cup'"],
    ['domain=', "'domain': ''"],
    ['domains=example.com,a%20b', "'domains': 'a b'"],
    [`domains=${Array.from({ length: 101 }, (_, i) => `h${i}.example`)}`, 'domains'],
  ])('need the name of a host: %s', async (query, says) => {
    const { status, body } = await server.get(`/pins?${query}`)
    expect(status).toBe(400)
    expect(body.message).toContain(says)
  })

  test('come in pages, and a bookmark is good for the same hosts alone', async () => {
    const first = await server.get('/pins?domain=example.com&page_size=1')
    expect(first.body.items).toMatchObject([{ title: 'Jug' }])
    const bookmark = `bookmark=${first.body.bookmark}`
    expect(await titles(`domain=example.com&page_size=1&${bookmark}`)).toEqual(['Cup'])
    expect((await server.get(`/pins?domain=kiln.example&page_size=1&${bookmark}`)).status).toBe(400)
  })

  test('are found where they lead now', async () => {
    const id = await pin(shop, 'Mover', 'https://before.example/')
    await server.patch(`/pins/${id}`, { link: 'https://www.after.example/x' })
    expect([await titles('domain=before.example'), await titles('domain=after.example')]).toEqual([[], ['Mover']])
    await server.patch(`/pins/${id}`, { link: '' })
    expect(await titles('domain=after.example')).toEqual([])
    const saved = await server.post(`/pins/${await pin(shop, 'Saved', 'https://saved.example/')}/save`, {
      board_id: shop,
    })
    expect(saved.status).toBe(201)
    expect(await titles('domain=saved.example&pin_filter=exclude_native')).toEqual(['Saved'])
  })

  test('on secret boards are told only to tokens that may see them, and to nobody else', async () => {
    const { id } = (await server.post('/boards', { name: 'Plans', privacy: 'SECRET' })).body
    await pin(id, 'Plan', 'https://secret.example/')
    expect(await titles('domain=secret.example')).toEqual(['Plan'])
    expect(await titles('domain=secret.example&pin_type=PRIVATE')).toEqual(['Plan'])
    expect(await titles('domain=secret.example', { token: withoutSecrets })).toEqual([])
    expect(await titles('domain=example.com', { token: people.bob.token })).toEqual([])
  })
})
