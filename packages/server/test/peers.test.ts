import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import http, { type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { base64Source, picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import PinterestClient from 'pinterest-node-api'
import { ApiClient, Board, BoardSection, BoardsApi, BoardUpdate, Pin, PinsApi, UserAccountApi } from 'pinterest-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// Clients that were written for Pinterest, unchanged except for the server's address.

let server: TestServer
let pictures: Awaited<ReturnType<typeof webServer>>
beforeAll(async () => {
  server = await startTestServer()
  const bytes = await picture({ width: 300, height: 200 })
  pictures = await webServer((_request, response) => response.setHeader('content-type', 'image/jpeg').end(bytes))
  return () => pictures.close()
})

describe('pinterest-sdk', () => {
  const boards = new BoardsApi()
  const pins = new PinsApi()
  const userAccount = new UserAccountApi()
  beforeAll(() => {
    ApiClient.instance.basePath = `${server.url}/v5`
    ApiClient.instance.authentications.pinterest_oauth2.accessToken = people.alice.token
  })

  test('reads the account', async () => {
    const { data } = await answer(userAccount.userAccountGet.bind(userAccount, {}))
    expect(data).toMatchObject({ username: 'alice', account_type: 'BUSINESS', website_url: 'https://alice.example' })
    expect(data.profile_image).toMatch(/^http/)
  })

  test('makes, lists, reads, changes and deletes a board', async () => {
    const wanted = new Board('From the SDK')
    wanted.description = 'Made by a generated client'
    const made = await answer(boards.boardsCreate.bind(boards, wanted))
    expect(made.status).toBe(201)
    expect(made.data).toMatchObject({ ...wanted, privacy: 'PUBLIC', id: expect.stringMatching(/^\d+$/) })
    const { id } = made.data

    const change = new BoardUpdate()
    change.name = 'From the SDK, renamed'
    change.privacy = 'SECRET'
    await answer(boards.boardsUpdate.bind(boards, id, change))
    const read = await answer(boards.boardsGet.bind(boards, id))
    expect(read.data).toMatchObject({ id, name: 'From the SDK, renamed', privacy: 'SECRET' })

    const listed = await answer(boards.boardsList.bind(boards, { pageSize: 250, privacy: 'SECRET' }))
    expect(listed.data.items.map((board) => board.id)).toEqual([id])

    expect((await answer(boards.boardsDelete.bind(boards, id))).status).toBe(204)
    await expect(answer(boards.boardsGet.bind(boards, id))).rejects.toMatchObject({
      status: 404,
      response: { body: { code: 40, message: 'Board not found.' } },
    })
  })

  test('pages through lists with their bookmarks', async () => {
    const made: string[] = []
    // Boards come by name.
    for (const name of ['One', 'Three', 'Two'])
      made.push((await answer(boards.boardsCreate.bind(boards, new Board(name)))).data.id)
    const first = await answer(boards.boardsList.bind(boards, { pageSize: 2 }))
    const second = await answer(boards.boardsList.bind(boards, { pageSize: 2, bookmark: first.data.bookmark }))
    expect([...first.data.items, ...second.data.items].slice(0, 3).map(({ id }) => id)).toEqual(made)
    for (const id of made) await answer(boards.boardsDelete.bind(boards, id))
  })

  test('makes, reads, lists and deletes a Pin from a picture on the web, in a section', async () => {
    const board = (await answer(boards.boardsCreate.bind(boards, new Board('SDK Pins')))).data
    const part = (await answer(boards.boardSectionsCreate.bind(boards, board.id, section('Part')))).data
    expect(part).toMatchObject({ id: expect.stringMatching(/^\d+$/), name: 'Part' })

    const wanted = new Pin()
    wanted.board_id = board.id
    wanted.board_section_id = part.id
    wanted.title = 'A picture'
    wanted.link = 'https://example.com/article'
    wanted.media_source = { source_type: 'image_url', url: `${pictures.url}/a.jpg` }
    const made = await answer(pins.pinsCreate.bind(pins, wanted))
    expect(made.status).toBe(201)
    const { media_source: _, ...words } = wanted
    expect(made.data).toMatchObject({ ...words, media: { media_type: 'image' } })
    expect(made.data.created_at.getFullYear()).toBe(2026)

    expect((await answer(pins.pinsGet.bind(pins, made.data.id, {}))).data).toEqual(made.data)
    const onBoard = await answer(boards.boardsListPins.bind(boards, board.id, {}))
    const inSection = await answer(boards.boardSectionsListPins.bind(boards, board.id, part.id, {}))
    for (const { data } of [onBoard, inSection]) expect(data.items.map(({ id }) => id)).toEqual([made.data.id])

    expect((await answer(pins.pinsDelete.bind(pins, made.data.id))).status).toBe(204)
    expect((await answer(boards.boardsListPins.bind(boards, board.id, {}))).data.items).toEqual([])
  })

  test('makes a Pin from a picture that it carries along', async () => {
    const wanted = new Pin()
    wanted.board_id = (await answer(boards.boardsCreate.bind(boards, new Board('SDK base64')))).data.id
    wanted.media_source = await base64Source(40)
    expect((await answer(pins.pinsCreate.bind(pins, wanted))).status).toBe(201)
  })

  test('makes, lists, renames and deletes a section', async () => {
    const board = (await answer(boards.boardsCreate.bind(boards, new Board('SDK sections')))).data
    const { id } = (await answer(boards.boardSectionsCreate.bind(boards, board.id, section('Old')))).data
    await answer(boards.boardSectionsUpdate.bind(boards, board.id, id, section('New')))
    const listed = await answer(boards.boardSectionsList.bind(boards, board.id, {}))
    expect(listed.data.items).toEqual([{ id, name: 'New' }])
    expect((await answer(boards.boardSectionsDelete.bind(boards, board.id, id))).status).toBe(204)
    expect((await answer(boards.boardSectionsList.bind(boards, board.id, {}))).data.items).toEqual([])
  })
})

describe('pinterest-node-api', () => {
  const client = new PinterestClient(people.alice.token)
  const keptAgent = http.globalAgent
  beforeAll(() => {
    const { hostname, port } = new URL(server.url)
    client.setHost(hostname, port, 'http')
    // It sends a request when its connection is made, and so never on one that was kept, which today's Node offers it.
    http.globalAgent = new http.Agent({ keepAlive: false })
  })
  afterAll(() => {
    http.globalAgent = keptAgent
  })

  test('gets a token with a refresh token, and reads the account with it', async () => {
    const fresh = new PinterestClient()
    const { hostname, port } = new URL(server.url)
    fresh.setHost(hostname, port, 'http')
    fresh.setApiKey(testApp.id, testApp.secret)
    const answered = await fresh.oauth.createAccessToken({
      grant_type: 'refresh_token',
      refresh_token: people.alice.refresh,
    })
    expect(answered).toMatchObject({ token_type: 'bearer', expires_in: 2_592_000 })
    fresh.setUserToken(String(answered.access_token))
    expect(await fresh.user_account.get()).toMatchObject({ username: 'alice' })
  })

  test('makes, lists, reads, changes and deletes a board', async () => {
    const made = await client.boards.create({ name: 'From node-api', description: 'By hand', privacy: 'PROTECTED' })
    expect(made).toMatchObject({ name: 'From node-api', description: 'By hand', privacy: 'PROTECTED' })
    await client.boards.update(made.id, { name: 'From node-api, renamed' })
    expect(await client.boards.get(made.id)).toMatchObject({ id: made.id, name: 'From node-api, renamed' })
    const listed = await client.boards.list({ query: { page_size: 1 } })
    expect(listed.items.map(({ id }) => id)).toEqual([made.id])
    expect(await client.boards.delete(made.id)).toEqual({})
    expect(await client.boards.get(made.id)).toMatchObject({ code: 40, message: 'Board not found.' })
  })

  test('makes, lists, reads, saves and deletes Pins', async () => {
    const from = await client.boards.create({ name: 'node-api Pins' })
    const to = await client.boards.create({ name: 'node-api saves' })
    const pin = await client.pins.create({
      board_id: from.id,
      title: 'A picture',
      media_source: { source_type: 'image_url', url: `${pictures.url}/b.jpg` },
    })
    expect(pin).toMatchObject({ title: 'A picture', board_id: from.id })
    expect(await client.pins.get(pin.id)).toMatchObject(pin)
    const saved = await client.pins.save(pin.id, { board_id: to.id })
    expect(saved).toMatchObject({ board_id: to.id, parent_pin_id: pin.id, title: 'A picture' })

    const firstPage = await client.pins.list({ query: { page_size: 1 } })
    const secondPage = await client.pins.list({ query: { page_size: 1, bookmark: String(firstPage.bookmark) } })
    expect([...firstPage.items, ...secondPage.items].map(({ id }) => id)).toEqual([saved.id, pin.id])
    expect((await client.boards.getPins(to.id, { query: {} })).items.map(({ id }) => id)).toEqual([saved.id])

    expect(await client.pins.delete(pin.id)).toEqual({})
    expect(await client.pins.get(pin.id)).toMatchObject({ code: 50, message: 'Pin not found.' })
    expect(await client.pins.get(saved.id)).toMatchObject({ id: saved.id })
  })

  test('makes, lists, renames and deletes a section', async () => {
    const board = await client.boards.create({ name: 'node-api sections' })
    const section = await client.boards.createSection(board.id, { name: 'Old' })
    expect(await client.boards.updateSection(board.id, section.id, { name: 'New' })).toMatchObject({ name: 'New' })
    const pin = await client.pins.create({
      board_id: board.id,
      board_section_id: section.id,
      media_source: await base64Source(41),
    })
    expect((await client.boards.getSectionPins(board.id, section.id, { query: {} })).items).toMatchObject([
      { id: pin.id },
    ])
    expect((await client.boards.getSections(board.id, { query: {} })).items).toMatchObject([{ name: 'New' }])
    expect(await client.boards.deleteSection(board.id, section.id)).toEqual({})
    expect((await client.boards.getSections(board.id, { query: {} })).items).toEqual([])
  })

  test('has a DELETE answered with 204 although it sends a body after it', async () => {
    const board = await client.boards.create({ name: 'Stray body' })
    const statuses: number[] = []
    // The client keeps the status to itself; Node tells.
    const note = (message: unknown) =>
      statuses.push((message as { response: IncomingMessage }).response.statusCode ?? 0)
    subscribe('http.client.response.finish', note)
    try {
      await client.boards.delete(board.id)
    } finally {
      unsubscribe('http.client.response.finish', note)
    }
    expect(statuses).toEqual([204])
  })
})

test('what is not HTTP at all is refused in the shape of an error', async () => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write('{}\r\n\r\n')
  const [head = '', body = ''] = (await socket.toArray()).join('').split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1.1 400 /)
  expect(JSON.parse(body)).toEqual({ code: 1, message: expect.stringContaining('not valid HTTP') })
})

