import { allScopes } from '@pinfold/contract'
import { demoCredentials, startServer } from '@pinfold/server'
import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { looks } from '@pinfold/test-support/browser-page'
import { visibilityProblems } from '@pinfold/test-support/in-page'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { pinOf, uploaded } from '@pinfold/test-support/uploads'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'

let server: TestServer
let browser: Browser
let app: { url: string; close(): Promise<void> }
/** Another server of these packages, for tests that need one. */
let another: { url: string } | undefined
/** The requests to the app's redirect URI, in this test. */
let arrived: URL[] = []

beforeAll(async () => {
  server = await startTestServer()
  app = await webServer((request, response) => {
    if (request.url?.startsWith('/callback')) arrived.push(new URL(request.url, app.url))
    response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><h1>Back at the app</h1>')
  })
  browser = await sharedBrowser()
  return async () => {
    await app?.close()
  }
})
beforeEach(() => {
  arrived = []
})

const consentUrl = (scope = 'boards:read,pins:read') =>
  `${server.url}/oauth/?client_id=${testApp.id}&redirect_uri=${app.url}/callback&response_type=code&scope=${scope}&state=s`

/** Opens a page for a new visitor. It fails the test if the browser reports any error. */
async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext(options)
  context.setDefaultTimeout(onThisMachine(30_000))
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    const isRefusedForm = /the server responded with a status of [45]\d\d/.test(message.text())
    // The reference closes the window that comes back to it with a code, which may be loading then.
    const isBeingClosed = /\/docs\/\?code=/.test(message.page()?.url() ?? '')
    if (['error', 'warning'].includes(message.type()) && !isRefusedForm && !isBeingClosed)
      complaints.push(message.text())
  })
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && ![server, app, another].some((one) => one && new URL(one.url).origin === origin))
      complaints.push(`asks elsewhere: ${request.url()}`)
  })
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  return context.newPage()
}

