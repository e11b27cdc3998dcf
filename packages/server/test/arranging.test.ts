import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from '@pinfold/test-support/databases'
import { as, type GroupServer, startGroupServer } from '@pinfold/test-support/group-boards'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const ann = as('ann')
const ben = as('ben')
const cleo = as('cleo')
const open = as('ann_open')
const nobody = { token: null }
let hue = 0

/** The requests of a story. Whoever is not named is Ann. */
function storyOf(server: Pick<TestServer, 'get' | 'post' | 'patch' | 'delete' | 'request'>, me: object = ann) {
  const web = '/_pinfold/web'
  const all = async (path: string, options: object) => {
    const items = []
    for (let bookmark = ''; ; ) {
      const { status, body } = await server.get(`${path}${bookmark}`, options)
      expect(status, path).toBe(200)
      items.push(...body.items)
      if (body.bookmark === null) return items
      bookmark = `&bookmark=${body.bookmark}`
    }
  }
  const story = {
    board: async (name: string, more = {}, options: object = me): Promise<string> =>
      (await server.post('/boards', { name, ...more }, options)).body.id,
    section: async (board: string, name: string): Promise<string> =>
      (await server.post(`/boards/${board}/sections`, { name }, me)).body.id,
    async pin(board_id: string, title: string, more = {}, options: object = me): Promise<string> {
      const given = { board_id, title, media_source: await base64Source(++hue), ...more }
      const { status, body } = await server.post('/pins', given, options)
      expect(status).toBe(201)
      return body.id
    },
    /** The Pins on a board as the app lists them, page by page. */
    titles: async (board: string, section?: string, options: object = me): Promise<string> => {
      const path = `${web}/boards/${board}/pins?page_size=2${section ? `&section_id=${section}` : ''}`
      return (await all(path, options)).map(({ title }) => title).join(' ')
    },
    /** The same as the API lists them. */
    byApi: async (board: string): Promise<string> =>
      (await all(`/boards/${board}/pins?page_size=3`, me)).map(({ title }) => title).join(' '),
    sections: async (board: string, options: object = me) =>
      all(`${web}/boards/${board}/sections?page_size=2`, options),
    arrange: (board: string, body: object, options: object = me) =>
      server.post(`${web}/boards/${board}/pins/arrange`, body, options),
    arrangeSections: (board: string, body: object, options: object = me) =>
      server.post(`${web}/boards/${board}/sections/arrange`, body, options),
    update: (board: string, body: object, options: object = me) =>
      server.patch(`${web}/boards/${board}`, body, options),
    merge: (board: string, into_board_id: string, more = {}, options: object = me) =>
      server.post(`${web}/boards/${board}/merge`, { into_board_id, ...more }, options),
    view: async (board: string, options: object = me) => (await server.get(`${web}/boards/${board}`, options)).body,
    boards: async (user: string, options: object = me, archived = false): Promise<string> => {
      const found = await all(`${web}/users/${user}/boards?page_size=50&archived=${archived}`, options)
      return found.map(({ board }) => board.name).join(' ')
    },
    profile: async (user: string, options: object = me) => (await server.get(`${web}/users/${user}`, options)).body,
  }
  return story
}

