import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { databases } from '@pinfold/test-support/databases'
import { startDns } from '@pinfold/test-support/dns'
import { picture } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { metaContents } from '../src/domains/websites/meta-tags.ts'

const withoutRead = 'pina_no_users_read_000000000'
const withoutWrite = 'pina_no_users_write_00000000'
const path = '/user_account/websites'

/** What the website answers, by path; what is not here is a 404. */
const pages = new Map<string, string>()
let site: Server
let host: string
let dns: Awaited<ReturnType<typeof startDns>>
beforeAll(async () => {
  site = createServer((request, response) => {
    const page = pages.get(request.url ?? '')
    if (page?.startsWith('http')) return response.writeHead(302, { location: page }).end()
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(page)
  })
  await once(site.listen(0, '127.0.0.1'), 'listening')
  const address = site.address()
  host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  dns = await startDns()
  return async () => {
    site.close()
    await dns.close()
  }
})

const pageWith = (code: string) => `<html><head><meta content='${code}' NAME="p:domain_verify"></head><body>Shop</body>`
const codesOf = async (server: TestServer, token: string = people.alice.token) =>
  (await server.get(`${path}/verification`, { token })).body
const names = async (server: TestServer, token: string = people.alice.token) =>
  (await server.get(path, { token })).body.items.map(({ website }: { website: string }) => website)

describe.each(databases)('websites on $name', ({ open }) => {
  let server: TestServer
  beforeAll(async () => {
    const { discard, ...database } = await open()
    const tokens = [
      { text: withoutRead, scopes: allScopesBut('user_accounts:read') },
      { text: withoutWrite, scopes: allScopesBut('user_accounts:write') },
    ]
    server = await startTestServer({ ...database, tokens, dnsServers: [dns.address] })
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('the code is the same each time, and another for each account', async () => {
    const codes = await codesOf(server)
    const { verification_code: code } = codes
    expect(code).toMatch(/^[0-9a-f]{32}$/)
    expect(codes).toMatchObject({
      metatag: `<meta name="p:domain_verify" content="${code}"/>`,
      dns_txt_record: `pinterest-site-verification=${code}`,
      filename: `pinterest-${code.slice(0, 5)}.html`,
      file_content: expect.stringContaining(code),
    })
    expect(await codesOf(server)).toEqual(codes)
    expect((await codesOf(server, people.bob.token)).verification_code).not.toBe(code)
  })

  test('a shop is claimed by the tag in its page, listed, and given up', async () => {
    const { verification_code: code } = await codesOf(server)
    const website = `${host}/shop`
    pages.delete('/shop')
    const missing = await server.post(path, { website })
    expect([missing.status, missing.body.code]).toEqual([400, 1])
    expect(missing.body.message).toContain(`http://${website} could not be read: It answered with status 404.`)
    pages.set('/shop', pageWith('somebody else'))
    const wrong = await server.post(path, { website })
    expect(wrong.body.message).toContain(`content="${code}"/> is not in http://${website}.`)
    expect(await names(server)).toEqual(['alice.example'])

    pages.set('/shop', `http://${host}/moved`)
    pages.set('/moved', pageWith(code))
    const claimed = await server.post(path, { website: `http://${website}/` })
    expect([claimed.status, claimed.body]).toEqual([200, expect.objectContaining({ website, status: 'success' })])
    pages.delete('/moved')
    const again = await server.post(path, { website })
    expect(again.body).toMatchObject({ website, status: 'already_verified_by_user' })

    const first = (await server.get(`${path}?page_size=1`)).body
    expect(first.items).toEqual([{ website, status: 'verified', verified_at: claimed.body.verified_at }])
    const rest = (await server.get(`${path}?page_size=1&bookmark=${first.bookmark}`)).body
    expect([rest.items[0].website, rest.bookmark]).toEqual(['alice.example', null])

    const remove = () => server.delete(`${path}?website=${encodeURIComponent(website)}`)
    expect((await remove()).status).toBe(204)
    expect(await names(server)).toEqual(['alice.example'])
    expect([(await remove()).status, (await remove()).body]).toEqual([
      404,
      { code: 404, message: 'Website not in user list.' },
    ])
  })

  test('by a file, and by a record of the domain', async () => {
    const { filename, file_content, dns_txt_record: record } = await codesOf(server)
    const byFile = { website: `${host}/files`, verification_method: 'FILENAME' }
    expect((await server.post(path, byFile)).status).toBe(400)
    pages.set(`/files/${filename}`, file_content)
    expect((await server.post(path, byFile)).body.status).toBe('success')

    const byRecord = { website: 'www.shop.example', verification_method: 'DNSTXT' }
    const missing = await server.post(path, byRecord)
    expect(missing.body.message).toContain(`No TXT record of www.shop.example is ${record}.`)
    dns.records.set('www.shop.example', ['v=spf1 -all', record])
    expect((await server.post(path, byRecord)).body).toMatchObject({ website: 'www.shop.example', status: 'success' })
    expect((await server.post(path, { website: 'shop.example' })).body.status).toBe('already_verified_by_user')
  })

  test('Pins that link there are claimed while the website is', async () => {
    const { dns_txt_record: record } = await codesOf(server)
    dns.records.set('claimed.example', [record])
    const board = (await server.post('/boards', { name: `Claims of ${host}` })).body.id
    const bytes = (await picture()).toString('base64')
    const media_source = { source_type: 'image_base64', content_type: 'image/jpeg', data: bytes }
    const pin = async (link: string) => (await server.post('/pins', { board_id: board, link, media_source })).body.id
    const before = await pin('https://www.claimed.example/coats')
    const elsewhere = await pin('https://notclaimed.example/coats')
    const events = async (pin_id: string, id: string) => {
      const event = { id, type: 'outbound_click', pin_id, at: '2026-03-14T09:20:00Z', viewer: id }
      expect((await server.post('/_pinfold/events', { events: [event] }, { token: null })).status).toBe(200)
    }
    await events(before, `before ${host}`)
    await events(elsewhere, `elsewhere ${host}`)
    const claimed = async () => {
      const query = 'start_date=2026-03-14&end_date=2026-03-14&from_claimed_content=CLAIMED&metric_types=OUTBOUND_CLICK'
      const { body } = await server.get(`/user_account/analytics?${query}`)
      return body.all.summary_metrics.OUTBOUND_CLICK ?? 0
    }
    expect(await claimed()).toBe(0)
    await server.post(path, { website: 'claimed.example', verification_method: 'DNSTXT' })
    expect(await claimed()).toBe(1)
    const after = await pin('https://shop.claimed.example/hats')
    await events(after, `after ${host}`)
    expect(await claimed()).toBe(2)
    await server.patch(`/pins/${after}`, { link: 'https://elsewhere.example' })
    expect(await claimed()).toBe(1)
    await server.delete(`${path}?website=claimed.example`)
    expect(await claimed()).toBe(0)
  })

  test('belongs to one account, and needs the scopes', async () => {
    const asBob = { token: people.bob.token }
    expect((await server.delete(`${path}?website=alice.example`, asBob)).body.code).toBe(404)
    expect(await names(server)).toContain('alice.example')
    expect(await names(server, people.bob.token)).toEqual([])
    const codes = await codesOf(server)
    pages.set('/alices', pageWith(codes.verification_code))
    expect((await server.post(path, { website: `${host}/alices` }, asBob)).status).toBe(400)
    const refused = await Promise.all([
      server.get(path, { token: withoutRead }),
      server.get(`${path}/verification`, { token: withoutRead }),
      server.post(path, { website: host }, { token: withoutWrite }),
      server.delete(`${path}?website=alice.example`, { token: withoutWrite }),
    ])
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401])
  })
})

