import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { newContext, openHome } from '@pinfold/test-support/browser-page'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let browser: Browser
const bob = { token: people.bob.token }
/** The passwords, as they are changed here. */
const passwords: Record<'alice' | 'bob', string> = { alice: people.alice.password, bob: people.bob.password }

beforeAll(async () => {
  server = await startTestServer()
  const makeBoard = async (name: string, privacy: string, who: object = {}): Promise<string> =>
    (await server.post('/boards', { name, privacy }, who)).body.id
  const makePin = async (board: string, title: string, hue: number, more: object = {}, who: object = {}) => {
    const given = { board_id: board, title, media_source: await base64Source(hue), ...more }
    expect((await server.post('/pins', given, who)).status).toBe(201)
  }
  const lamps = await makeBoard('Lamps', 'PUBLIC')
  await makePin(lamps, 'Brass lamp', 1, { link: 'https://www.example.com/brass' })
  await makePin(lamps, 'Paper lamp', 2)
  await makePin(await makeBoard('Hidden lamps', 'SECRET'), 'Secret lamp', 3)
  await makePin(await makeBoard("Lamps of Bob's", 'PUBLIC', bob), 'Oil lamp', 4, {}, bob)
  browser = await sharedBrowser()
})

const screens = [
  { name: 'a wide window, light', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'a phone, dark', width: 390, height: 780, colorScheme: 'dark' },
] as const
type Screen = (typeof screens)[number]

/** Opens a page, for somebody who is signed in or for a visitor. It fails the test if the browser reports any error. */
async function newPage(
  { width, height, colorScheme }: Screen,
  who: 'alice' | 'bob' | 'visitor' = 'alice',
): Promise<Page> {
  const context = await newContext(browser, { viewport: { width, height }, colorScheme })
  const page = await context.newPage()
  if (who !== 'visitor') await openHome(page, server.url, { username: who, password: passwords[who] })
  return page
}

const titlesOn = (page: Page) => page.getByRole('list', { name: 'Found Pins' }).locator('.cap').allTextContents()
const shows = (page: Page, titles: string[]) => expect.poll(() => titlesOn(page)).toEqual(titles)
const hasNoOverflow = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')

/** Types into the field for searching, once it has the focus: a Pin over the wall is closed before. */
async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/')
  await page.locator('.search-field input:focus').waitFor()
  await page.keyboard.type(text)
}

