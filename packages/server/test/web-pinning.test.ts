import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { looks, newContext, type SessionCookie, sessionCookie } from '@pinfold/test-support/browser-page'
import { sqlite } from '@pinfold/test-support/databases'
import { as, startGroupServer } from '@pinfold/test-support/group-boards'
import { base64Source, picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

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
async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await newContext(browser, options)
  await context.addCookies([cookie])
  return context.newPage()
}

const widths = [1280, 390] as const
const sized = (width: number) => ({ viewport: { width, height: 844 } })

const makeBoard = async (name: string, options = {}): Promise<string> =>
  (await server.post('/boards', { name }, options)).body.id
async function makePin(board: string, title: string, options = {}): Promise<string> {
  const answer = await server.post(
    '/pins',
    { board_id: board, title, media_source: await base64Source(++hue) },
    options,
  )
  expect(answer.status).toBe(201)
  return answer.body.id
}
const pinsOn = async (board: string) => (await server.get(`/boards/${board}/pins`)).body.items
const titlesOn = async (board: string): Promise<string[]> =>
  (await pinsOn(board)).map(({ title }: { title: string }) => title)
const file = async (name: string) => ({ name, mimeType: 'image/png', buffer: await picture({ hue: ++hue }) })

/** Drops files on the page, as from a window of the system. */
async function drop(page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const data = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString('base64') }))
  await page.evaluate(`(() => {
    const transfer = new DataTransfer()
    for (const { name, mimeType, text } of ${JSON.stringify(data)})
      transfer.items.add(new File([Uint8Array.fromBase64(text)], name, { type: mimeType }))
    for (const type of ['dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
  })()`)
}

