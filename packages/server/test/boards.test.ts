import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const noSecretRead = {
  text: 'pina_no_secret_read_00000000',
  scopes: allScopesBut('boards:read_secret', 'pins:read_secret'),
}
const noSecretWrite = {
  text: 'pina_no_secret_write_0000000',
  scopes: allScopesBut('boards:write_secret', 'pins:write_secret'),
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ tokens: [noSecretRead, noSecretWrite] })
})

describe('a board', () => {
  test('is made, read, changed and deleted', async () => {
    const made = await server.post('/boards', { name: 'Summer recipes', description: 'Salads' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      name: 'Summer recipes',
      description: 'Salads',
      privacy: 'PUBLIC',
      owner: { username: 'alice' },
      pin_count: 0,
      is_ads_only: false,
      created_at: '2026-03-14T09:26:53',
      media: { image_cover_url: null, pin_thumbnail_urls: [] },
    })
    expect((await server.get(`/boards/${made.body.id}`)).body).toEqual(made.body)

    const changed = await server.patch(`/boards/${made.body.id}`, { name: 'Winter recipes', privacy: 'SECRET' })
    expect(changed.status).toBe(200)
    expect(changed.body).toEqual({ ...made.body, name: 'Winter recipes', privacy: 'SECRET' })

    expect((await server.delete(`/boards/${made.body.id}`)).status).toBe(204)
    const gone = await server.get(`/boards/${made.body.id}`)
    expect([gone.status, gone.body]).toEqual([404, { code: 40, message: 'Board not found.' }])
  })

  test('without a description reads back with an empty one', async () => {
    const made = await server.post('/boards', { name: 'Undescribed' })
    expect(made.body.description).toBe('')
    const nulled = await server.patch(`/boards/${made.body.id}`, { description: null })
    expect(nulled.body.description).toBe('')
  })

  test('has a name that no other of its owner has, whatever the case and spaces', async () => {
    await server.post('/boards', { name: 'Only one' })
    const second = await server.post('/boards', { name: ' only  ONE ' })
    expect(second.status).toBe(409)
    expect(second.body).toEqual({ code: 58, message: 'Try a different name. You already have a board with this name!' })
    expect((await server.post('/boards', { name: 'Only one' }, { token: people.bob.token })).status).toBe(201)

    const other = await server.post('/boards', { name: 'Another' })
    const renamed = await server.patch(`/boards/${other.body.id}`, { name: 'ONLY ONE' })
    expect(renamed.status).toBe(409)
    expect(renamed.body.message).toContain('Could not edit board')
    expect((await server.patch(`/boards/${other.body.id}`, { name: 'ANOTHER' })).body.name).toBe('ANOTHER')
  })

  test('gives its name free when it is deleted', async () => {
    const made = await server.post('/boards', { name: 'Come and gone' })
    await server.delete(`/boards/${made.body.id}`)
    expect((await server.post('/boards', { name: 'Come and gone' })).status).toBe(201)
  })

  test('for advertising only is protected and has a fixed name', async () => {
    const made = await server.post('/boards', { name: 'Whatever', is_ads_only: true, privacy: 'PUBLIC' })
    expect(made.body).toMatchObject({ name: 'Ad-only Pins', privacy: 'PROTECTED', is_ads_only: true })
    const renamed = await server.patch(`/boards/${made.body.id}`, { name: 'Something else' })
    expect(renamed.status).toBe(400)
  })

  test('shows the newest pictures, and tells when its Pins changed', async () => {
    const board = (await server.post('/boards', { name: 'Covers' })).body
    server.clock.advance(60_000)
    const first = await server.post('/pins', { board_id: board.id, media_source: await base64Source(1) })
    const second = await server.post('/pins', { board_id: board.id, media_source: await base64Source(2) })
    const shown = (await server.get(`/boards/${board.id}`)).body
    expect(shown.pin_count).toBe(2)
    expect(shown.media.image_cover_url).toBe(second.body.media.images['400x300'].url)
    expect(shown.media.pin_thumbnail_urls).toEqual([first.body.media.images['150x150'].url])
    expect(Date.parse(shown.board_pins_modified_at) - Date.parse(shown.created_at)).toBe(60_000)

    await server.delete(`/pins/${second.body.id}`)
    const after = (await server.get(`/boards/${board.id}`)).body
    expect([after.pin_count, after.media.image_cover_url]).toEqual([1, first.body.media.images['400x300'].url])
  })

  test('shows its cover and the five pictures before it, none twice (12.17)', async () => {
    const board = (await server.post('/boards', { name: 'Many covers' })).body
    const images = []
    for (const seed of [1, 2, 3, 4, 5, 6, 7]) {
      const pin = await server.post('/pins', { board_id: board.id, media_source: await base64Source(seed) })
      images.unshift(pin.body.media.images)
    }
    const [cover, ...others] = images
    const mediaNow = async () => (await server.get(`/boards/${board.id}`)).body.media
    expect(await mediaNow()).toEqual({
      image_cover_url: cover['400x300'].url,
      pin_thumbnail_urls: others.slice(0, 5).map((each) => each['150x150'].url),
    })
    await server.post('/pins', { board_id: board.id, media_source: await base64Source(7) })
    expect((await mediaNow()).pin_thumbnail_urls).not.toContain(cover['150x150'].url)
  })

  test('says when its Pins changed to the microsecond, once it had one (12.17)', async () => {
    const { id, board_pins_modified_at: atFirst } = (await server.post('/boards', { name: 'To the second' })).body
    expect(atFirst).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    const pin = (await server.post('/pins', { board_id: id, media_source: await base64Source(1) })).body
    const modified = async () => (await server.get(`/boards/${id}`)).body.board_pins_modified_at
    expect(await modified()).toBe(`${atFirst}.000000`)
    server.clock.advance(1250)
    await server.delete(`/pins/${pin.id}`)
    expect(await modified()).toMatch(/\.250000$/)
  })
})

