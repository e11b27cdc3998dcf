import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { newContext, openHome } from '@pinfold/test-support/browser-page'
import { banded, drawing, jpegSource } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let browser: Browser

const town = drawing(
  `<rect width="300" height="400" fill="#93c5fd"/><path d="M0 260 L110 180 L180 250 L300 150 V400 H0Z" fill="#166534"/>
   <circle cx="220" cy="90" r="40" fill="#fde047"/><rect x="40" y="300" width="60" height="70" fill="#7c2d12"/>`,
)

beforeAll(async () => {
  server = await startTestServer()
  const makeBoard = async (name: string, privacy: string) => (await server.post('/boards', { name, privacy })).body.id
  const makePin = async (board_id: string, title: string, bytes: Buffer) =>
    expect((await server.post('/pins', { board_id, title, media_source: jpegSource(bytes) })).status).toBe(201)
  const walls = await makeBoard('Walls', 'PUBLIC')
  await makePin(walls, 'Sky', await banded({ '#2563cf': 100 }))
  await makePin(walls, 'Brick', await banded({ '#ea7317': 80, '#171717': 20 }))
  await makePin(await makeBoard('Plans', 'SECRET'), 'A secret brick', await banded({ '#ea7317': 60, '#f8f7f4': 40 }))
  await makePin(await makeBoard('Studio ideas', 'PUBLIC'), 'Town', await town.clone().jpeg({ quality: 90 }).toBuffer())
  browser = await sharedBrowser()
})

const screens = [
  { name: 'a wide window, light', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'a phone, dark', width: 390, height: 780, colorScheme: 'dark' },
] as const
type Screen = (typeof screens)[number]

async function newPage({ width, height, colorScheme }: Screen, isSignedIn: boolean): Promise<Page> {
  const context = await newContext(browser, { viewport: { width, height }, colorScheme })
  const page = await context.newPage()
  if (isSignedIn) await openHome(page, server.url, people.alice)
  return page
}

const shows = (page: Page, titles: string[]) =>
  expect.poll(() => page.getByRole('list', { name: 'Found Pins' }).locator('.cap').allTextContents()).toEqual(titles)
const fits = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')

describe.each(screens)('on $name', (screen) => {
  test('who pins what they have already is told, and decides', async () => {
    const page = await newPage(screen, true)
    await page.goto(`${server.url}/create`)
    const choose = async (name: string, buffer: Buffer) => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Choose files' }).click(),
      ])
      await chooser.setFiles({ name, mimeType: 'image/jpeg', buffer })
    }
    const same = await town.clone().jpeg({ quality: 90 }).toBuffer()
    await choose('copy.jpg', same)
    await page.getByText('Already on Studio ideas').waitFor()
    expect([await axeProblems(page), await fits(page)]).toEqual([[], true])
    await page.getByRole('button', { name: 'Leave out Copy, which' }).click()
    await expect.poll(() => page.locator('.upload').count()).toBe(0)

    await choose('again.jpg', same)
    await page.getByRole('button', { name: 'Keep both of Again' }).click()
    expect(await page.getByText('Already on Studio ideas').count()).toBe(0)
    await page.getByRole('button', { name: 'Leave out Again' }).click()

    await choose('small.jpg', await town.clone().resize(130).jpeg({ quality: 70 }).toBuffer())
    await page.getByRole('button', { name: 'Create Pin', exact: true }).click()
    await page.getByText('Looks like a Pin on Studio ideas').waitFor()
    expect([await axeProblems(page), await fits(page)]).toEqual([[], true])
    await page.getByRole('button', { name: 'Leave out Small, which' }).click()
    await page.getByText('Left out').waitFor()
    const titles = async () => (await server.get('/pins')).body.items.map(({ title }: { title: string }) => title)
    await expect.poll(titles).not.toContain('Small')

    const other = await newPage(screen, true)
    const { body } = await server.get('/pins')
    await other.goto(`${server.url}/pin/${body.items.find(({ title }: { title: string }) => title === 'Town').id}`)
    await other.getByRole('button', { name: 'Save to a board' }).click()
    await other.getByRole('button', { name: 'Studio ideas' }).click()
    await other.getByText('Saved to Studio ideas, where it was already').waitFor()
    await other.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await titles()).filter((title: string) => title === 'Town')).toHaveLength(1)
  })

  test('Pins are found by a colour: chosen, typed, or taken from a Pin', async () => {
    const page = await newPage(screen, true)
    await page.goto(`${server.url}/search?q=`)
    await page.getByRole('button', { name: 'Colour', exact: true }).click()
    expect(await axeProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Orange' }).click()
    await page.waitForURL(/color=ea7317/)
    await shows(page, ['Brick', 'A secret brick'])
    expect([await page.title(), await fits(page)]).toEqual(['Pins in orange · Pinfold', true])
    await page.keyboard.press('Escape')
    expect(await axeProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.waitForURL((url) => !url.search.includes('color'))

    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').waitFor()
    await page.keyboard.type('#2460d0')
    await page.getByRole('option', { name: 'Pins in blue #2460d0' }).waitFor()
    await page.keyboard.press('Enter')
    await shows(page, ['Sky'])
    await page.getByRole('button', { name: 'Colour: Blue #2460d0' }).click()
    await page.getByLabel('Another colour').fill('#ec7519')
    await page.waitForURL(/color=ec7519/)
    await shows(page, ['Brick', 'A secret brick'])
    await page.keyboard.press('Escape')

    await page.getByRole('link', { name: 'Brick', exact: true }).click()
    const colours = page.getByRole('list', { name: 'Colours' }).getByRole('link')
    await colours.first().waitFor()
    expect(await colours.evaluateAll((all) => all.map((link) => link.getAttribute('aria-label')))).toEqual([
      expect.stringMatching(/^More in orange/),
      expect.stringMatching(/^More in black/),
    ])
    expect(await axeProblems(page)).toEqual([])
    await colours.first().press('Enter')
    await shows(page, ['Brick', 'A secret brick'])

    const visitor = await newPage(screen, false)
    await visitor.goto(`${server.url}/search?q=&color=ea7317`)
    await shows(visitor, ['Brick'])
    await visitor.goto(`${server.url}/search?q=&color=nothing`)
    await shows(visitor, ['Town', 'Brick', 'Sky'])
  })
})