describe.each(databases)('boards are arranged, on $name', ({ open: openDatabase }) => {
  let server: GroupServer
  let story: ReturnType<typeof storyOf>
  beforeAll(async () => {
    server = await startGroupServer(openDatabase, {
      names: ['ann', 'ben', 'cleo'],
      more: { ann: { boards: [{ name: 'Shared', collaborators: ['ben'] }] } },
      lesser: { ann_open: { account: 'ann', without: ['boards:read_secret', 'pins:read_secret'] } },
    })
    story = storyOf(server)
    return server.close
  })

  /** A board with Pins, of which the last name is the newest. */
  async function boardOf(name: string, titles: string): Promise<{ board: string; ids: Record<string, string> }> {
    const board = await story.board(name)
    const ids: Record<string, string> = {}
    for (const title of titles.split(' ')) ids[title] = await story.pin(board, title)
    return { board, ids }
  }

  test('Pins stand where they were put; new ones come first, and the API lists as ever', async () => {
    const { titles, byApi, arrange } = story
    const { board, ids } = await boardOf('Order', 'A B C D E')
    const move = async (names: string, to: string, anchor?: string) => {
      const body = { ids: names.split(' ').map((name) => ids[name]), to, ...(anchor && { anchor_id: ids[anchor] }) }
      expect((await arrange(board, body)).status).toBe(204)
    }
    expect(await titles(board)).toBe('E D C B A')
    await move('A', 'first')
    expect(await titles(board)).toBe('A E D C B')
    await move('E C', 'last')
    expect(await titles(board)).toBe('A D B E C')
    await move('C A', 'before', 'B')
    expect(await titles(board)).toBe('D C A B E')
    await move('E D', 'after', 'C')
    expect(await titles(board)).toBe('C E D A B')
    // Wherever something is put to the same spot again and again, there is room.
    for (let i = 0; i < 40; i++) await move(i % 2 ? 'D' : 'E', 'after', 'C')
    expect(await titles(board)).toBe('C D E A B')
    expect(await byApi(board)).toBe('E D C B A')
    ids.F = await story.pin(board, 'F')
    expect(await titles(board)).toBe('F C D E A B')
    expect(await byApi(board)).toBe('F E D C B A')
    expect(await titles(board, undefined, nobody)).toBe('F C D E A B')
    const feed = await (await fetch(`${server.url}/board/${board}/feed.xml`)).text()
    expect([...feed.matchAll(/<title>(.)<\/title>/g)].map(([, title]) => title).join('')).toBe('FEDCBA')
    // The server's clock stands still: a Pin made just before leaves no room to what is put before it.
    ids.G = await story.pin(board, 'G')
    await move('A B E', 'first')
    await story.pin(board, 'H')
    expect(await titles(board)).toBe('H A B E G F C D')
  })

  test('a Pin that comes from elsewhere comes first; one that comes back from the trash stands where it stood', async () => {
    const { titles, arrange } = story
    const { board, ids } = await boardOf('From here', 'A B C')
    const other = await boardOf('From there', 'X Y')
    expect((await arrange(board, { ids: [ids.A], to: 'first' })).status).toBe(204)
    expect((await server.request('POST', `/_pinfold/trash/${ids.A}`, ann)).status).toBe(204)
    expect(await titles(board)).toBe('C B')
    expect((await server.post(`/_pinfold/trash/${ids.A}/restore`, {}, ann)).status).toBe(200)
    expect(await titles(board)).toBe('A C B')
    await server.patch(`/pins/${other.ids.X}`, { board_id: board }, ann)
    expect(await titles(board)).toBe('X A C B')
    await server.patch(`/pins/${ids.B}`, { title: 'B2' }, ann)
    expect(await titles(board)).toBe('X A C B2')
    await server.request('POST', `/_pinfold/trash/${ids.B}`, ann)
    await server.post(`/_pinfold/trash/${ids.B}/restore`, { board_id: other.board }, ann)
    expect(await titles(other.board)).toBe('B2 Y')
  })

  test('a section has the order of its board, and says how many Pins it has', async () => {
    const { titles, arrange, section, sections } = story
    const { board, ids } = await boardOf('In parts', 'A B C D E')
    const [shelf, wall] = [await section(board, 'Shelf'), await section(board, 'Wall')]
    for (const name of ['A', 'C', 'E']) await server.patch(`/pins/${ids[name]}`, { board_section_id: shelf }, ann)
    expect(await titles(board, shelf)).toBe('E C A')
    expect((await arrange(board, { ids: [ids.E], to: 'last', section_id: shelf })).status).toBe(204)
    expect(await titles(board, shelf)).toBe('C A E')
    expect(await titles(board)).toBe('D C B A E')
    expect((await arrange(board, { ids: [ids.A], to: 'first', section_id: shelf })).status).toBe(204)
    expect(await titles(board, shelf)).toBe('A C E')
    expect(await titles(board)).toBe('D A C B E')
    expect((await arrange(board, { ids: [ids.A], to: 'first', section_id: wall })).status).toBe(204)
    expect(await sections(board)).toMatchObject([
      { name: 'Wall', pin_count: 0, cover_url: null },
      { name: 'Shelf', pin_count: 3 },
    ])
  })

  test('sections stand where they were put, and new ones come first', async () => {
    const { board: make, section, sections, arrangeSections } = story
    const board = await make('Sections')
    const ids = []
    for (const name of ['A', 'B', 'C']) ids.push(await section(board, name))
    const [a, b, c] = ids
    const names = async () => (await sections(board)).map(({ name }) => name).join('')
    expect(await names()).toBe('CBA')
    expect((await arrangeSections(board, { ids: [a], to: 'first' })).status).toBe(204)
    expect((await arrangeSections(board, { ids: [c], to: 'after', anchor_id: b })).status).toBe(204)
    expect(await names()).toBe('ABC')
    await section(board, 'D')
    expect(await names()).toBe('DABC')
    const listed = (await server.get(`/boards/${board}/sections`, ann)).body.items
    expect(listed.map(({ name }: { name: string }) => name).join('')).toBe('DCBA')
    for (const body of [
      { ids: [a], to: 'before' },
      { ids: [a, a], to: 'first' },
    ])
      expect((await arrangeSections(board, body)).status).toBe(400)
    expect((await arrangeSections(board, { ids: ['7'], to: 'first' })).status).toBe(404)
    expect((await arrangeSections(board, { ids: [a], to: 'first' }, cleo)).status).toBe(403)
  })

  test('whoever is on a board arranges it, nobody else; and only what is on it', async () => {
    const { arrange, titles } = story
    const { board, ids } = await boardOf('Rules', 'A B')
    const other = await boardOf('Rules elsewhere', 'X')
    const first = { ids: [ids.A], to: 'first' }
    for (const [body, status] of [
      [{ ids: [ids.A, ids.A], to: 'first' }, 400],
      [{ ids: [], to: 'first' }, 400],
      [{ ids: [ids.A], to: 'middle' }, 400],
      [{ ids: [ids.A], to: 'before' }, 400],
      [{ ids: [ids.A], to: 'before', anchor_id: ids.A }, 400],
      [{ ids: [ids.A], to: 'first', anchor_id: ids.B }, 400],
      [{ ids: [other.ids.X], to: 'first' }, 404],
      [{ ids: [ids.A], to: 'after', anchor_id: other.ids.X }, 404],
      [{ ids: ['99999999999999999999'], to: 'first' }, 404],
      [{ ...first, section_id: '7' }, 404],
    ] as const)
      expect([body, (await arrange(board, body)).status]).toEqual([body, status])
    expect((await arrange(board, first, ben)).status).toBe(403)
    expect((await arrange(board, first, nobody)).status).toBe(401)
    expect((await arrange('7', first)).status).toBe(404)
    expect(await titles(board)).toBe('B A')

    const shared = (await server.get('/boards', ben)).body.items[0].id
    const [anns, bens] = [await story.pin(shared, 'Anns'), await story.pin(shared, 'Bens', {}, ben)]
    expect((await arrange(shared, { ids: [anns], to: 'before', anchor_id: bens }, ben)).status).toBe(204)
    expect(await titles(shared)).toBe('Anns Bens')
    for (const change of [{ is_archived: true }, { cover_pin_id: anns }])
      expect((await story.update(shared, change, ben)).status).toBe(403)

    const secret = await story.board('Hidden order', { privacy: 'SECRET' })
    const hidden = await story.pin(secret, 'H')
    for (const who of [ben, open]) expect((await arrange(secret, { ids: [hidden], to: 'first' }, who)).status).toBe(404)
    // That a Pin is somewhere is told by no error.
    const told = async (id: string) => (await arrange(shared, { ids: [id], to: 'first' }, ben)).body
    expect(await told(hidden)).toEqual(await told('7'))
  })

  test('a chosen cover stands for its board while its Pin is there, and when it comes back', async () => {
    const { view, update } = story
    const { board, ids } = await boardOf('Covered', 'A B C')
    const other = await story.board('Elsewhere')
    const pictureOf = async (name: string) => {
      const { body } = await server.get(`/pins/${ids[name]}`, ann)
      return /([0-9a-f]{32})/.exec(body.media.images['600x'].url)?.[1]
    }
    const keys: Record<string, string | undefined> = {}
    for (const name of ['A', 'B', 'C']) keys[await pictureOf(name).then(String)] = name
    const named = (urls: string[]) => urls.map((url) => keys[/([0-9a-f]{32})/.exec(url)?.[1] ?? ''] ?? 'D').join('')
    const shown = async () => {
      const { media } = (await server.get(`/boards/${board}`, ann)).body
      const { cover_urls, cover_pin_id, board: viewed } = await view(board)
      expect(viewed.media).toEqual(media)
      return [named([media.image_cover_url]), named(media.pin_thumbnail_urls), named(cover_urls), cover_pin_id !== null]
    }
    expect(await shown()).toEqual(['C', 'BA', 'CBA', false])
    expect((await update(board, { cover_pin_id: ids.A })).body.cover_pin_id).toBe(ids.A)
    expect(await shown()).toEqual(['A', 'CB', 'ACB', true])
    const { text } = await server.get(`${server.url}/board/${board}`, nobody)
    expect(named([/<meta property="og:image" content="([^"]+)"/.exec(text)?.[1] ?? ''])).toBe('A')
    await story.pin(board, 'D')
    expect(await shown()).toEqual(['A', 'DCB', 'ADCB', true])
    await server.request('POST', `/_pinfold/trash/${ids.A}`, ann)
    expect(await shown()).toEqual(['D', 'CB', 'DCB', false])
    await server.post(`/_pinfold/trash/${ids.A}/restore`, {}, ann)
    expect(await shown()).toEqual(['A', 'DCB', 'ADCB', true])
    await server.patch(`/pins/${ids.A}`, { board_id: other }, ann)
    expect(await shown()).toEqual(['D', 'CB', 'DCB', false])
    expect((await update(board, { cover_pin_id: ids.A })).status).toBe(404)
    await server.patch(`/pins/${ids.A}`, { board_id: board }, ann)
    expect((await shown())[0]).toBe('A')
    await update(board, { cover_pin_id: null })
    expect(await shown()).toEqual(['D', 'CBA', 'DCBA', false])
  })

  test('an archived board is out of the lists of a profile, and still where it was', async () => {
    const { boards, update, profile, view } = story
    const me = storyOf(server, cleo)
    const [kept, old, hid] = [
      await me.board('Kept'),
      await me.board('Old'),
      await me.board('Hid', { privacy: 'SECRET' }),
    ]
    await me.pin(old, 'Was')
    const counts = async (options: object) => {
      const { board_count, archived_board_count } = await profile('cleo', options)
      return [board_count, archived_board_count]
    }
    expect((await update(old, { is_archived: true })).status).toBe(403)
    for (const id of [old, hid]) expect((await me.update(id, { is_archived: true })).body.is_archived).toBe(true)
    expect(await boards('cleo', cleo)).toBe('Kept')
    expect(await boards('cleo', cleo, true)).toBe('Hid Old')
    expect(await boards('cleo', ann)).toBe('Kept')
    expect(await boards('cleo', ann, true)).toBe('')
    expect([await counts(cleo), await counts(ann)]).toEqual([
      [1, 2],
      [1, 0],
    ])
    expect((await view(old, nobody)).board.name).toBe('Old')
    expect(await story.titles(old, undefined, nobody)).toBe('Was')
    expect((await server.get('/boards', cleo)).body.items).toHaveLength(3)
    expect((await me.update(kept, {})).body.is_archived).toBe(false)
    for (const id of [old, hid]) await me.update(id, { is_archived: false })
    expect(await boards('cleo', cleo)).toBe('Hid Kept Old')
    expect(await counts(cleo)).toEqual([3, 0])
  })

  test('a board goes into another with its sections, in the order that both had', async () => {
    const { merge, titles, section, sections, arrange } = story
    const from = await boardOf('Lamps', 'A B C')
    const into = await boardOf('Rooms', 'X Y')
    const [desk, both] = [await section(from.board, 'Desk'), await section(from.board, 'Hall')]
    const hall = await section(into.board, 'HALL')
    await server.patch(`/pins/${from.ids.A}`, { board_section_id: desk }, ann)
    await server.patch(`/pins/${from.ids.B}`, { board_section_id: both }, ann)
    await arrange(from.board, { ids: [from.ids.A], to: 'first' })
    await arrange(into.board, { ids: [into.ids.X], to: 'first' })
    const answer = await merge(from.board, into.board)
    expect([answer.status, answer.body.board.id, answer.body.board.pin_count]).toEqual([200, into.board, 5])
    const order = (await titles(into.board)).split(' ')
    expect(order.filter((title) => 'ABC'.includes(title))).toEqual(['A', 'C', 'B'])
    expect(order.filter((title) => 'XY'.includes(title))).toEqual(['X', 'Y'])
    expect((await sections(into.board)).map(({ name, pin_count }) => [name, pin_count])).toEqual([
      ['HALL', 1],
      ['Desk', 1],
    ])
    expect((await server.get(`/pins/${from.ids.B}`, ann)).body).toMatchObject({
      board_id: into.board,
      board_section_id: hall,
    })
    expect((await server.get(`/pins/${from.ids.C}`, ann)).body).toMatchObject({
      board_id: into.board,
      board_section_id: null,
    })
    expect((await server.get(`/boards/${from.board}`, ann)).status).toBe(404)
    expect((await server.get(`/boards/${from.board}/pins`, ann)).status).toBe(404)
    // Its name is free again.
    expect((await server.post('/boards', { name: 'Lamps' }, ann)).status).toBe(201)
  })

  test('its Pins can go into a section that has its name', async () => {
    const { merge, titles, sections, section } = story
    const [from, into] = [await boardOf('Chairs', 'A "board_id":null'), await boardOf('Seats', 'X')]
    await server.patch(`/pins/${from.ids.A}`, { board_section_id: await section(from.board, 'Low') }, ann)
    expect((await merge(from.board, into.board, { as_section: true })).status).toBe(200)
    const [chairs, low] = await sections(into.board)
    expect([chairs.name, low.name]).toEqual(['Chairs', 'Low'])
    expect([await titles(into.board, chairs.id), await titles(into.board, low.id)]).toEqual(['"board_id":null', 'A'])
  })

  test('a merge makes its Pins as private as the other board, and asks for both boards', async () => {
    const { merge, board: make } = story
    const [secret, open_] = [await make('Drafts', { privacy: 'SECRET' }), await make('Shown')]
    const pin = await story.pin(secret, 'Draft')
    const isSeen = async () => (await server.get(`/_pinfold/web/pins/${pin}`, nobody)).status === 200
    expect((await merge(secret, open_, {}, open)).status).toBe(404)
    expect((await merge(secret, open_, {}, ben)).status).toBe(404)
    expect((await merge(open_, await make('Bens', {}, ben))).status).toBe(403)
    expect((await merge(await make('Bens too', {}, ben), open_)).status).toBe(403)
    expect((await merge(open_, open_)).status).toBe(400)
    expect((await merge(open_, '7')).status).toBe(404)
    const ads = (await server.post('/boards', { name: 'x', is_ads_only: true }, ann)).body.id
    for (const [from, to] of [
      [ads, open_],
      [open_, ads],
    ] as const)
      expect((await merge(from, to)).status).toBe(400)
    expect(await isSeen()).toBe(false)
    const countSeen = async () => (await server.get('/user_account', open)).body.pin_count
    const before = await countSeen()
    expect((await merge(secret, open_)).status).toBe(200)
    expect([await isSeen(), (await countSeen()) - before]).toEqual([true, 1])
    const hidden = await make('Again', { privacy: 'SECRET' })
    expect((await merge(open_, hidden)).status).toBe(200)
    expect([await isSeen(), (await countSeen()) - before]).toEqual([false, 0])
    // Two at once: one of them finds nothing any more.
    const [a, b, c] = [await make('One'), await make('Two'), await make('Three')]
    const answers = await Promise.all([merge(a, b), merge(b, a), merge(a, c)])
    expect(answers.some(({ status }) => status === 200)).toBe(true)
    expect(answers.every(({ status }) => [200, 404].includes(status))).toBe(true)
  })

  test('what others pinned to a group board stays theirs when it is merged', async () => {
    const shared = await story.board('With Ben')
    await server.setCollaborator(shared, 'ann', 'ben', true)
    const pin = await story.pin(shared, 'Of Ben', {}, ben)
    const secret = await story.board('Ann alone', { privacy: 'SECRET' })
    expect((await story.merge(shared, secret, {}, ben)).status).toBe(403)
    expect((await story.merge(shared, secret)).status).toBe(200)
    expect((await server.get(`/pins/${pin}`, ben)).body).toMatchObject({ board_id: secret, is_owner: true })
    expect((await server.get(`/boards/${secret}`, ben)).status).toBe(404)
    expect((await server.get('/boards', ben)).text).not.toContain(shared)
  })
})

test('what was arranged and merged is sound', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-arranging-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const server = await startTestServer({ dataDir, ephemeral: false })
  const { board: make, pin, section, merge, update, arrange } = storyOf(server, {})
  const [from, into] = [await make('From', { privacy: 'SECRET' }), await make('Into')]
  const shelf = await section(from, 'Shelf')
  await section(into, 'shelf')
  const pins = [await pin(from, 'A'), await pin(from, 'B', { board_section_id: shelf }), await pin(into, 'C')]
  await update(into, { cover_pin_id: pins[2] })
  await update(from, { cover_pin_id: pins[0] })
  await arrange(from, { ids: [pins[0]], to: 'first' })
  expect((await merge(from, into, { as_section: true })).status).toBe(200)
  await expectSound(dataDir)
  await server.request('POST', `/_pinfold/trash/${pins[2]}`)
  await expectSound(dataDir)
})