describe.each(screens)('finding on $name', (screen) => {
  test('somebody types, chooses from what is suggested, or looks through all that is found', async () => {
    const page = await newPage(screen)
    await page.getByRole('link', { name: 'Paper lamp' }).waitFor()
    // Who types slowly gets suggestions on the way, which these replace.
    const suggested = page.waitForResponse((response) => new URL(response.url()).searchParams.get('query') === 'lam')
    await search(page, 'lam')
    await suggested
    const options = page.getByRole('option')
    await options.first().waitFor()
    expect(await options.allTextContents()).toEqual(
      expect.arrayContaining(['Secret lamp', 'Oil lamp', 'Lamps', expect.stringContaining("Lamps of Bob's")]),
    )
    expect(await axeProblems(page)).toEqual([])
    await page.keyboard.press('ArrowDown')
    const [first = ''] = await options.allTextContents()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/pin\/\d+$/)
    await page.getByRole('heading', { name: first, level: 1 }).waitFor()

    await search(page, 'lamp')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/search\?q=lamp$/)
    await shows(page, ['Oil lamp', 'Secret lamp', 'Paper lamp', 'Brass lamp'])
    expect([await page.title(), await hasNoOverflow(page)]).toEqual(['Pins for “lamp” · Pinfold', true])
    expect(await axeProblems(page)).toEqual([])

    await page.getByRole('button', { name: 'Mine' }).click()
    await shows(page, ['Secret lamp', 'Paper lamp', 'Brass lamp'])
    await page.getByRole('button', { name: 'Has a link' }).click()
    await shows(page, ['Brass lamp'])
    await page.reload()
    await shows(page, ['Brass lamp'])
    await page.getByLabel('Kind').selectOption('Videos')
    await page.getByRole('heading', { name: 'No Pin matches' }).waitFor()
    await page.getByRole('link', { name: 'Clear' }).click()
    await shows(page, ['Secret lamp', 'Paper lamp', 'Brass lamp'])
    await page.getByLabel('Site').fill('https://example.com/anything')
    await page.keyboard.press('Enter')
    await shows(page, ['Brass lamp'])
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByLabel('Board', { exact: true }).selectOption('Hidden lamps')
    await shows(page, ['Secret lamp'])
  })

  test('boards and people have their own lists', async () => {
    const page = await newPage(screen)
    await page.goto(`${server.url}/search/boards?q=lamps`)
    await page.getByRole('link', { name: "Lamps of Bob's" }).waitFor()
    for (const name of ['Lamps', 'Hidden lamps', "Lamps of Bob's"])
      expect(await page.locator('.board-card .name', { hasText: new RegExp(`^${name}$`) }).count(), name).toBe(1)
    expect([await hasNoOverflow(page), await axeProblems(page)]).toEqual([true, []])
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('heading', { name: 'Nobody matches' }).waitFor()
    await page.goto(`${server.url}/search/people?q=BO`)
    await page.getByRole('link', { name: /@bob/ }).click()
    await page.waitForURL(`${server.url}/u/bob`)
  })

  test('a visitor finds what is public, and nothing else', async () => {
    const page = await newPage(screen, 'visitor')
    await page.goto(`${server.url}/search?q=lamp`)
    await shows(page, ['Oil lamp', 'Paper lamp', 'Brass lamp'])
    expect(await page.getByRole('button', { name: 'Mine' }).count()).toBe(0)
    await page.getByRole('combobox', { name: 'Search' }).fill('hidden')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'No Pin matches' }).waitFor()
    await page.goto(`${server.url}/search?mine=1`)
    await page.getByRole('heading', { name: 'Sign in to see this' }).waitFor()
    expect(await axeProblems(page)).toEqual([])
  })

  test('the palette goes anywhere and does anything, by keyboard alone', async () => {
    const page = await newPage(screen)
    await page.getByRole('link', { name: 'Paper lamp' }).waitFor()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Go anywhere, do anything' })
    /** A dialog that is closed is out of reach before it is gone. */
    const isClosed = () => page.locator('.palette').waitFor({ state: 'detached' })
    await palette.getByRole('option', { name: 'Hidden lamps' }).waitFor()
    expect(await axeProblems(page)).toEqual([])
    const theme = () => page.locator('html').getAttribute('data-theme')
    await page.keyboard.type('switch light')
    await palette.getByRole('option', { name: /^Switch between/, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await isClosed()
    expect(await theme()).toBe(screen.colorScheme === 'dark' ? 'light' : 'dark')

    await page.keyboard.press('Control+k')
    await palette.waitFor()
    await page.keyboard.type('hidden lam')
    await palette.getByRole('option', { name: 'Hidden lamps', selected: true }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Hidden lamps', level: 1 }).waitFor()

    await page.keyboard.press('Control+k')
    await palette.waitFor()
    await page.keyboard.press('Escape')
    await isClosed()
    await page.keyboard.press('Control+k')
    await palette.waitFor()
    await page.keyboard.type('deutsch')
    await palette.getByRole('option', { name: /Deutsch/, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Suche' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
  })
})

describe.each(screens)('an account on $name', (screen) => {
  test('its profile is changed, and shows it', async () => {
    const page = await newPage(screen, 'bob')
    await page.getByRole('button', { name: /account menu/ }).click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor()
    expect([await hasNoOverflow(page), await axeProblems(page)]).toEqual([true, []])
    await page.getByRole('button', { name: 'For a business' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Bob & Sons')
    await page.getByLabel('About').fill(`Lamps, seen on ${screen.name}`)
    await page.getByLabel('Website').fill('no address')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('alert').getByText('an address that begins with').waitFor()
    await page.getByLabel('Website').fill('lamps.example')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Profile saved').waitFor()
    await page.goto(`${server.url}/u/bob`)
    await page.getByRole('heading', { name: 'Bob & Sons', level: 1 }).waitFor()
    await page.getByText(`Lamps, seen on ${screen.name}`).waitFor()
    expect(await page.getByRole('link', { name: 'lamps.example' }).getAttribute('href')).toBe('https://lamps.example/')
  })

  test('its password is changed, and another browser signed out', async () => {
    const [page, other] = [await newPage(screen, 'bob'), await newPage(screen, 'bob')]
    await page.goto(`${server.url}/settings/security`)
    await page.getByLabel('Current password').fill('not the password')
    await page.getByLabel('New password').fill(`bobs-password on ${screen.name}`)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('alert').getByText('not right').waitFor()
    expect([await hasNoOverflow(page), await axeProblems(page)]).toEqual([true, []])
    const row = page.getByRole('listitem').filter({ hasText: 'Signed in on' })
    await row
      .getByRole('button', { name: /^Sign out/ })
      .first()
      .click()
    await page.getByText('Signed out there').waitFor()
    await other.goto(`${server.url}/settings`)
    await other.getByRole('heading', { name: 'Sign in to see this' }).waitFor()
    await page.getByLabel('Current password').fill(passwords.bob)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Password changed').waitFor()
    passwords.bob = `bobs-password on ${screen.name}`
    await newPage(screen, 'bob')
  })

  test('an app is connected no longer', async () => {
    const page = await newPage(screen)
    await page.goto(`${server.url}/settings/apps`)
    await page.getByText('May see and change what you have').first().waitFor()
    expect([await hasNoOverflow(page), await axeProblems(page)]).toEqual([true, []])
    const name = screen.width > 1000 ? 'Trial app' : 'Test app'
    await page.getByRole('button', { name: `Remove ${name}` }).click()
    await page.getByText(`${name} has no access any more`).waitFor()
    await page.getByRole('button', { name: `Remove ${name}` }).waitFor({ state: 'detached' })
  })

  test('its followers are listed', async () => {
    await server.post('/user_account/following/alice', {}, bob)
    const page = await newPage(screen, 'visitor')
    await page.goto(`${server.url}/u/alice`)
    await page.getByRole('link', { name: '1 follower' }).click()
    await page.getByRole('heading', { name: 'Followers of alice' }).waitFor()
    await page.getByRole('link', { name: /@bob/ }).waitFor()
    expect([await hasNoOverflow(page), await axeProblems(page)]).toEqual([true, []])
  })
})
