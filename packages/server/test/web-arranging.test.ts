import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { looks, newContext, type SessionCookie, sessionCookie } from '@pinfold/test-support/browser-page'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let browser: Browser
/** Who is signed in, as the browser keeps it. */
let cookie: SessionCookie
let hue = 0

beforeAll(async () => {
  const opened = sharedBrowser()
  server = await startTestServer()
  cookie = await sessionCookie(server.url, people.alice)
  browser = await opened
})

/** Opens a page for somebody who is signed in. It fails the test if the browser reports any error. */
async function newPage(options: BrowserContextOptions): Promise<Page> {
  const context = await newContext(browser, options)
  await context.addCookies([cookie])
  return context.newPage()
}

const makeBoard = async (name: string, more = {}): Promise<string> =>
  (await server.post('/boards', { name, ...more })).body.id
const makeSection = async (board: string, name: string): Promise<string> =>
  (await server.post(`/boards/${board}/sections`, { name })).body.id
async function makePins(board_id: string, titles: string): Promise<void> {
  for (const title of titles.split(' ')) {
    const answer = await server.post('/pins', { board_id, title, media_source: await base64Source(++hue) })
    expect(answer.status).toBe(201)
  }
}
const web = async (path: string) => (await server.get(`/_pinfold/web${path}`)).body
/** The Pins of a board in its order, as the server has it. */
const orderOf = async (board: string, section?: string): Promise<string> => {
  const { items } = await web(`/boards/${board}/pins${section ? `?section_id=${section}` : ''}`)
  return items.map(({ title }: { title: string }) => title).join(' ')
}
const sectionsOf = async (board: string): Promise<string> =>
  (await web(`/boards/${board}/sections`)).items.map(({ name }: { name: string }) => name).join(' ')

const link = (page: Page, title: string): Locator => page.getByRole('link', { name: title, exact: true })
/** The Pins of a wall, as they are shown. */
const shown = (page: Page): Promise<string> =>
  page.locator('.wall a[data-pin]').evaluateAll((all) =>
    all
      .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      .map((each) => each.textContent)
      .join(' '),
  )

/** Takes something with the mouse to a part of something else, and looks before it lets go. */
async function drag(
  page: Page,
  from: Locator,
  to: Locator,
  { part = 0.5, before = async () => {} }: { part?: number; before?: () => Promise<void> } = {},
): Promise<void> {
  await to.waitFor()
  const [a, b] = [await from.boundingBox(), await to.boundingBox()]
  if (!a || !b) throw new Error('There is nothing to drag.')
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 3)
  await page.mouse.down()
  await page.mouse.move(a.x + a.width / 2 + 8, a.y + a.height / 3 + 8)
  await page.mouse.move(b.x + b.width * part, b.y + b.height / 2, { steps: 3 })
  await before()
  await page.mouse.up()
}

/** Waits until the page listens to drags. */
const untilDraggable = (page: Page) => page.locator('[data-draggable]').waitFor({ state: 'attached' })
const choose = async (page: Page, action: string) => {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.locator('.menu').getByRole('button', { name: action, exact: true }).click()
}

