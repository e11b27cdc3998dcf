import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { looks, newContext, type SessionCookie, sessionCookie } from '@pinfold/test-support/browser-page'
import { tools } from '@pinfold/test-support/clips'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source, picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { clip } from '@pinfold/test-support/uploads'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let browser: Browser
let site: Awaited<ReturnType<typeof webServer>>
let cookie: SessionCookie

beforeAll(async () => {
  const opened = sharedBrowser()
  const sizes = { '/tall.jpg': [600, 900], '/wide.jpg': [900, 600], '/square.jpg': [500, 500] } as const
  const pictures = new Map<string, Buffer>()
  for (const [i, [path, [width, height]]] of Object.entries(sizes).entries())
    pictures.set(path, await picture({ width, height, hue: 40 * i + 20 }))
  site = await webServer((request, response) => {
    const bytes = pictures.get(request.url ?? '')
    if (bytes) response.setHeader('content-type', 'image/jpeg').end(bytes)
    else if (request.url === '/kitchens')
      response.setHeader('content-type', 'text/html').end(
        `<title>Kitchens we like</title><meta name=description content="Three of them.">
         <meta property=og:image content=/wide.jpg><img src=tall.jpg alt="Open shelves" width=600 height=900>
         <img src=square.jpg width=500><img src=missing.jpg width=400>`,
      )
    else if (request.url === '/words') response.setHeader('content-type', 'text/html').end('<p>Words.')
    else response.writeHead(404).end()
  })
  server = await startTestServer()
  cookie = await sessionCookie(server.url, people.alice)
  browser = await opened
  return async () => {
    await server.close()
    await site.close()
  }
})

/** Opens a page for Alice. It fails the test if the browser reports an error, or asks any other server. */
async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await newContext(browser, options)
  await context.addCookies([cookie])
  const page = await context.newPage()
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http')) expect(origin).toBe(server.url)
  })
  return page
}

const pinsOn = async (board: string) => (await server.get(`/boards/${board}/pins`)).body.items

