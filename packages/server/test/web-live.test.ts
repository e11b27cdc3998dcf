import { PinterestClient } from '@pinfold/client'
import { signIn as signInProgram } from '@pinfold/client/node'
import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { newContext, openHome } from '@pinfold/test-support/browser-page'
import { measureSlowness } from '@pinfold/test-support/machine'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let browser: Browser
let hue = 0
const jpeg = { source_type: 'image_base64', content_type: 'image/jpeg' } as const

beforeAll(async () => {
  const opened = sharedBrowser()
  server = await startTestServer()
  browser = await opened
})

/** Opens a page of a browser of its own, for one of the people or a visitor. */
async function newPage(options: BrowserContextOptions, who?: keyof typeof people): Promise<Page> {
  const context = await newContext(browser, options)
  const page = await context.newPage()
  if (who) await openHome(page, server.url, people[who])
  return page
}

async function signIn(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
}

const tile = (page: Page, title: string) =>
  page.getByRole('main').locator('.tile a', { has: page.getByAltText(title, { exact: true }) })
const open = (page: Page, path: string) => page.goto(`${server.url}${path}`)

/** Runs a change, and expects what it does to an open page within two seconds, without a reload. */
async function soon(page: Page, change: () => Promise<unknown>, seen: () => Promise<void>): Promise<void> {
  await page.evaluate('window.isStill = true')
  await change()
  const began = performance.now()
  await seen()
  const ms = performance.now() - began
  // The machine may have had more to do meanwhile than when the tests began.
  expect(ms / measureSlowness()).toBeLessThan(onThisMachine(2000))
  expect(await page.evaluate('window.isStill')).toBe(true)
}