test('Pins are dragged among the others, several at once, onto sections and boards; and all of it is undone', async () => {
  const [board, other] = [await makeBoard('Rooms'), await makeBoard('Elsewhere')]
  await makePins(board, 'A B C D E')
  const shelf = await makeSection(board, 'Shelf')
  const page = await newPage({ viewport: { width: 1280, height: 844 } })
  await page.goto(server.url)
  await page.evaluate(`localStorage.setItem('pinfold-last-boards', '[{"id":"${other}","name":"Elsewhere"}]')`)
  await page.goto(`${server.url}/board/${board}`)
  await untilDraggable(page)
  expect(await shown(page)).toBe('E D C B A')
  await drag(page, link(page, 'A'), link(page, 'E'), {
    part: 0.2,
    before: async () => {
      await page.locator('.lifted img').waitFor()
      await page.locator('.drop-line').waitFor()
    },
  })
  await page.getByText('Pin moved', { exact: true }).waitFor()
  expect(await shown(page)).toBe('A E D C B')
  await expect.poll(() => orderOf(board)).toBe('A E D C B')
  expect(new URL(page.url()).pathname).toBe(`/board/${board}`)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Undone').waitFor()
  expect(await shown(page)).toBe('E D C B A')
  expect(await orderOf(board)).toBe('E D C B A')

  // Escape leaves everything where it is.
  await drag(page, link(page, 'A'), link(page, 'E'), { part: 0.2, before: () => page.keyboard.press('Escape') })
  await page.locator('.lifted').waitFor({ state: 'detached' })
  expect(await shown(page)).toBe('E D C B A')

  await link(page, 'D').focus()
  await page.keyboard.press('x')
  await link(page, 'B').click()
  await page.getByText('2 selected').waitFor()
  await drag(page, link(page, 'B'), link(page, 'A'), {
    part: 0.9,
    before: () => page.locator('.lifted-count', { hasText: '2' }).waitFor(),
  })
  await page.getByText('2 Pins moved', { exact: true }).waitFor()
  await expect.poll(() => shown(page)).toBe('E C A D B')
  await expect.poll(() => orderOf(board)).toBe('E C A D B')

  await drag(page, link(page, 'D'), page.getByRole('link', { name: 'Shelf 0 Pins' }), {
    before: () => page.locator('.section[data-drop="Drop 2 Pins here"]').waitFor(),
  })
  await page.getByText('2 Pins moved to Shelf').waitFor()
  await page.getByRole('link', { name: 'Shelf 2 Pins' }).waitFor()
  expect(await orderOf(board, shelf)).toBe('D B')

  const [from] = [await link(page, 'C').boundingBox()]
  await page.mouse.move((from?.x ?? 0) + 40, (from?.y ?? 0) + 40)
  await page.mouse.down()
  await page.mouse.move((from?.x ?? 0) + 60, (from?.y ?? 0) + 60)
  const target = page.locator('.drop-board', { hasText: 'Elsewhere' })
  const box = await target.boundingBox()
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20)
  await page.locator('.drop-board[data-drop="Drop Pin here"]').waitFor()
  await page.mouse.up()
  await page.getByText('Pin moved to Elsewhere').waitFor()
  expect(await orderOf(other)).toBe('C')

  // What others arrange meanwhile is seen without reloading.
  await makePins(board, 'F')
  await expect.poll(() => shown(page)).toBe('F E A D B')
  const ids = (await web(`/boards/${board}/pins`)).items.map(({ id }: { id: string }) => id)
  await server.post(`/_pinfold/web/boards/${board}/pins/arrange`, { ids: [ids[3], ids[0]], to: 'last' })
  await expect.poll(() => shown(page)).toBe('E A B D F')

  await page.goto(`${server.url}/board/${board}/section/${shelf}`)
  await untilDraggable(page)
  await drag(page, link(page, 'B'), page.locator('[data-drop-out]'))
  await page.getByText('Pin moved out of its section').waitFor()
  expect(await orderOf(board, shelf)).toBe('D')
  // What is clicked is opened as ever.
  await link(page, 'D').click()
  await page.getByRole('heading', { name: 'D', level: 1 }).waitFor()
})

