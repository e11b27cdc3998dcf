import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { newContext, openHome } from '@pinfold/test-support/browser-page'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { pinOf, uploaded } from '@pinfold/test-support/uploads'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

let server: TestServer
let browser: Browser
const boards: Record<string, string> = {}
const pins: Record<string, string> = {}
/** So many that a wall of them is longer than a browser should hold. */
const manyPins = 120

beforeAll(async () => {
  const opened = sharedBrowser()
  server = await startTestServer()
  browser = await opened
  const bob = { token: people.bob.token }
  const board = async (name: string, privacy: string, options = {}) => {
    boards[name] = (
      await server.post('/boards', { name, privacy, description: `${name}, and what goes with it` }, options)
    ).body.id
  }
  const pin = async (on: string, title: string, options = {}, more = {}) => {
    const given = {
      board_id: boards[on],
      title,
      link: 'https://example.com/cup',
      media_source: await base64Source(7),
      ...more,
    }
    pins[title] = (await server.post('/pins', given, options)).body.id
  }
  await board('Garden', 'PUBLIC', bob)
  for (let n = 1; n <= manyPins; n++)
    await pin('Garden', `Leaf ${n}`, bob, { media_source: await base64Source(7 + (n % 3)) })
  await board('Ceramics', 'PUBLIC')
  await board('Presents', 'SECRET')
  const { body: section } = await server.post(`/boards/${boards.Ceramics}/sections`, { name: 'Glazes' })
  await pin('Presents', 'Surprise')
  await pin('Ceramics', 'Cup', {}, { board_section_id: section.id, description: 'From the second firing' })
  const slot = { ...(await base64Source(3)), source_type: undefined }
  await pin(
    'Ceramics',
    'Two bowls',
    {},
    { media_source: { source_type: 'multiple_image_base64', items: [slot, slot] } },
  )
  const { id } = await uploaded(server)
  const { data } = await base64Source(5)
  pins.Film = (await pinOf(server, boards.Ceramics ?? '', id, { cover_image_data: data })).body.id
  expect((await server.post(`/pins/${pins.Cup}/save`, { board_id: boards.Garden }, bob)).status).toBe(201)
})

/** Opens a page that fails the test if the browser reports an error, or asks anything of another server. */
async function newPage({
  signedIn,
  ...options
}: BrowserContextOptions & { signedIn?: keyof typeof people } = {}): Promise<Page> {
  const context = await newContext(browser, { viewport: { width: 1280, height: 800 }, ...options })
  const elsewhere: string[] = []
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== server.url) elsewhere.push(request.url())
  })
  onTestFinished(() => expect(elsewhere).toEqual([]))
  const page = await context.newPage()
  if (signedIn) await openHome(page, server.url, people[signedIn])
  return page
}

const open = (page: Page, path: string) => page.goto(`${server.url}${path}`)
const tile = (page: Page, title: string) => page.locator('.tile a', { has: page.getByAltText(title, { exact: true }) })
const scrollOf = (page: Page) => page.evaluate<number>('scrollY')
const focusedPin = (page: Page) => page.evaluate<string | undefined>('document.activeElement.dataset.pin')