describe.each([1280, 390])('at %i px', (width) => {
  const viewport = { width, height: 800 }

  test('what a program pins for somebody appears where it is looked at, and goes where they put it', async () => {
    const page = await newPage({ viewport })
    // A program signs them in through the consent page.
    const program = new PinterestClient({ clientId: testApp.id, clientSecret: testApp.secret, baseUrl: server.url })
    const { accessToken } = await signInProgram({
      client: program,
      scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
      openBrowser: async (url) => {
        await page.goto(url)
        await signIn(page, people.alice)
        await page.getByRole('button', { name: 'Approve' }).click()
        await page.getByText('Signed in').waitFor()
      },
    })
    const client = new PinterestClient({ accessToken, baseUrl: server.url })
    const board = await client.boards.create({ name: `Finds ${width}` })
    const other = await client.boards.create({ name: `Others ${width}` })
    const pin = async (title: string, on = board.id) =>
      client.pins.create({ board_id: on, title, media_source: { ...(await base64Source(++hue)), ...jpeg } })
    await pin(`First ${width}`)

    await open(page, `/board/${board.id}`)
    const second = await newPage({ viewport })
    const third = await newPage({ viewport })
    await open(second, '/')
    await open(third, '/u/alice/pins')
    for (const each of [page, second, third]) await tile(each, `First ${width}`).waitFor()
    let made = { id: '' }
    await soon(
      page,
      async () => {
        made = await pin(`Lighthouse ${width}`)
      },
      async () => {
        await Promise.all([page, second, third].map((each) => tile(each, `Lighthouse ${width}`).waitFor()))
      },
    )
    const goneFromAll = () =>
      Promise.all(
        [page, second, third].map((each) => tile(each, `Lighthouse ${width}`).waitFor({ state: 'detached' })),
      ).then(() => undefined)
    // Moved and moved back, elsewhere.
    await soon(
      page,
      () => client.pins.update(made.id, { board_id: other.id }),
      () => tile(page, `Lighthouse ${width}`).waitFor({ state: 'detached' }),
    )
    await soon(
      page,
      () => client.pins.update(made.id, { board_id: board.id }),
      () => tile(page, `Lighthouse ${width}`).waitFor(),
    )

    // It is found, moved, deleted and brought back by hand.
    await page.keyboard.press('/')
    await page.keyboard.type(`lighthouse ${width}`)
    await page.keyboard.press('Enter')
    await tile(page, `Lighthouse ${width}`).click()
    const dialog = page.getByRole('dialog', { name: 'Pin', exact: true })
    await dialog.getByRole('button', { name: 'Move', exact: true }).click()
    await page
      .getByRole('dialog', { name: 'Move' })
      .getByRole('button', { name: `Others ${width}` })
      .click()
    await dialog
      .getByText(`1 Pin moved to Others ${width}`)
      .or(dialog.getByText(`moved to Others ${width}`))
      .first()
      .waitFor()
    await expect.poll(async () => (await client.pins.get(made.id)).board_id).toBe(other.id)
    await open(page, `/board/${other.id}`)
    await tile(page, `Lighthouse ${width}`).focus()
    await page.keyboard.press('Delete')
    await goneFromAll()
    await page.getByRole('button', { name: 'Undo' }).click()
    await Promise.all([page, second, third].map((each) => tile(each, `Lighthouse ${width}`).waitFor()))
    expect((await client.pins.get(made.id)).id).toBe(made.id)
  })

  test('nothing moves under who has scrolled: what is new waits at the top', async () => {
    const board = (await server.post('/boards', { name: `Long ${width}` })).body.id
    const pin = async (title: string) => {
      const given = { board_id: board, title, media_source: await base64Source(++hue) }
      return (await server.post('/pins', given)).body.id
    }
    const ids: string[] = []
    for (let n = 1; n <= 34; n++) ids.push(await pin(`Stone ${n}`))
    const page = await newPage({ viewport })
    await open(page, `/board/${board}`)
    await tile(page, 'Stone 34').waitFor()
    await page.evaluate('scrollTo(0, 400)')
    const seen = tile(page, 'Stone 30')
    await seen.waitFor()
    const placeOf = async () => seen.boundingBox()
    const before = await placeOf()
    const waiting = page.getByRole('button', { name: '2 new Pins' })
    await soon(
      page,
      async () => {
        await pin('Pebble 1')
        await pin('Pebble 2')
        await server.delete(`/pins/${ids[33]}`)
      },
      () => waiting.waitFor(),
    )
    await tile(page, 'Stone 34').waitFor({ state: 'detached' })
    expect(await placeOf()).toEqual(before)
    expect(await axeProblems(page)).toEqual([])
    await waiting.click()
    await tile(page, 'Pebble 2').waitFor()
    expect(await page.evaluate('scrollY')).toBe(0)
    await waiting.waitFor({ state: 'detached' })
    expect(await tile(page, 'Stone 34').count()).toBe(0)
  })

  test('without a connection changes wait, are counted, and are sent in their order when it is back', async () => {
    const board = (await server.post('/boards', { name: `Offline ${width}` })).body.id
    const pin = async (title: string) =>
      (await server.post('/pins', { board_id: board, title, media_source: await base64Source(++hue) })).body.id
    const [cup, bowl, jug] = [await pin('Cup'), await pin('Bowl'), await pin('Jug')]
    const page = await newPage({ viewport }, 'alice')
    const connection = (text: string) => page.getByRole('status').filter({ hasText: text })
    await open(page, `/board/${board}`)
    // What is loaded when it is first needed was needed before.
    const edit = async (title: string, to: string) => {
      await tile(page, title).focus()
      await page.keyboard.press('e')
      await page.getByRole('dialog').getByLabel('Title').fill(to)
      await page.getByRole('button', { name: 'Save changes' }).click()
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    await edit('Cup', 'Mug')
    await expect.poll(async () => (await server.get(`/pins/${cup}`)).body.title).toBe('Mug')
    await page.context().setOffline(true)
    await connection('No connection to the server. What you see may be old.').waitFor()
    await tile(page, 'Bowl').focus()
    await page.keyboard.press('Delete')
    await tile(page, 'Bowl').waitFor({ state: 'detached' })
    await connection('1 change waits and is sent by itself.').waitFor()
    await edit('Jug', 'Ewer')
    await edit('Ewer', 'Pitcher')
    await connection('3 changes wait and are sent by themselves.').waitFor()
    expect(await axeProblems(page)).toEqual([])
    expect((await server.get(`/pins/${jug}`)).body.title).toBe('Jug')
    // A reload takes nothing away.
    await page.route('**/v5/pins/**', (route) => route.abort('connectionrefused'))
    await page.context().setOffline(false)
    await connection('2 changes').waitFor()
    await page.reload()
    await connection('wait and are sent by themselves.').or(connection('Sending')).first().waitFor()
    await page.unroute('**/v5/pins/**')
    await expect.poll(async () => (await server.get(`/pins/${jug}`)).body.title).toBe('Pitcher')
    expect((await server.get(`/pins/${bowl}`)).status).toBe(404)
    await page.locator('.banner.connection').waitFor({ state: 'detached' })
    await tile(page, 'Pitcher').waitFor()
    expect(await tile(page, 'Bowl').count()).toBe(0)
  })
})