test('secret boards and their Pins are counted only for a token that may see them (12.7)', async () => {
  const boardsOnly = 'pina_secret_boards_only_00000'
  const open = 'pina_nothing_secret_000000000'
  const own = await startTestServer({
    tokens: [
      { text: boardsOnly, scopes: allScopesBut('pins:read_secret') },
      { text: open, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') },
    ],
  })
  for (const privacy of ['PUBLIC', 'SECRET']) {
    const { id } = (await own.post('/boards', { name: privacy, privacy })).body
    await own.post('/pins', { board_id: id, media_source: await base64Source(1) })
  }
  const counts = async (token?: string) => {
    const { board_count, pin_count } = (await own.get('/user_account', token ? { token } : {})).body
    return [board_count, pin_count]
  }
  expect(await counts()).toEqual([2, 2])
  expect(await counts(boardsOnly)).toEqual([2, 1])
  expect(await counts(open)).toEqual([1, 1])
})

test('boards come by name, whatever its case, and page by page while they change (12.17)', async () => {
  const own = await startTestServer()
  for (const name of ['pears', 'Apples', 'Ähren', 'cherries', 'Bananas']) await own.post('/boards', { name })
  const page = async (query: string) => (await own.get(`/boards?page_size=2&${query}`)).body
  const namesOf = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name)
  const first = await page('')
  expect(namesOf(first)).toEqual(['Apples', 'Bananas'])
  await own.post('/boards', { name: 'Aprikosen' })
  await own.delete(`/boards/${first.items[1].id}`)
  const second = await page(`bookmark=${first.bookmark}`)
  expect(namesOf(second)).toEqual(['cherries', 'pears'])
  const last = await page(`bookmark=${second.bookmark}`)
  expect([namesOf(last), last.bookmark]).toEqual([['Ähren'], null])
})

test('a board with the longest name has a bookmark that is taken, and one that grows beyond it is refused', async () => {
  const own = await startTestServer()
  const longest = '🏺'.repeat(180)
  for (const name of [longest, '🐢'.repeat(180)]) await own.post('/boards', { name })
  const { items, bookmark } = (await own.get('/boards?page_size=1')).body
  expect(items[0].name).toBe(longest)
  expect((await own.get(`/boards?page_size=1&bookmark=${bookmark}`)).body.items).toHaveLength(1)
  const spelledOut = await own.post('/boards', { name: '\ufdfa'.repeat(180) })
  expect([spelledOut.status, spelledOut.body.code]).toEqual([400, 1])
})

