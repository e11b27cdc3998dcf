import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startServer } from '@pinfold/server'
import { launchBrowser } from '@pinfold/test-support/browser'
import type { Browser, Page } from 'playwright-core'
import { root } from './compile.ts'

// npm run screenshots [-- home pin …]: photographs the pages of the web app, or those named, on the demo, in both themes
// and three widths, into the folder `screenshots`.

const demo = { username: 'demo', password: 'pinfold-demo' }
const demoToken = 'pina_demo_0123456789abcdefghijklmnopqrstuvwxyz'
const consent =
  '/oauth/?client_id=1234567&redirect_uri=http://localhost:3000/callback&response_type=code&scope=boards:read,boards:write,pins:read,pins:write'

/** Registers an agent, and opens the page on which it asks for access. */
const agentConsent = async (page: Page) => {
  const { origin } = new URL(page.url())
  const redirect_uri = 'http://127.0.0.1:6274/oauth/callback'
  const body = JSON.stringify({ client_name: 'Pin helper', redirect_uris: [redirect_uri] })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${origin}/oauth/clients`, { method: 'POST', body, headers })
  const { client_id } = (await answer.json()) as { client_id: string }
  const asked = {
    client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'boards:read boards:write pins:read pins:write',
  }
  const pkce = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' }
  await page.goto(`${origin}/oauth/?${new URLSearchParams({ ...asked, ...pkce })}`)
}

interface Shot {
  /** The address, or what leads to it from the demo's profile. */
  path: string | ((page: Page) => Promise<void>)
  /** Whether somebody is signed in; a visitor if not given. */
  signedIn?: boolean
  /** Whether the pointer stays where `path` left it. */
  isPointing?: boolean
  /** Whether it waits for the server all the time. */
  isWaiting?: boolean
}

const firstLink = (href: string) => async (page: Page) => {
  await page.locator(`main a[href*="${href}"]`).first().click()
  await page.waitForURL((url) => url.pathname.includes(href))
}

/** Opens a dialog from the menu of a board. */
const boardDialog = (action: string) => async (page: Page) => {
  await firstLink('/board/')(page)
  await boardMenu(page, action)
}

const boardMenu = async (page: Page, action: string) => {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.locator('.menu').getByRole('button', { name: action }).click()
  await page.getByRole('dialog').locator('h2').waitFor()
}

const shots: Record<string, Shot> = {
  visitor: { path: '/' },
  home: { path: '/', signedIn: true },
  following: { path: '/following', signedIn: true },
  'for-you': { path: '/for-you', signedIn: true },
  profile: { path: '/u/demo', signedIn: true },
  'profile-pins': { path: '/u/demo/pins', signedIn: true },
  board: { path: firstLink('/board/'), signedIn: true },
  pin: {
    path: async (page) => {
      await firstLink('/board/')(page)
      await firstLink('/pin/')(page)
    },
    signedIn: true,
  },
  'pin-page': {
    path: async (page) => {
      await firstLink('/board/')(page)
      await firstLink('/pin/')(page)
      await page.reload()
    },
    signedIn: true,
  },
  create: { path: '/create', signedIn: true },
  'create-link': { path: lookAtPage, signedIn: true },
  save: {
    path: async (page) => {
      await firstLink('/board/')(page)
      await page.locator('.tile a').first().focus()
      await page.keyboard.press('s')
      await page.getByRole('dialog').getByRole('searchbox').waitFor()
    },
    signedIn: true,
  },
  select: {
    path: async (page) => {
      await firstLink('/board/')(page)
      await page.locator('.tile a').first().focus()
      await page.keyboard.press('x')
      await page.locator('.tile a').nth(2).click()
      await page.getByText('2 selected').waitFor()
    },
    signedIn: true,
  },
  cover: { path: boardDialog('Choose cover'), signedIn: true },
  merge: {
    path: async (page) => {
      await boardDialog('Merge into another')(page)
      await page.getByRole('dialog').locator('ul .pick').first().click()
      await page.getByText('cannot be undone').waitFor()
    },
    signedIn: true,
  },
  sections: {
    path: async (page) => {
      await firstLink('/board/')(page)
      await page.locator('[data-draggable]').waitFor()
      for (const name of ['Glazes', 'Kiln notes', 'Shelves']) {
        // They stay from one size to the next.
        if ((await page.locator('.section', { hasText: name }).count()) > 0) continue
        await page.getByRole('button', { name: 'More', exact: true }).click()
        await page.locator('.menu').getByRole('button', { name: 'New section' }).click()
        await page.getByLabel('Name of the section').fill(name)
        await page.getByRole('button', { name: 'Create section' }).click()
        await page.getByRole('dialog').waitFor({ state: 'hidden' })
        await page.locator('.section', { hasText: name }).waitFor()
      }
      await boardMenu(page, 'Order of sections')
    },
    signedIn: true,
  },
  'board-sections': { path: firstLink('/board/'), signedIn: true },
  arrange: {
    path: async (page) => {
      await firstLink('/board/')(page)
      await page.locator('.tile a').first().focus()
      await page.keyboard.press('x')
      await page.getByRole('button', { name: 'Arrange' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Done' }).waitFor()
    },
    signedIn: true,
  },
  drag: {
    path: async (page) => {
      await firstLink('/board/')(page)
      await page.locator('[data-draggable]').waitFor()
      await page.locator('.tile a').first().focus()
      await page.keyboard.press('x')
      await page.locator('.tile a').nth(2).click()
      const [from, to] = [
        await page.locator('.tile a').first().boundingBox(),
        await page.locator('.tile a').nth(3).boundingBox(),
      ]
      await page.mouse.move((from?.x ?? 0) + 60, (from?.y ?? 0) + 40)
      await page.mouse.down()
      await page.mouse.move((to?.x ?? 0) + 20, (to?.y ?? 0) + 60, { steps: 4 })
      await page.locator('.drop-line').waitFor()
    },
    signedIn: true,
    isPointing: true,
  },
  archived: { path: '/u/demo/archived', signedIn: true },
  trash: { path: '/trash', signedIn: true },
  settings: { path: '/settings', signedIn: true },
  search: { path: '/search?q=glaze', signedIn: true },
  colour: {
    path: async (page) => {
      await page.goto('/search?q=&color=ea7317')
      await page.getByRole('button', { name: 'Colour: Orange' }).click()
    },
    signedIn: true,
  },
  inspector: { path: inspector(), signedIn: true, isWaiting: true },
  request: { path: inspector('/v5/pins'), signedIn: true, isWaiting: true },
  review: {
    path: async (page) => {
      await inspector()(page)
      await page.goto('/developer/review')
      await page.getByText('of 5 shown').waitFor()
    },
    signedIn: true,
  },
  apps: { path: '/developer/apps', signedIn: true },
  'new-app': {
    path: async (page) => {
      await page.goto('/developer/apps')
      await page.getByRole('button', { name: 'New app' }).click()
      await page.getByRole('button', { name: 'Chosen' }).click()
    },
    signedIn: true,
  },
  tokens: {
    path: async (page) => {
      await page.goto('/developer/tokens')
      await page.getByRole('button', { name: 'New token' }).click()
      await page.getByLabel('Name').fill('Nightly job')
      await page.getByRole('button', { name: 'Create token' }).click()
      await page.locator('.shown-once').waitFor()
    },
    signedIn: true,
  },
  'new-token': {
    path: async (page) => {
      await page.goto('/developer/tokens')
      await page.getByRole('button', { name: 'New token' }).click()
      await page.getByLabel('Name').fill('Nightly job')
    },
    signedIn: true,
  },
  webhooks: { path: webhooks(), signedIn: true },
  deliveries: { path: webhooks('deliveries'), signedIn: true },
  'new-webhook': {
    path: async (page) => {
      await page.goto('/developer/webhooks')
      await page.getByRole('button', { name: 'New webhook' }).click()
      await page.getByLabel('Address').fill('https://shop.example/webhooks')
      await page.getByLabel('pin.reached').check()
      await page.getByLabel('Saves').fill('100, 1000')
    },
    signedIn: true,
  },
  control: {
    path: async (page) => {
      await page.goto('/developer/control')
      await page.getByRole('button', { name: 'New fault' }).click()
      await page.getByLabel('Operation').fill('pins/create')
      await page.getByLabel('Error').selectOption('rateLimited')
      await page.getByRole('button', { name: 'Add fault' }).click()
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      const { width } = page.viewportSize() ?? { width: 0 }
      await page.getByLabel('Name of the snapshot').fill(`before-checkout-${width}-${Date.now() % 1000}`)
      await page.getByRole('button', { name: 'Save snapshot' }).click()
      await page.getByRole('button', { name: 'Restore before' }).last().waitFor()
    },
    signedIn: true,
  },
  'new-fault': {
    path: async (page) => {
      await page.goto('/developer/control')
      await page.getByRole('button', { name: 'New fault' }).click()
    },
    signedIn: true,
  },
  missing: { path: '/nothing-here' },
  'sign-in': { path: '/oauth/sign-in?return_to=/' },
  consent: { path: consent, signedIn: true },
  'consent-agent': { path: agentConsent, signedIn: true },
}

/** Has programs send requests, and shows them in the inspector; and one of them with everything. */
function inspector(chosen?: string) {
  return async (page: Page) => {
    const headers = { authorization: `Bearer ${demoToken}`, 'content-type': 'application/json' }
    const send = (method: string, path: string, body?: object) =>
      fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    await fetch(`${server.url}/_pinfold/requests`, { method: 'DELETE' })
    await fetch(`${server.url}/_pinfold/faults`, { method: 'DELETE' })
    await send('GET', '/v5/user_account')
    await send('GET', '/v5/boards?page_size=25')
    await send('GET', '/v5/pins/9999')
    await send('GET', '/v5/pin?page_size=25')
    await send('GET', '/v5/pins?page_size=25&creative_types=REGULAR,VIDEO')
    const fault = { effect: 'error', error: 'rateLimited', retry_after: 5, operation: 'boards/create', times: 1 }
    await send('POST', '/_pinfold/faults', fault)
    await send('POST', '/v5/boards', { name: 'Rooms' })
    await send('POST', '/v5/pins', {
      title: 'Brass lamps',
      board_id: 'rooms',
      link: 'https://example.com/lamps',
      media_source: { source_type: 'image_url', url: 'https://example.com/lamps.jpg' },
    })
    await fetch(`${server.url}/v5/boards`)
    await page.goto('/developer/requests')
    await page.getByText('/v5/user_account').first().waitFor()
    if (chosen === undefined) return
    await page.getByText(chosen, { exact: true }).first().click()
    await page.getByRole('article').waitFor()
  }
}

/** Has webhooks of each kind, and shows them; or the deliveries of one, and one of these with everything. */
function webhooks(shown?: 'deliveries') {
  return async (page: Page) => {
    const receiver = createServer((request, response) => {
      request.resume()
      response.writeHead(request.url === '/shop' ? 204 : 503).end()
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const { port } = receiver.address() as AddressInfo
    const headers = { authorization: `Bearer ${demoToken}`, 'content-type': 'application/json' }
    const send = async (method: string, path: string, body?: object) => {
      const answer = await fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      // biome-ignore lint/suspicious/noExplicitAny: the answers of several operations
      return (answer.status === 204 ? {} : await answer.json()) as any
    }
    const root = '/_pinfold/webhooks'
    try {
      for (const { id } of (await send('GET', root)).items) await send('DELETE', `${root}/${id}`)
      const make = (body: object) => send('POST', root, body)
      const paused = await make({ url: 'https://old.example/hooks', events: ['token.revoked'] })
      await send('PATCH', `${root}/${paused.id}`, { status: 'paused' })
      const failing = await make({ url: `http://127.0.0.1:${port}/search`, description: 'Search index' })
      const events = ['board.created', 'pin.created', 'pin.deleted', 'pin.reached']
      const thresholds = [
        { metric: 'SAVE', count: 100 },
        { metric: 'OUTBOUND_CLICK', count: 1000 },
      ]
      await make({ url: `http://127.0.0.1:${port}/shop`, description: 'Shop', events, thresholds })
      for (const name of ['Lamps', 'Chairs', 'Rugs']) {
        const board = await send('POST', '/v5/boards', { name: `${name} ${Date.now()}` })
        await send('DELETE', `/v5/boards/${board.id}`)
      }
      await send('POST', `${root}/${failing.id}/test`)
      await page.goto('/developer/webhooks')
      await page.getByText('Nothing could be delivered').waitFor()
      if (shown === undefined) return
      await page.getByRole('link', { name: 'Deliveries of Search index' }).click()
      await page.getByRole('link', { name: 'board.created' }).first().click()
      await page.getByText('It answered with status 503').waitFor()
    } finally {
      receiver.close()
    }
  }
}