describe.each(looks)('boards are arranged by buttons, $colorScheme, $width px wide', ({ colorScheme, width }) => {
  const open = () => newPage({ colorScheme, viewport: { width, height: 844 }, hasTouch: width === 390 })
  const readable = async (page: Page, what: string) => expect(await axeProblems(page), what).toEqual([])

  test('Pins and sections, one step or to the end', async () => {
    const board = await makeBoard(`Steps ${width}`)
    await makePins(board, 'A B C D')
    for (const name of ['Three', 'Two', 'One']) await makeSection(board, name)
    const page = await open()
    await page.goto(`${server.url}/board/${board}`)
    await link(page, 'A').focus()
    await page.keyboard.press('x')
    const bar = page.getByRole('region', { name: 'Selected Pins' })
    await bar.getByRole('button', { name: 'Arrange' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'First', exact: true }).click()
    await expect.poll(() => shown(page)).toBe('A D C B')
    await dialog.getByRole('button', { name: 'Later', exact: true }).click()
    await expect.poll(() => orderOf(board)).toBe('D A C B')
    await readable(page, 'Pins')
    await dialog.getByRole('button', { name: 'Into Two' }).click()
    await page.getByText('Pin moved to Two').waitFor()
    await page.getByRole('link', { name: 'Two 1 Pin' }).waitFor()

    await choose(page, 'Order of sections')
    await dialog.getByRole('button', { name: 'Move Three up' }).click()
    await dialog.getByRole('button', { name: 'Move Three up' }).click()
    await expect.poll(() => sectionsOf(board)).toBe('Three One Two')
    await readable(page, 'sections')
    await dialog.getByRole('button', { name: 'Done' }).click()
    if (width !== 1280) return
    await untilDraggable(page)
    await drag(page, page.getByRole('link', { name: /^Three/ }), page.getByRole('link', { name: /^Two/ }), {
      part: 0.9,
    })
    await page.getByText('Section moved').waitFor()
    await expect.poll(() => sectionsOf(board)).toBe('One Two Three')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone').waitFor()
    expect(await sectionsOf(board)).toBe('Three One Two')
  })

  test('a cover is chosen, a board archived and merged', async () => {
    const [board, into] = [await makeBoard(`Drafts ${width}`, { privacy: 'SECRET' }), await makeBoard(`Open ${width}`)]
    await makePins(board, 'First Second')
    await makePins(into, 'Third')
    const page = await open()
    const dialog = page.getByRole('dialog')
    const coverOf = async () => (await server.get(`/boards/${board}`)).body.media.image_cover_url
    const newest = await coverOf()
    await page.goto(`${server.url}/board/${board}`)
    await choose(page, 'Choose cover')
    await dialog.getByRole('button', { name: 'Use Second as cover' }).waitFor()
    await readable(page, 'covers')
    await dialog.getByRole('button', { name: 'Use First as cover' }).click()
    await page.getByText('Cover changed').waitFor()
    expect(await coverOf()).not.toBe(newest)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone').waitFor()
    expect(await coverOf()).toBe(newest)

    await choose(page, 'Archive')
    await page.getByText(`Board Drafts ${width} archived`).waitFor()
    await page.locator('.badge', { hasText: 'Archived' }).waitFor()
    await page.goto(`${server.url}/u/alice`)
    await page.getByRole('link', { name: `Open ${width}` }).waitFor()
    expect(await page.getByRole('link', { name: `Drafts ${width}` }).count()).toBe(0)
    await page.getByRole('link', { name: 'Archived' }).click()
    await page.getByRole('link', { name: `Drafts ${width}` }).click()
    await choose(page, 'Take out of the archive')
    await page.getByText(`Board Drafts ${width} is among your boards again`).waitFor()

    // Who types faster than the boards come gets the one that was meant, and makes no new one of its name.
    const { promise: entered, resolve: letBoardsCome } = Promise.withResolvers<void>()
    await page.route(/\/boards\?.*page_size=250/, (route) => entered.then(() => route.continue()))
    await choose(page, 'Merge into another')
    await dialog.getByRole('searchbox', { name: 'Find or name a board' }).fill(`open ${width}`)
    await page.keyboard.press('Enter')
    letBoardsCome()
    await dialog.getByText(`Everybody will see these Pins: Open ${width} is public.`).waitFor()
    await dialog.getByRole('button', { name: `Section Drafts ${width}` }).click()
    await readable(page, 'a merge')
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    await page.getByText(`Drafts ${width} merged into Open ${width}`).waitFor()
    await page.getByRole('heading', { name: `Open ${width}`, level: 1 }).waitFor()
    await page.getByRole('link', { name: `Drafts ${width} 2 Pins` }).waitFor()
    expect((await orderOf(into)).split(' ').toSorted()).toEqual(['First', 'Second', 'Third'])
    expect((await server.get(`/boards/${board}`)).status).toBe(404)
  })
})