async function signIn(page: Page, { username, password }: { username: string; password: string } = people.alice) {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Exchanges the code of the redirect, as the app would. */
async function tokenFromArrived(): Promise<string> {
  const [callback] = arrived
  const authorization = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`
  const form = {
    grant_type: 'authorization_code',
    code: callback?.searchParams.get('code') ?? '',
    redirect_uri: `${app.url}/callback`,
  }
  const { status, body } = await server.request('POST', '/oauth/token', {
    token: null,
    form,
    headers: { authorization },
  })
  expect(status).toBe(200)
  return body.access_token
}

describe.each([true, false])('with JavaScript %s', (javaScriptEnabled) => {
  test('somebody signs in, approves, and the app gets a token', async () => {
    const page = await newPage({ javaScriptEnabled })
    await page.goto(consentUrl())
    await signIn(page, { ...people.alice, password: 'mistyped' })
    expect(await page.getByRole('alert').textContent()).toBe('The username or the password is not right.')
    expect(await page.getByLabel('Username').inputValue()).toBe('alice')
    await signIn(page)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Test app asks for access')
    expect(await page.getByRole('listitem').allTextContents()).toEqual([
      'See your public and protected boards',
      'See your public Pins',
    ])
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Back at the app').waitFor()
    expect(arrived.map(({ search }) => search)).toEqual([expect.stringMatching(/^\?code=[\w-]+&state=s$/)])
    expect((await server.get('/boards', { token: await tokenFromArrived() })).status).toBe(200)
  })

  test('somebody denies', async () => {
    const page = await newPage({ javaScriptEnabled })
    await page.goto(consentUrl())
    await signIn(page)
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByText('Back at the app').waitFor()
    expect(arrived.map(({ search }) => search)).toEqual(['?error=access_denied&state=s'])
  })

  test('a newcomer signs up on the way, and another signs in after them', async () => {
    const page = await newPage({ javaScriptEnabled })
    const username = `newcomer_${javaScriptEnabled}`
    await page.goto(consentUrl('user_accounts:read'))
    await page.getByRole('link', { name: 'Sign up' }).click()
    await page.getByRole('heading', { name: 'Sign up' }).waitFor()
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password').fill('newcomers-password')
    await page.getByLabel('Account').selectOption('For a business')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('button', { name: `Not ${username}? Sign out` }).click()
    await signIn(page, people.bob)
    await page.getByText('Signed in as bob').waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Back at the app').waitFor()
    const account = await server.get('/user_account', { token: await tokenFromArrived() })
    expect(account.body.username).toBe('bob')
  })
})

test('the keyboard is enough, and shows where it is', async () => {
  const page = await newPage()
  await page.goto(consentUrl())
  const focused = () =>
    page.evaluate<{ name: string; outline: number }>(
      `(() => { const at = document.activeElement; const name = at.name || at.textContent
        return { name, outline: parseFloat(getComputedStyle(at).outlineWidth) } })()`,
    )
  const tab = async (name: string) => {
    await page.keyboard.press('Tab')
    expect(await focused()).toEqual({ name, outline: 3 })
  }
  expect(await focused()).toEqual({ name: 'username', outline: 3 })
  await page.keyboard.type('alice')
  await tab('password')
  await page.keyboard.type(people.alice.password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await tab('decision')
  await tab('decision')
  await tab('Not alice? Sign out')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  await page.getByText('Back at the app').waitFor()
  expect(arrived[0]?.searchParams.get('code')).toMatch(/^[\w-]+$/)
})

describe('sign-in and consent (12.27)', () => {
  test('keep the name of the app after a wrong password, and put the cursor where it is needed', async () => {
    const page = await newPage()
    await page.goto(consentUrl())
    const focused = () => page.evaluate('document.activeElement.name')
    expect(await focused()).toBe('username')
    await signIn(page, { ...people.alice, password: 'mistyped' })
    await page.getByRole('alert').waitFor()
    expect(await page.getByText('asks for access').textContent()).toBe('Test app asks for access to your account.')
    expect(await focused()).toBe('password')
  })

  test('say each thing once, and have Approve on the first screen of a phone, whatever is asked for', async () => {
    const page = await newPage({ viewport: { width: 390, height: 664 } })
    await page.goto(consentUrl(allScopes.join(',')))
    await signIn(page)
    expect(await page.getByRole('listitem').allTextContents()).toEqual([
      'See your advertising data; create, change and delete your advertising',
      'See and change your billing data billing',
      'See and change who has access to your business',
      'See, create, change and delete your public and protected boards',
      'See, create, change and delete your secret boards secret',
      'See, create, change and delete your product catalogues',
      'Send measurement events',
      'See, create, change and delete your public Pins',
      'See, create, change and delete the Pins on your secret boards secret',
      'See your account, your profile and who follows you; change your account and whom you follow',
    ])
    const { y = 0, height = 0 } = (await page.getByRole('button', { name: 'Approve' }).boundingBox()) ?? {}
    expect(y + height).toBeLessThanOrEqual(664)
    expect(await visibilityProblems(page)).toEqual([])
    expect(await axeProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Back at the app').waitFor()
  })
})

describe('errors (12.27)', () => {
  const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  test('that are the visitor’s, the app’s or the server’s say so, and what a developer can do', async () => {
    const page = await newPage()
    await page.goto(`${server.url}/no/such/page`)
    expect(await heading(page)).toBe('There is nothing here')
    await page.getByText('Nothing is broken').waitFor()
    await page.getByText('GET /no/such/page').waitFor()
    await page.goto(consentUrl().replace('/callback', '/elsewhere').replace(app.url, 'https://app.example'))
    expect(await heading(page)).toBe('This request cannot be trusted')
    await page.getByText('The app that sent you here asked for something wrong').waitFor()
    await page.getByText('Compare client_id and redirect_uri').waitFor()

    const broken = await startServer({ port: 0, ephemeral: true, seed: 'none' }, (fastify) => {
      fastify.get('/broken', () => {
        throw new Error('of this test')
      })
    })
    onTestFinished(() => broken.close())
    another = broken
    const answer = await page.goto(`${broken.url}/broken`)
    expect(await heading(page)).toBe('Something went wrong on this server')
    await page.getByText('This server is at fault').waitFor()
    await page.getByText((await answer?.headerValue('x-pinterest-rid')) ?? 'no id').waitFor()
  })

  test('are JSON for programs, and for everybody who calls an operation', async () => {
    for (const [path, accept] of [
      ['/no/such/page', '*/*'],
      ['/no/such/page', 'application/json'],
      ['/v5/boards', 'text/html'],
    ]) {
      const answer = await fetch(`${server.url}${path}`, { headers: { accept: accept ?? '' } })
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(await answer.json()).toMatchObject({ code: expect.any(Number), message: expect.any(String) })
    }
  })

  test('are not what a browser gets for the icon', async () => {
    const answer = await fetch(`${server.url}/favicon.ico`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/x-icon'])
    const page = await newPage()
    await page.goto(`${server.url}/oauth/sign-in`)
    const drawn = `new Promise((resolve) => Object.assign(new Image(), { src: '/favicon.ico', onload() { resolve(this.width) } }))`
    expect(await page.evaluate(drawn)).toBe(32)
  })
})

test.each(looks)('every page can be read: $colorScheme, $width px wide', async ({ colorScheme, width }) => {
  const page = await newPage({ colorScheme, viewport: { width, height: 800 } })
  const readable = async (title: string) => {
    await page.waitForLoadState('load')
    expect(await page.title()).toBe(`${title} · Pinfold`)
    expect(await visibilityProblems(page), `${title} at ${page.url()}`).toEqual([])
    expect(await axeProblems(page), `${title} at ${page.url()}`).toEqual([])
  }
  await page.goto(consentUrl())
  await readable('Sign in')
  await page.goto(`${server.url}/oauth/sign-in`)
  await signIn(page, { username: 'a'.repeat(30), password: 'wrong' })
  await page.getByRole('alert').waitFor()
  await readable('Sign in')
  await page.getByRole('link', { name: 'Sign up' }).click()
  await readable('Sign up')
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password').fill('a-password')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('alert').waitFor()
  await readable('Sign up')
  await page.goto(consentUrl().replace(testApp.id, '9'.repeat(200)))
  await readable('This request cannot be trusted')
  await page.getByText('There is no app').waitFor()
  await page.goto(`${server.url}/oauth/sign-in`)
  await signIn(page)
  await page.getByText('You are signed in as alice').waitFor()
  await readable('Signed in')
  await page.goto(consentUrl().replace('/callback', `/callback/${'long'.repeat(40)}`))
  await readable('Give access')
})

test('a page plays an uploaded video, and seeks in it', async () => {
  const board = (await server.post('/boards', { name: 'Films' })).body.id
  const { id } = await uploaded(server)
  const { data } = await base64Source()
  const { media } = (await pinOf(server, board, id, { cover_image_data: data })).body
  const page = await newPage()
  await page.goto(`${app.url}/`)
  const asked: (string | undefined)[] = []
  page.on('request', (request) => asked.push(request.headers().range))
  await page.setContent(`<video muted src="${media.video_url}" poster="${media.cover_image_url}"></video>`)
  const seen = await page.evaluate<{ duration: number; width: number; at: number; colour: number[] }>(`(async () => {
    const video = document.querySelector('video')
    const happens = (name) => new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
    })
    if (video.readyState < 1) await happens('loadedmetadata')
    const sought = happens('seeked')
    video.currentTime = 1.5
    await sought
    const at = video.currentTime
    await video.play()
    if (!video.ended) await happens('ended')
    return { duration: video.duration, width: video.videoWidth, at }
  })()`)
  expect(seen).toMatchObject({ width: 96, at: 1.5 })
  expect(Math.abs(seen.duration - 2)).toBeLessThan(0.2)
  expect(asked.some((range) => range?.startsWith('bytes='))).toBe(true)
})

/** Returns the elements that stick out of the window and of everything that can be scrolled. */
const elementsOutside = `[...document.querySelectorAll('body *')].filter((element) => {
  const { left, right, width, height } = element.getBoundingClientRect()
  if (width === 0 || height === 0 || (right <= innerWidth + 0.5 && left >= -0.5)) return false
  for (let above = element.parentElement; above; above = above.parentElement)
    if (getComputedStyle(above).overflowX !== 'visible' && above.getBoundingClientRect().right <= innerWidth + 0.5) return false
  return true
}).map((element) => element.outerHTML.slice(0, 100))`

describe('the reference at /docs', () => {
  test('shows the operations, and tries one with a token', async () => {
    const page = await newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${server.url}/docs`)
    await page.getByPlaceholder('Token').first().fill(people.alice.token)
    for (const group of ['oauth', 'user_account', 'boards', 'board_sections', 'pins', 'media', 'events'])
      await page.getByRole('button', { name: new RegExp(`^(Open|Close) Group - ${group}$`) }).waitFor()
    await page.getByRole('button', { name: 'Open Group - user_account' }).click()
    await page.getByRole('link', { name: /Get the account/ }).click()
    await page.getByRole('button', { name: 'Test Request (get /user_account)', exact: true }).click()
    const answer = page.waitForResponse(`${server.url}/v5/user_account`)
    await page.getByRole('button', { name: /^Send get request/ }).click()
    expect((await answer).status()).toBe(200)
    expect(await (await answer).json()).toMatchObject({ username: 'alice', account_type: 'BUSINESS' })
    await page.getByText('200 OK').waitFor()
    await page.getByText('"alice"').first().waitFor()
  })

  test('gets a token for an app, by way of the consent page', async () => {
    const page = await newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${server.url}/docs/`)
    await page.getByRole('button', { name: 'Configure pinterest_oauth2' }).click()
    await page.getByLabel('Client ID').fill(testApp.id)
    await page.getByLabel('Client Secret').fill(testApp.secret)
    const opened = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Authorize', exact: true }).click()
    const popup = await opened
    await signIn(popup)
    const exchanged = page.waitForResponse(`${server.url}/v5/oauth/token`)
    await popup.getByRole('button', { name: 'Approve' }).click()
    const { access_token: token } = await (await exchanged).json()
    await expect.poll(() => page.getByPlaceholder('Token').first().inputValue()).toBe(token)
    expect((await server.get('/user_account', { token })).body.username).toBe('alice')
  })

  test('fits a phone, in the dark', async () => {
    const page = await newPage({ colorScheme: 'dark', viewport: { width: 390, height: 844 } })
    await page.goto(`${server.url}/docs/`)
    await page.getByPlaceholder('Token').first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toMatch(/^rgb\((\d|[1-3]\d), /)
  })

  test.each(looks)(
    'is ours, and axe finds nothing: $colorScheme, $width px wide (12.27)',
    async ({ colorScheme, width }) => {
      const page = await newPage({ colorScheme, viewport: { width, height: 844 } })
      await page.goto(`${server.url}/docs/#tag/boards/POST/boards`)
      await page.getByRole('heading', { name: 'Create a board' }).waitFor()
      expect(await page.getByRole('link', { name: 'Pinfold', exact: true }).getAttribute('href')).toBe('/docs/')
      expect(await page.evaluate(elementsOutside)).toEqual([])
      expect(await axeProblems(page)).toEqual([])
    },
  )

  describe('the demo (12.27)', () => {
    beforeAll(async () => {
      const started = await startServer({ port: 0, ephemeral: true })
      another = started
      return () => started.close()
    }, 60_000)

    test('tries an operation without anything to fill in', async () => {
      const page = await newPage({ viewport: { width: 1280, height: 900 } })
      await page.goto(`${another?.url}/docs/#tag/boards/GET/boards`)
      await page.getByRole('button', { name: 'Test Request (get /boards)', exact: true }).click()
      const answer = page.waitForResponse(`${another?.url}/v5/boards**`)
      await page.getByRole('button', { name: /^Send get request/ }).click()
      expect((await (await answer).json()).items).toHaveLength(4)
    })

    test('is one click away for a visitor of the web app', async () => {
      const page = await newPage({ viewport: { width: 1280, height: 900 } })
      await page.goto(`${another?.url}/`)
      await page.getByRole('link', { name: 'Open the demo' }).click()
      await page.getByRole('button', { name: 'Open the demo' }).click()
      await page.getByRole('button', { name: 'Demo Studio, account menu' }).waitFor()
      expect(page.url()).toBe(`${another?.url}/`)
    })

    test('gets a token for the demo app, by way of the consent page', async () => {
      const page = await newPage({ viewport: { width: 1280, height: 900 } })
      await page.goto(`${another?.url}/docs/`)
      const opened = page.waitForEvent('popup')
      await page.getByRole('button', { name: 'Authorize via pinterest_oauth2' }).click()
      const popup = await opened
      await signIn(popup, demoCredentials)
      await popup.getByRole('button', { name: 'Approve' }).click()
      await expect.poll(() => page.getByPlaceholder('Token').first().inputValue()).toMatch(/^pina_(?!demo_)/)
    })
  })

  test('is drawn from a description whose every reference leads somewhere', async () => {
    const { body: description } = await server.get(`${server.url}/openapi.json`)
    const names = Object.keys(description.components.schemas)
    expect(names.filter((name) => !/^\w+$/.test(name))).toEqual([])
    const references = JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)
    for (const [, name] of references) expect(names).toContain(name)
  })
})