describe('names that cannot be', () => {
  test.each(['ftp://a.example', 'a b', 'user@a.example', 'a.example?x=1', 'a.example/#x', '/shop'])(
    '%s',
    async (website) => {
      const server = await refusing()
      const { status, body } = await server.post(path, { website })
      expect([status, body.message]).toEqual([400, expect.stringContaining("'website' must be a host")])
    },
  )
})

test('of a server that others reach, no address of its own network is looked at', async () => {
  const server = await startTestServer({ host: '0.0.0.0' })
  const url = server.url.replace('0.0.0.0', '127.0.0.1')
  const answer = await fetch(`${url}/v5${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ website: host }),
  })
  const { message } = JSON.parse(await answer.text())
  expect([answer.status, message]).toEqual([400, expect.stringContaining('in a range that is not fetched from')])
})

let refusingServer: Promise<TestServer> | undefined
const refusing = () => {
  refusingServer ??= startTestServer()
  return refusingServer
}

describe('the tag in a page', () => {
  const found = (html: string) => metaContents(html, 'p:domain_verify')
  const tag = '<meta name="p:domain_verify" content="abc"/>'
  test.each([
    [tag],
    [`<HEAD><META CONTENT=abc NAME='P:Domain_Verify'>`],
    [`<head>\n<meta\n  property="og:title" content="<head>">${tag}`],
    [`<title><!-- </title>${tag}`],
    [`<meta name="p:domain_verify" name="other" content="abc">`],
  ])('is found: %s', (html) => {
    expect(found(html)).toEqual(['abc'])
  })

  test.each([
    [`<!-- ${tag} -->`],
    [`<script>"${tag}"</script>`],
    [`<head></head>${tag}`],
    [`<body>${tag}`],
    [`<title>${tag}</title>`],
    [`<metadata name="p:domain_verify" content="abc">`],
    [`<meta name="x" data-a='name="p:domain_verify" content="abc"'>`],
  ])('is not: %s', (html) => {
    expect(found(html)).toEqual([])
  })
})