describe('a client that takes /v5 for a part of the address (12.23)', () => {
  const headers = { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' }

  test('reaches every operation without it', async () => {
    const create = { method: 'POST', headers, body: JSON.stringify({ name: 'Without a version' }) }
    const made = await fetch(`${server.url}/boards`, create)
    expect(made.status).toBe(201)
    const { id } = (await made.json()) as { id: string }
    expect(await (await fetch(`${server.url}/boards/${id}/sections?page_size=1`, { headers })).json()).toMatchObject({
      items: [],
    })
    expect((await fetch(`${server.url}/boards/${id}/`, { headers })).status).toBe(200)
    expect((await fetch(`${server.url}/boards/${id}`, { method: 'DELETE', headers })).status).toBe(204)
    expect((await fetch(`${server.url}/user_account`)).status).toBe(401)
    expect((await fetch(`${server.url}/oauth/token`, { method: 'POST' })).status).toBe(401)
  })

  test('takes no page away from browsers, and no path that is none of an operation', async () => {
    const asBrowser = { ...headers, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    expect((await fetch(`${server.url}/boards`, { headers: asBrowser })).status).toBe(404)
    expect((await fetch(`${server.url}/oauth/sign-in`, { headers })).headers.get('content-type')).toMatch(/^text\/html/)
    expect((await fetch(`${server.url}/board/1`, { headers })).status).toBe(404)
  })
})

function section(name: string): BoardSection {
  const made = new BoardSection()
  made.name = name
  return made
}

/** Turns a call with a callback into a promise of the data and the answer's status. */
function answer<T>(
  call: (done: (error: Error | null, data: T, response: { status: number }) => void) => void,
): Promise<{ data: T; status: number }> {
  return new Promise((resolve, reject) =>
    call((error, data, response) => (error ? reject(error) : resolve({ data, status: response.status }))),
  )
}
