import { sharedBrowser } from '@pinfold/test-support/browser'
import { newContext, openHome } from '@pinfold/test-support/browser-page'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer } from '@pinfold/test-support/server'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

/** In everything that is secret, and in nothing else. */
const secretWord = 'zanzibar'

/** Reads an address as the app of a page does, with the session that its browser has. */
const read = (page: Page, address: string) =>
  page.evaluate<{ status: number; text: string }>(
    `fetch(${JSON.stringify(address)}, { headers: { 'x-pinfold-app': '1' } }).then(async (answer) => ({ status: answer.status, text: await answer.text() }))`,
  )

test('two accounts and a visitor, in three browsers: nothing secret of one is seen by another', async () => {
  const [server, browser] = await Promise.all([startTestServer(), sharedBrowser()])
  const post = async (path: string, body: object) => (await server.post(path, body)).body.id as string
  const pin = async (board: string, title: string, more = {}) =>
    post('/pins', { board_id: board, title, media_source: await base64Source(9), ...more })
  const open = await post('/boards', { name: 'Open shelf' })
  const secret = await post('/boards', { name: `Board ${secretWord}`, privacy: 'SECRET' })
  const section = await post(`/boards/${secret}/sections`, { name: `Section ${secretWord}` })
  const openPin = await pin(open, 'Harbour lamp')
  const secretPin = await pin(secret, `Harbour lamp ${secretWord}`, { board_section_id: section })
  const trashed = await pin(open, `Trashed ${secretWord}`)
  expect((await server.post(`/_pinfold/trash/${trashed}`)).status).toBe(204)
  const saved = await post(`/pins/${openPin}/save`, { board_id: secret })

  const pageOf = async (who?: 'alice' | 'bob') => {
    const page = await (await newContext(browser)).newPage()
    if (who) await openHome(page, server.url, people[who])
    else await page.goto(server.url)
    await page.getByRole('main').locator('.tile').first().waitFor()
    return page
  }
  const [alice, ...others] = await Promise.all([pageOf('alice'), pageOf('bob'), pageOf()])

  const web = '/_pinfold/web'
  const quotes = encodeURIComponent(server.url)
  /** What shows something secret to Alice, and nothing of it to others. */
  const lists = [
    `${web}/users/alice/boards`,
    `${web}/users/alice/pins`,
    `${web}/search/pins?query=${secretWord}`,
    `${web}/search/boards?query=${secretWord}&scope=mine`,
    `${web}/search/suggestions?query=${secretWord}`,
  ]
  /** What others are told is not there, as of an id that nothing has. */
  const guessed = [
    `${web}/boards/${secret}`,
    `${web}/boards/${secret}/pins`,
    `${web}/boards/${secret}/sections`,
    `${web}/changes?board_id=${secret}`,
    `${web}/pins/${secretPin}`,
    `${web}/pins/${saved}`,
    `/_pinfold/pins/${secretPin}/related`,
  ]
  /** What is as little for anybody. */
  const forNobody = [
    `/board/${secret}/feed.xml`,
    `/oembed?url=${quotes}/pin/${secretPin}`,
    `/oembed?url=${quotes}/board/${secret}`,
    `${web}/pins/${trashed}`,
  ]
  const shared = [
    `${web}/feed`,
    `${web}/search/boards?query=${secretWord}`,
    `${web}/search/boards?query=board`,
    `${web}/users/alice`,
    `${web}/users/bob/pins`,
    `${web}/pins/${openPin}`,
    `${web}/boards/${open}`,
    `${web}/boards/${open}/pins`,
    `/_pinfold/pins/${openPin}/related`,
    `/board/${open}/feed.xml`,
  ]
  for (const address of lists) expect((await read(alice, address)).text, address).toContain(secretWord)
  for (const address of guessed) expect((await read(alice, address)).status, address).toBe(200)
  const withoutId = (text: string) => text.replaceAll(/\d{6,}/g, '')
  for (const other of others) {
    for (const address of [...lists, ...shared]) {
      const { text } = await read(other, address)
      expect(text, address).not.toContain(secretWord)
      for (const id of [secret, section, secretPin, saved, trashed]) expect(text, address).not.toContain(id)
    }
    for (const address of [...guessed, ...forNobody]) {
      const [real, nothing] = [await read(other, address), await read(other, address.replace(/\d{6,}/, '999999'))]
      expect([real.status, withoutId(real.text)], address).toEqual([404, withoutId(nothing.text)])
    }
    // Counts: of the boards and Pins that they may see, and of saves.
    const profile = JSON.parse((await read(other, `${web}/users/alice`)).text)
    expect([profile.board_count, profile.pin_count]).toEqual([1, 1])
    expect(JSON.parse((await read(other, `${web}/pins/${openPin}`)).text).saved_by.count).toBe(0)
    // Pages at guessed addresses say the same as of nothing, also in what they tell programs of themselves.
    for (const [kind, id] of [
      ['pin', secretPin],
      ['pin', trashed],
      ['board', secret],
    ]) {
      const answer = await other.goto(`${server.url}/${kind}/${id}`)
      expect(answer?.status()).toBe(404)
      expect(await answer?.text()).not.toContain(secretWord)
      await other.getByRole('heading', { level: 1, name: /is not here/ }).waitFor()
      expect(await other.content()).not.toContain(secretWord)
    }
  }
  // The stream of changes: what is secret moves nothing for others.
  const versions = async (page: Page) => {
    const watched = [`${web}/changes`, `${web}/changes?username=alice`, `${web}/changes?board_id=${open}`]
    return Promise.all(watched.map(async (address) => (await read(page, address)).text))
  }
  const before = await Promise.all([alice, ...others].map(versions))
  await pin(secret, `Another ${secretWord}`)
  const after = await Promise.all([alice, ...others].map(versions))
  expect(after.slice(1)).toEqual(before.slice(1))
  expect(after[0]).not.toEqual(before[0])
})