describe('privacy', () => {
  test('filters the list', async () => {
    const token = people.bob.token
    for (const privacy of ['PUBLIC', 'PROTECTED', 'SECRET'])
      await server.post('/boards', { name: privacy, privacy }, { token })
    const names = async (filter: string) => {
      const { body } = await server.get(`/boards?privacy=${filter}`, { token })
      return body.items.map((board: { name: string }) => board.name).filter((name: string) => name !== 'Only one')
    }
    expect(await names('ALL')).toEqual(['PROTECTED', 'PUBLIC', 'SECRET'])
    expect(await names('PUBLIC')).toEqual(['PUBLIC'])
    expect(await names('PROTECTED')).toEqual(['PROTECTED'])
    expect(await names('SECRET')).toEqual(['SECRET'])
    expect(await names('PUBLIC_AND_SECRET')).toEqual(['PUBLIC', 'SECRET'])
  })

  test('hides a secret board from a token without boards:read_secret, as if it were not there', async () => {
    const secret = (await server.post('/boards', { name: 'Hidden', privacy: 'SECRET' })).body
    const pin = (await server.post('/pins', { board_id: secret.id, media_source: await base64Source(3) })).body
    const token = noSecretRead.text
    expect((await server.get(`/boards/${secret.id}`, { token })).status).toBe(404)
    expect((await server.get(`/boards/${secret.id}/pins`, { token })).status).toBe(404)
    expect((await server.get(`/boards/${secret.id}/sections`, { token })).status).toBe(404)
    expect((await server.delete(`/boards/${secret.id}`, { token })).status).toBe(404)
    expect((await server.get(`/pins/${pin.id}`, { token })).status).toBe(404)
    expect(
      (await server.post('/pins', { board_id: secret.id, media_source: await base64Source(4) }, { token })).status,
    ).toBe(404)
    const listed = await server.get('/boards?page_size=250', { token })
    expect(listed.body.items.map((board: { id: string }) => board.id)).not.toContain(secret.id)
    expect((await server.get('/boards?privacy=SECRET', { token })).body).toEqual({ items: [], bookmark: null })
    const pins = await server.get('/pins?page_size=250', { token })
    expect(pins.body.items.map((item: { id: string }) => item.id)).not.toContain(pin.id)
    expect((await server.get(`/pins/${pin.id}`)).status).toBe(200)
  })

  test('of a name that is taken tells no token of a secret board', async () => {
    const token = noSecretRead.text
    const secret = (await server.post('/boards', { name: 'Surprise party', privacy: 'SECRET' })).body
    const made = await server.post('/boards', { name: 'surprise  Party' }, { token })
    expect(made.status).toBe(201)
    expect((await server.post('/boards', { name: 'Surprise party' }, { token })).status).toBe(409)
    expect((await server.post('/boards', { name: 'Surprise party', privacy: 'SECRET' })).status).toBe(409)

    const named = async (query: string) => {
      const { items, bookmark } = (await server.get(`/boards?${query}`)).body
      return [items.map(({ id }: { id: string }) => id), bookmark]
    }
    const [all] = await named('page_size=250')
    const at = all.indexOf(made.body.id)
    expect(all[at + 1]).toBe(secret.id)
    const [firsts, bookmark] = await named(`page_size=${at + 1}`)
    expect(firsts.at(-1)).toBe(made.body.id)
    expect((await named(`page_size=1&bookmark=${bookmark}`))[0]).toEqual([secret.id])

    const opened = await server.patch(`/boards/${secret.id}`, { privacy: 'PUBLIC' })
    expect([opened.status, opened.body.code]).toEqual([409, 58])
    expect((await server.patch(`/boards/${secret.id}`, { description: 'Shh' })).status).toBe(200)
    expect((await server.patch(`/boards/${secret.id}`, { name: 'Party', privacy: 'PUBLIC' })).status).toBe(200)
    expect((await server.patch(`/boards/${secret.id}`, { name: 'SURPRISE PARTY' }, { token })).status).toBe(409)
  })

  test('lets a token without the secret write scopes see, but not change', async () => {
    const secret = (await server.post('/boards', { name: 'Look only', privacy: 'SECRET' })).body
    const token = noSecretWrite.text
    expect((await server.get(`/boards/${secret.id}`, { token })).status).toBe(200)
    const refused = [
      await server.patch(`/boards/${secret.id}`, { name: 'New' }, { token }),
      await server.delete(`/boards/${secret.id}`, { token }),
      await server.post(`/boards/${secret.id}/sections`, { name: 'New' }, { token }),
      await server.post('/boards', { name: 'New secret', privacy: 'SECRET' }, { token }),
      await server.post('/pins', { board_id: secret.id, media_source: await base64Source(5) }, { token }),
    ]
    for (const { status, body } of refused) expect([status, body.code]).toEqual([401, 3])
    expect((await server.get(`/boards/${secret.id}`)).body.name).toBe('Look only')
  })

  test('of a board is that of its Pins, at once', async () => {
    const board = (await server.post('/boards', { name: 'Turning secret' })).body
    const pin = (await server.post('/pins', { board_id: board.id, media_source: await base64Source(6) })).body
    await server.patch(`/boards/${board.id}`, { privacy: 'SECRET' })
    expect((await server.get(`/pins/${pin.id}`, { token: noSecretRead.text })).status).toBe(404)
    await server.patch(`/boards/${board.id}`, { privacy: 'PUBLIC' })
    expect((await server.get(`/pins/${pin.id}`, { token: noSecretRead.text })).status).toBe(200)
  })

  test('keeps others out: a foreign board is forbidden, a foreign secret one does not exist', async () => {
    const open = (await server.post('/boards', { name: 'Foreign' })).body
    const secret = (await server.post('/boards', { name: 'Foreign secret', privacy: 'SECRET' })).body
    const token = people.bob.token
    const foreign = await server.get(`/boards/${open.id}`, { token })
    expect([foreign.status, foreign.body]).toEqual([
      403,
      { code: 29, message: 'You are not permitted to access that resource.' },
    ])
    expect((await server.patch(`/boards/${open.id}`, { name: 'Mine now' }, { token })).status).toBe(403)
    expect((await server.delete(`/boards/${open.id}`, { token })).status).toBe(403)
    expect((await server.get(`/boards/${secret.id}`, { token })).status).toBe(404)
  })
})