describe.each([1280, 390])('at %i px', (width) => {
  const viewport = { width, height: 800 }

  test('a visitor looks around, and going back leads to where they were', async () => {
    const page = await newPage({ viewport })
    const reads: string[] = []
    page.on('request', (request) => reads.push(request.url()))
    await open(page, '/')
    await tile(page, 'Cup').waitFor()
    // They came with the page; its first pictures were asked for once, while the app was loaded.
    for (const read of ['/web/session', '?page_size=30&feed=new'])
      expect(reads.filter((address) => address.endsWith(read))).toEqual([])
    const pictures = reads.filter((address) => address.includes('/media/'))
    expect(pictures.slice(0, 6)).toEqual(pictures.slice(0, 6).filter((address) => /360x\/\w+\.webp$/.test(address)))
    expect(new Set(pictures).size).toBe(pictures.length)
    expect(await page.getByAltText('Surprise').count()).toBe(0)
    // Further down than one page of the list.
    await expect
      .poll(async () => {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
        return tile(page, 'Leaf 1').isVisible()
      })
      .toBe(true)
    expect(await page.locator('.tile').count()).toBeLessThan(manyPins)
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    await tile(page, 'Leaf 1').hover() // Scrolls to it, as a click would.
    const y = await scrollOf(page)
    await tile(page, 'Leaf 1').click()
    await page.getByRole('heading', { level: 1, name: 'Leaf 1' }).waitFor()
    expect(await page.title()).toBe('Leaf 1 · Pinfold')
    expect(page.url()).toBe(`${server.url}/pin/${pins['Leaf 1']}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await scrollOf(page)).toBe(y)
    await expect.poll(() => focusedPin(page)).toBe(pins['Leaf 1'])
    // From another page too: first to the Pin, then to the wall.
    await page.goForward()
    await page.getByRole('dialog').getByRole('link', { name: /^bob/ }).click()
    await page.getByRole('heading', { level: 1, name: 'bob' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Leaf 1' }).waitFor()
    await page.goBack()
    await tile(page, 'Leaf 1').waitFor()
    await expect.poll(() => scrollOf(page)).toBe(y)
    await expect.poll(() => focusedPin(page)).toBe(pins['Leaf 1'])
  })

  test('a Pin opens over its wall, which stays as it was; by its address it is a page', async () => {
    const page = await newPage({ viewport, signedIn: 'alice' })
    await open(page, `/board/${boards.Garden}`)
    await page.getByRole('main').evaluate('window.wall = document.querySelector(".wall")')
    const dialog = page.getByRole('dialog', { name: 'Pin', exact: true })
    const heading = (name: string) => dialog.getByRole('heading', { level: 1, name, exact: true })
    await tile(page, 'Leaf 118').click()
    await heading('Leaf 118').waitFor()
    await dialog.getByText('Garden').waitFor()
    const reads: string[] = []
    page.on('request', (request) => reads.push(new URL(request.url()).pathname))
    const wallY = await scrollOf(page)
    await page.keyboard.press('j')
    await heading('Leaf 117').waitFor()
    expect([page.url(), await page.title()]).toEqual([`${server.url}/pin/${pins['Leaf 117']}`, 'Leaf 117 · Pinfold'])
    // What is like it leads on, and back to where one was.
    await dialog.locator('.tile a').first().click()
    await page.waitForURL((url) => !url.pathname.endsWith(pins['Leaf 117'] ?? ''))
    await page.keyboard.press('Escape')
    await heading('Leaf 117').waitFor()
    await page.keyboard.press('k')
    await heading('Leaf 118').waitFor()
    await page.keyboard.press('j')
    expect(reads).not.toContain(`/_pinfold/web/boards/${boards.Garden}/pins`)
    // Messages and their buttons are in reach.
    await dialog.getByRole('button', { name: 'Save to a board' }).click()
    await page.getByRole('dialog', { name: 'Save to a board' }).getByRole('button', { name: 'Ceramics' }).click()
    await dialog.getByText('Saved to Ceramics').waitFor()
    await dialog.getByRole('button', { name: 'Undo' }).click()
    await dialog.getByRole('button', { name: 'Save', exact: false }).first().waitFor()
    expect(await axeProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(page.url()).toBe(`${server.url}/board/${boards.Garden}`)
    expect(await page.title()).toBe('Garden · Pinfold')
    expect(await page.evaluate('window.wall === document.querySelector(".wall")')).toBe(true)
    expect(await scrollOf(page)).toBe(wallY)
    // The one that was looked at last, if it is in the window.
    await expect.poll(() => focusedPin(page)).toBe(pins[width > 1000 ? 'Leaf 117' : 'Leaf 118'])
    // Forward, on to its owner and back: over the wall again.
    await page.goForward()
    await dialog.getByRole('link', { name: /^bob/ }).click()
    await page.getByRole('heading', { level: 1, name: 'bob' }).waitFor()
    await page.goBack()
    await heading('Leaf 117').waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Leaf 117' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.goBack()
    await tile(page, 'Leaf 118').waitFor()
  })

  test('from a Pin one comes to its board, its section and its owner', async () => {
    const page = await newPage({ viewport })
    await open(page, `/pin/${pins.Cup}`)
    await page.getByText('From the second firing').waitFor()
    await page.getByText('Saved by bob').waitFor()
    expect(await page.getByRole('link', { name: 'Visit example.com' }).getAttribute('href')).toBe(
      `/pin/${pins.Cup}/visit`,
    )
    await page.getByRole('link', { name: /^Ceramics/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Ceramics' }).waitFor()
    expect(await page.title()).toBe('Ceramics · Pinfold')
    await page.getByRole('link', { name: 'Glazes' }).click()
    await page.getByRole('heading', { level: 1, name: 'Glazes' }).waitFor()
    await tile(page, 'Cup').waitFor()
    expect(await page.locator('.tile').count()).toBe(1)
    await page.getByRole('link', { name: 'alice' }).click()
    await page.getByRole('heading', { level: 1, name: 'alice' }).waitFor()
    await page.getByRole('link', { name: /^Ceramics/ }).waitFor()
    expect(await page.getByText('Presents').count()).toBe(0)
    await page.getByRole('link', { name: 'Pins', exact: true }).click()
    await tile(page, 'Two bowls').waitFor()
    expect(await page.getByAltText('Surprise').count()).toBe(0)
  })

  test('the video plays, and a carousel shows its pictures', async () => {
    const page = await newPage({ viewport })
    await open(page, `/pin/${pins.Film}`)
    await page.locator('video').waitFor()
    await page.evaluate(`document.querySelector('video').play()`)
    await open(page, `/pin/${pins['Two bowls']}`)
    await page.getByText('1 of 2').waitFor()
    await page.getByRole('button', { name: 'Next picture' }).click()
    await page.getByText('2 of 2').waitFor()
  })

  test('whoever is signed in sees what is secret, follows and stops to, and leaves', async () => {
    const page = await newPage({ viewport, signedIn: 'alice' })
    const boardsLink = page.getByRole('link', { name: 'Boards' }).filter({ visible: true })
    await boardsLink.click()
    await page.getByRole('link', { name: /^Presents.*secret/ }).click()
    await tile(page, 'Surprise').waitFor()
    await open(page, '/following')
    await page.getByText('Nothing here yet').waitFor()
    await open(page, '/u/bob')
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByText('Following bob').waitFor()
    await open(page, '/following')
    await tile(page, `Leaf ${manyPins}`).waitFor()
    await open(page, '/u/bob')
    await page.getByRole('button', { name: 'Following', exact: true }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Following', exact: true, pressed: true }).click()
    await page.getByText('No longer following bob').waitFor()
    await page.getByRole('button', { name: 'account menu' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    await open(page, `/board/${boards.Presents}`)
    await page.getByRole('heading', { name: 'This board is not here' }).waitFor()
  })

  // Each scheme once: it changes colours alone.
  const colorScheme = width < 600 ? 'dark' : 'light'

  test(`axe finds nothing, and nothing sticks out of the window: ${colorScheme}`, async () => {
    const page = await newPage({ viewport, colorScheme, signedIn: 'alice' })
    const check = async (path: string, text: string) => {
      await open(page, path)
      await page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor()
      expect(await axeProblems(page), path).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
    }
    await check('/', 'Cup')
    await check(`/pin/${pins.Cup}`, 'More like this')
    await check(`/pin/${pins.Film}`, 'Copy link')
    await check(`/board/${boards.Ceramics}`, 'All Pins')
    await check('/u/alice', 'Presents')
    await check('/pin/1', 'This Pin is not here')
    await page.getByRole('button', { name: 'account menu' }).click()
    expect(await axeProblems(page), 'the menu').toEqual([])
  })
})

test('the keyboard is enough', async () => {
  const page = await newPage()
  await open(page, '/')
  await tile(page, 'Cup').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
  const first = page.locator('.tile a').first()
  await first.focus()
  const at = async () => (await page.evaluateHandle('document.activeElement')).asElement()?.boundingBox()
  const start = await at()
  await page.keyboard.press('ArrowRight')
  const right = await at()
  expect(right?.x).toBeGreaterThan(start?.x ?? 0)
  await page.keyboard.press('ArrowDown')
  const below = await at()
  expect([below?.x, (below?.y ?? 0) > (right?.y ?? 0)]).toEqual([right?.x, true])
  await page.keyboard.press('ArrowLeft')
  expect((await at())?.x).toBe(start?.x)
  for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowDown')
  const far = await focusedPin(page)
  expect(await scrollOf(page)).toBeGreaterThan(800)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${server.url}/pin/${far}`)
  await page.getByRole('button', { name: 'Full size' }).waitFor()
  await page.keyboard.press('j')
  await page.waitForURL((url) => url.pathname !== `/pin/${far}`)
  await page.keyboard.press('k')
  await page.waitForURL(`${server.url}/pin/${far}`)
  await page.getByRole('button', { name: 'Full size' }).waitFor()
  await page.keyboard.press('f')
  await page.getByRole('button', { name: 'Real size' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Fit to window' }).waitFor({ state: 'hidden' })
  expect(page.url()).toBe(`${server.url}/pin/${far}`)
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.waitForURL(`${server.url}/`)
  await expect.poll(() => focusedPin(page)).toBe(far)
})

test('nothing moves when pictures arrive', async () => {
  const page = await newPage()
  await page.addInitScript(`globalThis.shifts = []; new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push(entry.value)
  }).observe({ type: 'layout-shift', buffered: true })`)
  for (const path of ['/', `/board/${boards.Ceramics}`, `/pin/${pins.Cup}`, '/u/alice']) {
    await open(page, path)
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate<number>('shifts.reduce((sum, each) => sum + each, 0)'), path).toBeLessThan(0.01)
  }
})

test('looks and language stay as they were chosen', async () => {
  const page = await newPage()
  await open(page, '/')
  await tile(page, 'Cup').waitFor()
  await page.getByRole('button', { name: 'Compact' }).filter({ visible: true }).click()
  await page.keyboard.press('t')
  const root = () => page.evaluate(`({ ...document.documentElement.dataset })`)
  expect(await root()).toEqual({ density: 'compact', theme: 'dark' })
  await page.reload()
  expect(await root()).toEqual({ density: 'compact', theme: 'dark' })
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByLabel('Language').selectOption('Deutsch')
  await page.getByRole('link', { name: 'Anmelden' }).waitFor()
  expect(await page.evaluate('document.documentElement.lang')).toBe('de')
})

test('what does not work says so, and goes on when it works again', async () => {
  const page = await newPage()
  await open(page, '/')
  await tile(page, 'Cup').waitFor()
  await page.context().setOffline(true)
  await page.getByText('No connection to the server').waitFor()
  await page.context().setOffline(false)
  await page.getByText('No connection to the server').waitFor({ state: 'hidden' })
  await open(page, '/following')
  await page.getByRole('heading', { name: 'Sign in to see this' }).waitFor()
  await open(page, '/u/nobody_here')
  await page.getByRole('heading', { name: 'Nobody here has that name' }).waitFor()
})