describe.each(widths)('somebody makes Pins, %s px wide', (width) => {
  test('of files dropped anywhere: with words, on a new board, and takes them back', async () => {
    const page = await newPage(sized(width))
    await page.goto(server.url)
    await page.getByRole('link', { name: 'Create' }).locator('visible=true').waitFor()
    await drop(page, [
      await file('stone_wall.png'),
      await file('IMG_2041.png'),
      { ...(await file('log.pdf')), mimeType: 'application/pdf' },
    ])
    await page.getByRole('heading', { name: 'New Pins', level: 1 }).waitFor()
    const list = page.getByRole('list', { name: 'New Pins' })
    expect(await list.getByRole('textbox').evaluateAll((all) => all.map((one) => 'value' in one && one.value))).toEqual(
      ['Stone wall', ''],
    )
    await page.getByText('Neither a picture nor a video').waitFor()
    await list.getByLabel('Title of IMG_2041.png').fill('Gate')
    await page.getByRole('button', { name: 'Details of Gate' }).click()
    await page.getByLabel('Picture in words').fill('A wooden gate in a wall')

    const name = `Walls ${width}`
    await page.getByRole('button', { name: /^Board / }).click()
    await page.getByRole('searchbox', { name: 'Find or name a board' }).fill(name)
    await page.getByRole('button', { name: `New board “${name}”` }).click()
    await page.getByRole('button', { name: 'Create board' }).click()
    await page.getByRole('button', { name: 'Create 2 Pins' }).click()
    await page.getByText(`2 Pins created on ${name}`).waitFor()
    await page.getByText('2 of 2 made').waitFor()

    const board = (await server.get('/boards?page_size=250')).body.items.find(
      (one: { name: string }) => one.name === name,
    )
    expect(await pinsOn(board.id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ title: 'Stone wall', alt_text: null }),
        expect.objectContaining({ title: 'Gate', alt_text: 'A wooden gate in a wall' }),
      ]),
    )
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone').waitFor()
    expect(await pinsOn(board.id)).toEqual([])
    await page.getByRole('button', { name: 'Create 2 Pins' }).click()
    await page.getByText('2 of 2 made').waitFor()
    expect((await titlesOn(board.id)).sort()).toEqual(['Gate', 'Stone wall'])
  })

  test('of an address; what cannot be fetched stays in its row, to be tried again', async () => {
    const board = await makeBoard(`Addresses ${width}`)
    let isThere = false
    const bytes = await picture({ hue: ++hue })
    const site = await webServer((_request, response) => {
      if (isThere) response.setHeader('content-type', 'image/png').end(bytes)
      else response.writeHead(404).end()
    })
    onTestFinished(() => site.close())
    const page = await newPage(sized(width))
    await page.goto(`${server.url}/create`)
    await page.getByRole('button', { name: /^Board / }).click()
    await page.getByRole('searchbox', { name: 'Find or name a board' }).fill(`addresses ${width}`)
    await page.keyboard.press('Enter')
    await page.getByLabel('Address of a page or a picture').fill('no address')
    await page.keyboard.press('Enter')
    await page.getByText('Type an address that begins with https://').waitFor()
    await page.getByLabel('Address of a page or a picture').fill(`${site.url}/cup.png`)
    await page.keyboard.press('Enter')
    await page.getByText('There is nothing at this address.').waitFor()
    isThere = true
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Create Pin' }).click()
    await page.getByText('1 of 1 made').waitFor()
    expect(await pinsOn(board)).toHaveLength(1)
  })

  test('of somebody else’s, with one click once a board was chosen with two', async () => {
    const [bobs, mine] = [
      await makeBoard(`Bob’s ${width}`, { token: people.bob.token }),
      await makeBoard(`Kept ${width}`),
    ]
    const pin = await makePin(bobs, `Rake ${width}`, { token: people.bob.token })
    const page = await newPage(sized(width))
    await page.goto(`${server.url}/pin/${pin}`)
    await page.getByRole('button', { name: 'Save to a board' }).click()
    await page.getByRole('button', { name: `Kept ${width}` }).click()
    await page.getByText(`Saved to Kept ${width}`).waitFor()
    await page.getByRole('button', { name: `Saved to Kept ${width}. Save elsewhere` }).waitFor()
    await expect.poll(() => titlesOn(mine)).toEqual([`Rake ${width}`])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => titlesOn(mine)).toEqual([])
    await page.getByRole('button', { name: `Save to Kept ${width}` }).click()
    await expect.poll(() => titlesOn(mine)).toEqual([`Rake ${width}`])
  })

  test('of their own into others: words, board and section change in place, and back', async () => {
    const [from, to] = [await makeBoard(`From ${width}`), await makeBoard(`To ${width}`)]
    const section = (await server.post(`/boards/${to}/sections`, { name: 'Shelf' })).body.id
    const pin = await makePin(from, `Jug ${width}`)
    const page = await newPage(sized(width))
    await page.goto(`${server.url}/pin/${pin}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Title').fill('Blue jug')
    await page.getByLabel('Link').fill('gopher://example.com')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Link').fill('https://example.com/jug')
    await page.getByRole('button', { name: `Board From ${width}` }).click()
    await page.getByRole('button', { name: `To ${width}` }).click()
    await page.getByLabel('Section').selectOption('Shelf')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('heading', { name: 'Blue jug', level: 1 }).waitFor()
    expect((await server.get(`/pins/${pin}`)).body).toMatchObject({
      title: 'Blue jug',
      link: 'https://example.com/jug',
      board_id: to,
      board_section_id: section,
    })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: `Jug ${width}`, level: 1 }).waitFor()
    expect((await server.get(`/pins/${pin}`)).body).toMatchObject({
      link: null,
      board_id: from,
      board_section_id: null,
    })

    await page.getByRole('button', { name: 'Move' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `To ${width}` })
      .click()
    await page.getByText(`Pin moved to To ${width}`).waitFor()
    expect(await titlesOn(to)).toEqual([`Jug ${width}`])
  })

  test('what they delete comes back, at once or out of the trash', async () => {
    const board = await makeBoard(`Shelf ${width}`)
    const [cup, jug] = [await makePin(board, `Cup ${width}`), await makePin(board, `Jug ${width}`)]
    const page = await newPage(sized(width))
    await page.goto(`${server.url}/pin/${cup}`)
    await page.getByRole('button', { name: 'Delete Pin' }).click()
    await page.getByRole('heading', { name: `Shelf ${width}`, level: 1 }).waitFor()
    await page.getByText('Pin moved to the trash').waitFor()
    await expect.poll(() => titlesOn(board)).toEqual([`Jug ${width}`])
    await page.keyboard.press('Control+z')
    await page.getByText('Undone').waitFor()
    expect(await titlesOn(board)).toEqual([`Jug ${width}`, `Cup ${width}`])

    for (const pin of [cup, jug]) {
      await page.goto(`${server.url}/pin/${pin}`)
      await page.getByRole('button', { name: 'Delete Pin' }).click()
      await expect.poll(async () => (await server.get(`/pins/${pin}`)).status).toBe(404)
    }
    await page.getByRole('button', { name: 'account menu' }).click()
    await page.getByRole('link', { name: 'Trash' }).click()
    await page
      .getByText(/days? left/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: `Restore Cup ${width}` }).click()
    await page.getByText('Pin restored').waitFor()
    await server.delete(`/boards/${board}`)
    const other = await makeBoard(`Other shelf ${width}`)
    await page.getByRole('button', { name: `Restore Jug ${width}` }).click()
    await page.getByRole('button', { name: `Other shelf ${width}` }).click()
    await expect.poll(() => titlesOn(other)).toEqual([`Jug ${width}`])
    await page.getByText('The trash is empty').waitFor()

    await server.request('POST', `/_pinfold/trash/${jug}`)
    await page.reload()
    await page.getByRole('button', { name: 'Empty trash' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Empty trash' }).click()
    await page.getByText('The trash is empty').waitFor()
    expect((await server.get('/_pinfold/trash')).body.items).toEqual([])
  })

  test('many are selected, and moved, changed and deleted together', async () => {
    const [from, to] = [await makeBoard(`Heap ${width}`), await makeBoard(`Order ${width}`)]
    for (const title of ['A', 'B', 'C', 'D']) await makePin(from, title)
    const page = await newPage({ ...sized(width), hasTouch: width === 390 })
    const link = (title: string) => page.getByRole('link', { name: title, exact: true })
    const bar = page.getByRole('region', { name: 'Selected Pins' })
    await page.goto(`${server.url}/board/${from}`)
    await link('D').focus()
    await page.keyboard.press('x')
    await link('B').click({ modifiers: ['Shift'] })
    await bar.getByText('3 selected').waitFor()
    await link('D').click()
    await bar.getByText('2 selected').waitFor()
    expect(await page.getByRole('button', { name: 'Select C' }).getAttribute('aria-pressed')).toBe('true')

    await bar.getByRole('button', { name: 'Move' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Order ${width}` })
      .click()
    await page.getByText(`2 Pins moved to Order ${width}`).waitFor()
    expect((await titlesOn(to)).sort()).toEqual(['B', 'C'])
    await bar.waitFor({ state: 'detached' })
    await link('B').waitFor({ state: 'detached' })

    await link('A').focus()
    await page.keyboard.press('x')
    await link('D').click()
    await bar.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Description').fill('Both')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('2 Pins changed').waitFor()
    expect(await pinsOn(from)).toMatchObject([{ description: 'Both' }, { description: 'Both' }])

    await link('A').focus()
    await page.keyboard.press('x')
    await page.keyboard.press('Escape')
    await bar.waitFor({ state: 'detached' })
    await page.keyboard.press('x')
    await link('D').click()
    await bar.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('2 Pins moved to the trash').waitFor()
    await expect.poll(() => titlesOn(from)).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone').waitFor()
    expect(await titlesOn(from)).toEqual(['D', 'A'])
  })

  test('boards and sections are made, changed and deleted where they are seen', async () => {
    const page = await newPage(sized(width))
    const name = `Kiln ${width}`
    await page.goto(`${server.url}/u/alice`)
    await page.getByRole('button', { name: 'New board' }).click()
    await page.getByLabel('Name of the board').fill(name)
    await page.getByRole('button', { name: 'Secret', exact: true }).click()
    await page.getByRole('button', { name: 'Create board' }).click()
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    const choose = async (action: string) => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('button', { name: action }).click()
    }
    await choose('New section')
    await page.getByLabel('Name of the section').fill('Glazes')
    await page.getByRole('button', { name: 'Create section' }).click()
    await page.getByRole('link', { name: 'Glazes' }).click()
    await choose('Rename section')
    await page.getByLabel('Name of the section').fill('Matt glazes')
    await page.getByRole('button', { name: 'Rename section' }).click()
    await page.getByRole('heading', { name: 'Matt glazes', level: 1 }).waitFor()
    await choose('Delete section')
    await page.getByRole('button', { name: 'Delete section' }).click()
    await page.getByRole('heading', { name, level: 1 }).waitFor()

    await choose('Edit board')
    await page.getByLabel('Description').fill('What comes out of it')
    await page.getByRole('button', { name: 'Public' }).click()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('What comes out of it').waitFor()
    await choose('Delete board')
    await page.getByRole('button', { name: 'Delete board' }).click()
    await page.getByText(`Board ${name} deleted`).waitFor()
    expect(new URL(page.url()).pathname).toBe('/u/alice')
    const { items } = (await server.get('/boards?page_size=250')).body
    expect(items.map((board: { name: string }) => board.name)).not.toContain(name)
  })
})