/** Has the pictures of a page to choose from: a page with those of the demo. */
async function lookAtPage(page: Page): Promise<void> {
  const addresses: string[] = await page.evaluate(
    `[...document.querySelectorAll('main a[href^="/board/"] img')].map(({ src }) => src)`,
  )
  const originals = addresses.map((address) => address.replace(/media\/[^/]+/, 'media/1200x'))
  const site = createServer((_request, response) => {
    const pictures = originals.map((address) => `<img src="${address}" alt="">`).join('')
    response.setHeader('content-type', 'text/html').end(`<title>Kitchens we like</title>${pictures}`)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  try {
    await page.goto('/create', { waitUntil: 'networkidle' })
    await page.locator('input[type=url]').first().fill(`http://127.0.0.1:${port}/kitchens`)
    await page.keyboard.press('Enter')
    await page
      .locator('.page-picture img')
      .nth(Math.min(5, originals.length - 1))
      .waitFor()
    await page.locator('.page-picture').nth(2).click()
  } finally {
    site.close()
  }
}

const widths = [
  [390, 844],
  [820, 1180],
  [1440, 900],
] as const
const themes = ['light', 'dark'] as const

/** An expression for the page. */
const visiblePicturesAreThere =
  '[...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight)'

const { positionals } = parseArgs({ allowPositionals: true })
const unknown = positionals.find((name) => !(name in shots))
if (unknown !== undefined) {
  console.error(`There is no page ${unknown}. There are: ${Object.keys(shots).join(', ')}.`)
  process.exit(2)
}

const folder = join(root, 'screenshots')
if (positionals.length === 0) await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const server = await startServer({ port: 0, ephemeral: true, seed: 'demo' })
const browser = await launchBrowser()
try {
  for (const [width, height] of widths) for (const theme of themes) await photograph(browser, { width, height, theme })
} finally {
  await browser.close()
  await server.close()
}

/** Photographs every chosen page at one size and in one theme. */
async function photograph(
  browser: Browser,
  { width, height, theme }: { width: number; height: number; theme: (typeof themes)[number] },
): Promise<void> {
  const context = () =>
    browser.newContext({
      isMobile: width < 600,
      baseURL: server.url,
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
    })
  const [visitor, person] = await Promise.all([context(), context()])
  const signIn = await person.newPage()
  await signIn.goto('/oauth/sign-in?return_to=/')
  await signIn.getByLabel('Username').fill(demo.username)
  await signIn.getByLabel('Password').fill(demo.password)
  await signIn.getByRole('button', { name: 'Sign in' }).click()
  await signIn.waitForURL('/')

  for (const [name, { path, signedIn, isPointing, isWaiting }] of Object.entries(shots)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const page = await (signedIn ? person : visitor).newPage()
    await page.goto(typeof path === 'string' ? path : '/u/demo', { waitUntil: 'networkidle' })
    if (typeof path !== 'string') await path(page)
    if (!isWaiting) await page.waitForLoadState('networkidle')
    if (!isPointing) await page.mouse.move(0, 0) // Nothing is pointed to.
    await settled(page)
    const file = join(folder, `${name}-${width}-${theme}.png`)
    await page.screenshot({ path: file })
    console.log(file)
    await page.close()
  }
  await Promise.all([visitor.close(), person.close()])
}

/** Waits until every picture in the window is there. */
async function settled(page: Page): Promise<void> {
  for (const latest = Date.now() + 10_000; Date.now() < latest; await sleep(50))
    if (await page.evaluate(visiblePicturesAreThere)) return
  throw new Error(`${page.url()} still waits for pictures.`)
}