/** Plays the video of a Pin's page with the bar and the keys. */
async function plays(page: Page): Promise<void> {
  const player = page.getByRole('group', { name: 'Video: Two colours' })
  const bar = player.getByRole('slider', { name: 'Place in the video' })
  const at = async () => Number(await bar.inputValue())
  await player.getByRole('button', { name: 'Play' }).click()
  await player.getByRole('button', { name: 'Pause' }).waitFor()
  await expect.poll(at).toBeGreaterThan(0.2)
  await page.keyboard.press('k')
  await player.getByRole('button', { name: 'Play' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await expect.poll(at).toBeGreaterThan(1.9)
  expect(await bar.getAttribute('aria-valuetext')).toBe('0:02 of 0:02')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(at).toBe(0)
  await bar.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(at).toBeGreaterThan(0)
  await page.keyboard.press('Space')
  await player.getByRole('button', { name: 'Pause' }).waitFor()
  await page.keyboard.press('m')
  await player.getByRole('button', { name: 'Sound on' }).waitFor()
  await player.getByRole('button', { name: 'Full screen' }).click()
  await player.getByRole('button', { name: 'Leave full screen' }).click()
  await player.getByRole('button', { name: 'Full screen' }).waitFor()
  expect(await axeProblems(page)).toEqual([])
}

/** Opens the page of new Pins, with a new board chosen. */
async function create(page: Page, name: string): Promise<string> {
  const { id } = (await server.post('/boards', { name })).body
  await page.goto(`${server.url}/create`)
  await page.getByRole('button', { name: /^Board / }).click()
  await page.getByRole('searchbox', { name: 'Find or name a board' }).fill(name)
  await page.keyboard.press('Enter')
  return id
}

test('what is refused is said in the language of the page', async () => {
  const page = await newPage({ locale: 'de' })
  await page.goto(`${server.url}/create`)
  const field = page.getByLabel('Adresse einer Seite oder eines Bildes')
  const problems = {
    [`${site.url}/gone`]: 'Unter dieser Adresse ist nichts.',
    'http://10.0.0.1/cup.jpg': 'Von dort holt der Server nichts.',
    [`${site.url}/words`]: 'Auf dieser Seite ist kein Bild.',
  }
  for (const [address, said] of Object.entries(problems)) {
    await field.fill(address)
    await field.press('Enter')
    await page.getByText(said).waitFor()
  }
  const pin = await server.post('/pins', {
    board_id: (await server.post('/boards', { name: 'Deutsch' })).body.id,
    media_source: await base64Source(),
  })
  await page.goto(`${server.url}/pin/${pin.body.id}`)
  await page.getByRole('button', { name: 'Bearbeiten' }).click()
  await page.getByLabel('Link', { exact: true }).fill('gopher://example.com')
  await page.getByRole('button', { name: 'Änderungen speichern' }).click()
  await page.getByText('Es muss eine Adresse sein, die mit https:// beginnt.').waitFor()
})

describe.each(looks)('$width px wide', ({ colorScheme, width }) => {
  const options = { colorScheme, viewport: { width, height: 844 } }

  test('somebody pins pictures of a page: its words come along, and can be changed', async () => {
    const page = await newPage(options)
    const board = await create(page, `Kitchens ${width}`)
    const field = page.getByLabel('Address of a page or a picture')
    await field.fill(`${site.url}/kitchens`)
    await field.press('Enter')
    const choice = page.getByRole('region', { name: '4 pictures on “Kitchens we like”' })
    await choice.getByText('900 × 600').waitFor()
    await choice.getByText('600 × 900').waitFor()
    await choice.getByText('Cannot be shown').waitFor()
    const pressed = () => choice.getByRole('button', { pressed: true }).count()
    expect(await pressed()).toBe(1)
    expect(await axeProblems(page)).toEqual([])

    await choice.getByRole('button', { name: 'Choose all' }).click()
    await page.getByRole('button', { name: 'Create 4 Pins' }).waitFor()
    await choice.getByRole('button', { name: 'Picture 4' }).focus()
    await page.keyboard.press('Space')
    await choice.getByRole('button', { name: 'Picture 3' }).click()
    expect(await pressed()).toBe(2)
    await choice.getByRole('button', { name: 'Close the pictures of Kitchens we like' }).click()
    const titles = page.getByRole('list', { name: 'New Pins' }).getByRole('textbox')
    await titles.last().fill('Open shelves')
    await page.getByRole('button', { name: 'Create 2 Pins' }).click()
    await page.getByText('2 of 2 made').waitFor()
    expect(
      (await pinsOn(board)).map(({ title, description, link, alt_text }: Record<string, unknown>) => [
        title,
        description,
        link,
        alt_text,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['Kitchens we like', 'Three of them.', `${site.url}/kitchens`, null],
        ['Open shelves', 'Three of them.', `${site.url}/kitchens`, 'Open shelves'],
      ]),
    )
  })

  test('of a list of pages and pictures each gives one; others of a page can be chosen', async () => {
    const page = await newPage(options)
    const board = await create(page, `List ${width}`)
    await page.getByLabel('Address of a page or a picture').focus()
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', ${JSON.stringify(`${site.url}/kitchens\n${site.url}/tall.jpg\n${site.url}/words\n${site.url}/nothing`)})
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })()`)
    await page.getByText('There is no picture on this page.').waitFor()
    await page.getByText('There is nothing at this address.').waitFor()
    await page.getByRole('button', { name: 'Create 2 Pins' }).waitFor()
    await page.getByRole('button', { name: 'Pictures of the page of Kitchens we like' }).click()
    await page.getByRole('button', { name: 'Open shelves' }).click()
    await page.getByRole('button', { name: 'Create 3 Pins' }).click()
    await page.getByText('3 of 3 made').waitFor()
    expect(await pinsOn(board)).toHaveLength(3)
  })

  test('a profile picture is chosen and cropped, seen everywhere, and removed with a way back', async () => {
    const page = await newPage(options)
    await page.goto(`${server.url}/settings`)
    const shown = async () => (await server.get('/user_account')).body.profile_image
    const drawn = await shown()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose a picture' }).click()
    const wide = await picture({ width: 900, height: 300, hue: width })
    await (await chooser).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: wide })
    const dialog = page.getByRole('dialog', { name: 'Choose what is shown' })
    await dialog.getByRole('slider', { name: 'Across' }).focus()
    await page.keyboard.press('End')
    await dialog.getByRole('slider', { name: 'Zoom' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await dialog.getByRole('slider', { name: 'Down' }).isEnabled()).toBe(true)
    const box = await dialog.getByRole('img').locator('..').boundingBox()
    await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100)
    await page.mouse.down()
    await page.mouse.move((box?.x ?? 0) + 150, (box?.y ?? 0) + 100)
    await page.mouse.up()
    expect(await axeProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Use picture' }).click()
    await page.getByText('Picture saved').waitFor()
    const chosen = await shown()
    expect(chosen).not.toBe(drawn)
    const inBar = page.getByRole('button', { name: 'account menu' }).locator('img')
    await expect.poll(() => inBar.getAttribute('src')).toBe(chosen.replace('600x', '150x150'))
    expect(await axeProblems(page)).toEqual([])

    await page.getByRole('button', { name: 'Remove picture' }).click()
    await page.getByText('Picture removed').waitFor()
    expect(await shown()).toBe(drawn)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone').waitFor()
    await page.getByRole('button', { name: 'Remove picture' }).click()
    await page.getByRole('button', { name: 'Choose a picture' }).waitFor()
    expect(await shown()).toBe(drawn)
  })

  test.skipIf(!tools)('a video is uploaded, with the cover that was chosen, and taken back', async () => {
    const page = await newPage(options)
    const board = await create(page, `Videos ${width}`)
    const files = page.locator('input[type=file]')
    await files.setInputFiles([
      { name: 'two_colours.mp4', mimeType: 'video/mp4', buffer: clip },
      { name: 'broken.mov', mimeType: 'video/quicktime', buffer: Buffer.from('Not a video.') },
    ])
    await page.getByRole('button', { name: 'Details of Two colours' }).click()
    const cover = page.getByRole('slider', { name: 'Cover of the video' })
    await cover.focus()
    await page.keyboard.press('End')
    await page.getByText('The picture at 0:02').waitFor()
    expect(await axeProblems(page)).toEqual([])
    // Nothing comes through, until the sending is cancelled.
    await page.route('**/uploads/', () => {})
    await page.getByRole('button', { name: 'Create 2 Pins' }).click()
    await page.getByRole('button', { name: 'Cancel sending Two colours' }).click()
    await page.getByRole('button', { name: 'Cancel sending Broken' }).click()
    await page.unroute('**/uploads/')
    await page.getByRole('button', { name: 'Create 2 Pins' }).click()
    await page.getByText('1 of 2 made').waitFor({ timeout: onThisMachine(60_000) }) // ffmpeg yields to all else.
    await page.getByText('The file is damaged or cut off.').waitFor()
    const [pin] = await pinsOn(board)
    expect(pin).toMatchObject({ title: 'Two colours', creative_type: 'VIDEO' })
    expect(pin.dominant_color).toMatch(/^#[0-3].[0-3].[d-f].$/)

    await page.getByRole('link', { name: 'Open', exact: true }).click()
    await plays(page)
    await page.goBack()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone').waitFor()
    expect(await pinsOn(board)).toEqual([])
  })
})