test('the owner of a group board deletes what others pin to it, after a question', async () => {
  const olga = { username: 'olga', password: 'olgas-password' }
  const group = await startGroupServer(sqlite.open, { names: ['olga', 'carl'], more: { olga } })
  onTestFinished(() => group.close())
  const board = (await group.post('/boards', { name: 'Ours' }, as('olga'))).body.id
  await group.setCollaborator(board, 'olga', 'carl', true)
  const given = { board_id: board, title: 'Off topic', media_source: await base64Source(++hue) }
  const pin = (await group.post('/pins', given, as('carl'))).body.id
  const page = await newPage(sized(1280))
  await page.context().clearCookies()
  await page.context().addCookies([await sessionCookie(group.url, olga)])
  await page.goto(`${group.url}/pin/${pin}`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  await page.getByText('Pin deleted for good').waitFor()
  expect((await group.get(`/boards/${board}/pins`, as('olga'))).body.items).toEqual([])
})

test('the keyboard is enough, in a wall', async () => {
  const board = await makeBoard('By keys')
  await makePin(board, 'First')
  await makePin(board, 'Second')
  const page = await newPage(sized(1280))
  await page.goto(`${server.url}/board/${board}`)
  await page.getByRole('link', { name: 'Second' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('e')
  await page.getByLabel('Title').fill('The first')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'The first' }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('s')
  await page.getByRole('searchbox', { name: 'Find or name a board' }).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.evaluate('document.activeElement.dataset.pin')).toBeTruthy()
  await page.keyboard.press('c')
  await page.getByRole('heading', { name: 'New Pins', level: 1 }).waitFor()
})

test.each(looks)('all of it can be read: $colorScheme, $width px wide', async ({ colorScheme, width }) => {
  const board = await makeBoard(`Read ${colorScheme} ${width}`)
  const pin = await makePin(board, 'Cup')
  const page = await newPage({ colorScheme, ...sized(width) })
  const readable = async (what: string) => {
    expect(await axeProblems(page), what).toEqual([])
  }
  await page.goto(`${server.url}/create`)
  await page.getByLabel('Address of a page or a picture').waitFor()
  await drop(page, [await file('cup.png'), { ...(await file('log.pdf')), mimeType: 'application/pdf' }])
  await page.getByRole('button', { name: 'Details of Cup' }).click()
  await page.getByRole('button', { name: /^Board / }).click()
  await page.getByRole('button', { name: 'New board' }).waitFor()
  await readable('new Pins')
  await page.goto(`${server.url}/board/${board}`)
  await page.getByRole('link', { name: 'Cup', exact: true }).focus()
  await page.getByRole('button', { name: 'Save', exact: true }).or(page.locator('.tray')).first().waitFor()
  await readable('a Pin that can be saved')
  await page.keyboard.press('x')
  await page.getByRole('region', { name: 'Selected Pins' }).waitFor()
  await readable('a Pin that is selected')
  await page.goto(`${server.url}/pin/${pin}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Title').waitFor()
  await readable('a Pin’s words')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^(Save to a board|Choose a board)/ }).click()
  await page.getByRole('searchbox', { name: 'Find or name a board' }).waitFor()
  await readable('boards to save to')
  await server.request('POST', `/_pinfold/trash/${pin}`)
  await page.goto(`${server.url}/trash`)
  await page.getByRole('button', { name: 'Delete Cup for good' }).first().click()
  await page.getByRole('dialog').waitFor()
  await readable('the trash')
})
