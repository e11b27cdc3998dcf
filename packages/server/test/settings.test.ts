import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { otherApp, people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { newVisitor, type Visitor } from '@pinfold/test-support/visitor'
import sharp from 'sharp'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'

const minute = 60_000
const bob = { token: people.bob.token }

describe.each(databases)('what people change about their accounts, on $name', ({ open }) => {
  let server: TestServer

  beforeEach(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    onTestFinished(async () => {
      await server.close()
      await discard()
    })
  })

  /** Signs somebody in, in a browser of their own. */
  async function signedIn(person: { username: string; password: string } = people.alice) {
    const visitor: Visitor = newVisitor(server.url)
    expect((await visitor.signIn(person)).status).toBe(303)
    const cookie = `pinfold_session=${visitor.cookie('pinfold_session')}`
    const headers = { cookie, 'x-pinfold-app': '1', 'sec-fetch-site': 'same-origin' }
    const send = (method: string, path: string, json?: unknown) =>
      server.request(method, `/_pinfold/web/settings${path}`, {
        token: null,
        headers,
        ...(json !== undefined && { json }),
      })
    return {
      send,
      get: async (path: string) => (await send('GET', path)).body,
      isSignedIn: async () => (await send('GET', '')).status === 200,
    }
  }

  test('a profile changes, and a person becomes a business and back', async () => {
    const { send } = await signedIn(people.bob)
    expect((await send('GET', '')).body).toMatchObject({ username: 'bob', account_type: 'PINNER', name: '', about: '' })
    const profile = { about: 'Oil and lamps.', website_url: 'bob.example/lamps' }
    expect((await send('PATCH', '', profile)).body).toMatchObject({
      about: 'Oil and lamps.',
      website_url: 'https://bob.example/lamps',
      account_type: 'PINNER',
    })
    expect((await send('PATCH', '', { name: 'Bob & Sons' })).status).toBe(400)
    const business = await send('PATCH', '', { account_type: 'BUSINESS', name: ' Bob & Sons ' })
    expect(business.body).toMatchObject({ account_type: 'BUSINESS', name: 'Bob & Sons', about: 'Oil and lamps.' })
    const adAccounts = async () => (await server.get('/ad_accounts', bob)).body.items.length
    expect(await adAccounts()).toBe(1)
    expect((await server.get('/_pinfold/web/search/people?query=bob %26', bob)).body.items).toHaveLength(1)
    for (const account_type of ['PINNER', 'BUSINESS']) await send('PATCH', '', { account_type })
    expect(await adAccounts()).toBe(1)
    expect((await send('GET', '')).body).toMatchObject({ name: 'bob' })
    expect((await server.get('/user_account', bob)).body).toMatchObject({ about: 'Oil and lamps.' })
  })

  test('a change that cannot be is refused, and nothing of it is done', async () => {
    const { send } = await signedIn()
    const before = (await send('GET', '')).body
    for (const change of [
      { website_url: 'javascript:alert(1)' },
      { website_url: 'no address' },
      { about: 'x'.repeat(501) },
      { account_type: 'ROBOT' },
      { username: 'mallory' },
    ])
      expect((await send('PATCH', '', { about: 'changed', ...change })).status, JSON.stringify(change)).toBe(400)
    expect((await send('GET', '')).body).toEqual(before)
  })

  test('a profile picture is chosen, cropped, replaced and removed; its files go with it', async () => {
    const { send } = await signedIn()
    const drawn = (await send('GET', '')).body
    expect(drawn).toMatchObject({ has_picture: false, profile_image: expect.stringContaining('/media/avatars/') })
    // Red on the left, blue on the right, and where it was made.
    const half = await sharp({ create: { width: 200, height: 300, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer()
    const bytes = await sharp({ create: { width: 500, height: 300, channels: 3, background: '#0000ff' } })
      .composite([{ input: half, left: 0, top: 0 }])
      .withExif({ IFD3: { GPSLatitude: '48/1 51/1 28/1' } })
      .jpeg()
      .toBuffer()
    const data = bytes.toString('base64')
    const pictureAt = async (address: string) => {
      const answer = await fetch(address)
      if (answer.status !== 200) return answer.status
      const shown = sharp(Buffer.from(await answer.arrayBuffer()))
      const [{ width, height, exif }, { dominant }] = [await shown.metadata(), await shown.stats()]
      return { width, height, exif, isRed: dominant.r > dominant.b }
    }
    const middle = await send('PUT', '/picture', { data })
    expect(middle.body).toMatchObject({ has_picture: true })
    expect(await pictureAt(middle.body.profile_image)).toMatchObject({
      width: 300,
      height: 300,
      exif: undefined,
      isRed: false,
    })
    const cropped = await send('PUT', '/picture', { data, crop: { left: 10, top: 100, side: 180 } })
    const { profile_image: image } = cropped.body
    expect(await pictureAt(image)).toMatchObject({ width: 180, height: 180, isRed: true })
    expect(await pictureAt(middle.body.profile_image)).toBe(404)

    expect((await server.get('/user_account')).body.profile_image).toBe(image)
    expect((await server.get('/_pinfold/web/users/alice')).body.profile_image).toBe(image)
    const [person] = (await server.get('/_pinfold/web/search/people?query=alice')).body.items
    expect(await pictureAt(person.profile_image)).toMatchObject({ width: 150, height: 150, isRed: true })

    // The same again is one use; a Pin of the same picture keeps it when the account lets it go.
    expect((await send('PUT', '/picture', { data, crop: { left: 10, top: 100, side: 180 } })).body.profile_image).toBe(
      image,
    )
    const refused = [
      { data: Buffer.from('no picture').toString('base64') },
      { data: bytes.subarray(0, 500).toString('base64') },
      { data, crop: { left: 321, top: 0, side: 180 } },
      { data, crop: { left: 0, top: 0, side: 0 } },
      { data, crop: { left: 0.5, top: 0, side: 10 } },
      { data, crop: { left: 0, top: 0, side: 10, angle: 3 } },
      { data: 'not base64 at all!' },
      {},
    ]
    for (const body of refused)
      expect((await send('PUT', '/picture', body)).status, JSON.stringify(body).slice(0, 80)).toBe(400)
    expect((await send('GET', '')).body.profile_image).toBe(image)
    expect((await server.request('PUT', '/_pinfold/web/settings/picture', { json: { data } })).status).toBe(403)

    const changes = await Promise.all(
      [10, 12, 14].map((left) => send('PUT', '/picture', { data, crop: { left, top: 0, side: 150 } })),
    )
    expect(changes.map(({ status }) => status)).toEqual([200, 200, 200])
    for (let i = 0; i < 2; i++)
      expect((await send('DELETE', '/picture')).body).toMatchObject({
        has_picture: false,
        profile_image: drawn.profile_image,
      })
    for (const { body } of changes) expect(await pictureAt(body.profile_image)).toBe(404)
    expect(await pictureAt(drawn.profile_image)).toMatchObject({ width: 280 })
  })

  test('the password changes for who knows it, and other browsers are signed out', async () => {
    const [here, there, others] = [await signedIn(), await signedIn(), await signedIn(people.bob)]
    const change = (current_password: string, new_password: string) =>
      here.send('POST', '/password', { current_password, new_password })
    expect((await change('wrong', 'new-password-1')).status).toBe(403)
    expect((await change(people.alice.password, 'short')).status).toBe(400)
    expect(await there.isSignedIn()).toBe(true)
    expect((await change(people.alice.password, 'new-password-1')).status).toBe(204)
    expect([await here.isSignedIn(), await there.isSignedIn(), await others.isSignedIn()]).toEqual([true, false, true])
    expect((await newVisitor(server.url).signIn(people.alice)).status).toBe(401)
    await signedIn({ username: 'alice', password: 'new-password-1' })
  })

  test('guessing the password is slowed down', async () => {
    const { send } = await signedIn()
    const guess = () => send('POST', '/password', { current_password: 'guess', new_password: 'new-password-1' })
    for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(403)
    const answer = await guess()
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.any(Number)])
    server.clock.advance(2 * minute)
    expect((await guess()).status).toBe(403)
  })

  test('sessions are listed and ended, long after the sign-in with the password alone', async () => {
    const here = await signedIn()
    server.clock.advance(minute)
    const [there, elsewhere, others] = [await signedIn(), await signedIn(), await signedIn(people.bob)]
    const sessions = (await here.get('/sessions')).items
    expect(sessions).toHaveLength(3)
    expect(sessions.at(-1)).toMatchObject({ is_this: true, user_agent: expect.any(String) })
    const [{ id: bobs }] = (await others.get('/sessions')).items
    expect((await here.send('POST', '/sessions/end', { session_id: bobs })).status).toBe(204)
    expect(await others.isSignedIn()).toBe(true)
    const [theirs] = (await there.get('/sessions')).items.filter(({ is_this }: { is_this: boolean }) => is_this)
    expect((await here.send('POST', '/sessions/end', { session_id: theirs.id })).status).toBe(204)
    expect([await there.isSignedIn(), await elsewhere.isSignedIn()]).toEqual([false, true])

    server.clock.advance(10 * minute)
    expect((await here.get('')).needs_password).toBe(true)
    for (const proof of [{}, { current_password: 'wrong' }])
      expect((await here.send('POST', '/sessions/end', proof)).status).toBe(403)
    expect(await elsewhere.isSignedIn()).toBe(true)
    const right = { current_password: people.alice.password }
    expect((await here.send('POST', '/sessions/end', right)).status).toBe(204)
    expect([await elsewhere.isSignedIn(), await here.isSignedIn(), await others.isSignedIn()]).toEqual([
      false,
      true,
      true,
    ])
  })

  test('connected apps are listed, and lose what they had of this account alone', async () => {
    const { get, send } = await signedIn()
    const names = async () => (await get('/apps')).items.map(({ name }: { name: string }) => name)
    expect(await names()).toEqual(['Test app', 'Trial app'])
    expect((await get('/apps')).items[0]).toMatchObject({
      id: testApp.id,
      scopes: expect.arrayContaining(['pins:read']),
    })
    expect((await server.get('/user_account')).status).toBe(200)
    for (const id of [testApp.id, otherApp.id, '999999999999999'])
      expect((await send('DELETE', `/apps/${id}`)).status).toBe(204)
    expect(await names()).toEqual(['Trial app'])
    expect((await server.get('/user_account')).status).toBe(401)
    expect((await server.get('/user_account', bob)).status).toBe(200)
  })

  test('no token of an app gets at any of it, and no other page', async () => {
    await signedIn()
    for (const [method, path, json] of [
      ['GET', ''],
      ['PATCH', '', { about: 'x' }],
      ['POST', '/password', { current_password: people.alice.password, new_password: 'new-password-1' }],
      ['GET', '/sessions'],
      ['POST', '/sessions/end', { current_password: people.alice.password }],
      ['GET', '/apps'],
      ['DELETE', `/apps/${testApp.id}`],
    ] as const) {
      const request = (options: object) =>
        server.request(method, `/_pinfold/web/settings${path}`, { ...(json && { json }), ...options })
      expect((await request({})).status, path).toBe(403)
      expect((await request({ token: null })).status, path).toBe(401)
    }
    const visitor = newVisitor(server.url)
    await visitor.signIn(people.alice)
    const cookie = `pinfold_session=${visitor.cookie('pinfold_session')}`
    for (const headers of [{ cookie }, { cookie, 'x-pinfold-app': '1', 'sec-fetch-site': 'cross-site' }])
      expect((await server.request('PATCH', '/_pinfold/web/settings', { token: null, headers, json: {} })).status).toBe(
        401,
      )
  })

  test('whoever asks sees who follows whom', async () => {
    await server.post('/user_account/following/alice', {}, bob)
    const usernames = async (path: string) =>
      (await server.get(`/_pinfold/web/users/${path}`, { token: null })).body.items.map(
        ({ username }: { username: string }) => username,
      )
    expect(await usernames('alice/followers')).toEqual(['bob'])
    expect(await usernames('bob/following')).toEqual(['alice'])
    expect(await usernames('alice/following')).toEqual([])
    expect((await server.get('/_pinfold/web/users/nobody_here/followers')).status).toBe(404)
  })
})

test('a profile picture leaves no files behind', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-avatars-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startTestServer({ ephemeral: false, dataDir })
  const visitor = newVisitor(server.url)
  await visitor.signIn(people.alice)
  const headers = { cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`, 'x-pinfold-app': '1' }
  const send = (method: string, json?: unknown) =>
    server.request(method, '/_pinfold/web/settings/picture', {
      token: null,
      headers,
      ...(json !== undefined && { json }),
    })
  const { data } = await base64Source(7)
  const before = filesBelow(join(dataDir, 'media'))
  const { body } = await send('PUT', { data })
  // The picture of a Pin that is the same as the account's is one with it.
  const square = Buffer.from(await (await fetch(body.profile_image.replace('600x', 'originals'))).arrayBuffer())
  const board = (await server.post('/boards', { name: 'Cups' })).body.id
  const media = { source_type: 'image_base64', content_type: 'image/jpeg', data: square.toString('base64') }
  const pin = (await server.post('/pins', { board_id: board, media_source: media })).body.id
  await expectSound(dataDir)
  await send('DELETE')
  await expectSound(dataDir)
  await send('PUT', { data })
  await server.delete(`/pins/${pin}`)
  await expectSound(dataDir)
  await send('DELETE')
  await until(() => filesBelow(join(dataDir, 'media')).length === before.length)
  await server.close()
  await expectSound(dataDir)
})