describe('sections', () => {
  test('are made, listed, renamed and deleted with their Pins', async () => {
    const board = (await server.post('/boards', { name: 'With sections' })).body
    const made = await server.post(`/boards/${board.id}/sections`, { name: 'Salads' })
    expect([made.status, made.body]).toEqual([201, { id: expect.stringMatching(/^\d+$/), name: 'Salads' }])
    const section = made.body
    await server.post(`/boards/${board.id}/sections`, { name: 'Soups' })
    const renamed = await server.patch(`/boards/${board.id}/sections/${section.id}`, { name: 'Green salads' })
    expect(renamed.body).toEqual({ id: section.id, name: 'Green salads' })
    const listed = await server.get(`/boards/${board.id}/sections`)
    expect(listed.body.items.map(({ name }: { name: string }) => name)).toEqual(['Soups', 'Green salads'])

    const source = await base64Source(7)
    const inside = (
      await server.post('/pins', { board_id: board.id, board_section_id: section.id, media_source: source })
    ).body
    const outside = (await server.post('/pins', { board_id: board.id, media_source: source })).body
    expect(inside.board_section_id).toBe(section.id)
    const inSection = await server.get(`/boards/${board.id}/sections/${section.id}/pins`)
    expect(inSection.body.items.map(({ id }: { id: string }) => id)).toEqual([inside.id])

    expect((await server.delete(`/boards/${board.id}/sections/${section.id}`)).status).toBe(204)
    expect((await server.get(`/pins/${inside.id}`)).status).toBe(404)
    expect((await server.get(`/pins/${outside.id}`)).status).toBe(200)
    expect((await server.get(`/boards/${board.id}`)).body.pin_count).toBe(1)
    const again = await server.delete(`/boards/${board.id}/sections/${section.id}`)
    expect([again.status, again.body]).toEqual([404, { code: 404, message: 'Board section not found.' }])
  })

  test('have names that are unique on their board', async () => {
    const board = (await server.post('/boards', { name: 'Unique sections' })).body
    await server.post(`/boards/${board.id}/sections`, { name: 'One' })
    const second = await server.post(`/boards/${board.id}/sections`, { name: 'one' })
    expect([second.status, second.body.code]).toEqual([409, 409])
    const two = (await server.post(`/boards/${board.id}/sections`, { name: 'Two' })).body
    expect((await server.patch(`/boards/${board.id}/sections/${two.id}`, { name: 'ONE' })).status).toBe(409)
  })

  test('answer errors in the words the description gives them', async () => {
    const board = (await server.post('/boards', { name: 'Section errors' })).body
    const blank = await server.post(`/boards/${board.id}/sections`, { name: ' ' })
    expect([blank.status, blank.body.code]).toEqual([400, 400])
    expect(blank.body.message).toContain('Invalid board section parameters.')
    const foreign = await server.post(`/boards/${board.id}/sections`, { name: 'X' }, { token: people.bob.token })
    expect([foreign.status, foreign.body]).toEqual([
      403,
      { code: 403, message: 'Not authorized to create board sections.' },
    ])
    const missing = await server.get(`/boards/${board.id}/sections/1/pins`)
    expect([missing.status, missing.body]).toEqual([404, { code: 404, message: 'Board or section not found.' }])
  })
})

test('deleting a board takes its sections, its Pins and the counts along', async () => {
  const before = (await server.get('/user_account')).body
  const board = (await server.post('/boards', { name: 'All goes' })).body
  const section = (await server.post(`/boards/${board.id}/sections`, { name: 'Part' })).body
  const pin = (
    await server.post('/pins', {
      board_id: board.id,
      board_section_id: section.id,
      media_source: await base64Source(8),
    })
  ).body
  const between = (await server.get('/user_account')).body
  expect([between.board_count, between.pin_count]).toEqual([before.board_count + 1, before.pin_count + 1])
  await server.delete(`/boards/${board.id}`)
  expect((await server.get(`/pins/${pin.id}`)).status).toBe(404)
  expect((await fetch(pin.media.images['600x'].url)).status).toBe(404)
  expect((await server.get('/user_account')).body).toEqual(before)
})
