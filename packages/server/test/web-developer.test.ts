import { axeProblems } from '@pinfold/test-support/axe'
import { sharedBrowser } from '@pinfold/test-support/browser'
import { newContext, openHome, sessionCookie } from '@pinfold/test-support/browser-page'
import { ownServer } from '@pinfold/test-support/own-server'
import { otherApp, people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { startReceiver, verify } from '@pinfold/test-support/webhook-receiver'
import type { Browser, Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let browser: Browser

beforeAll(async () => {
  server = await startTestServer()
  browser = await sharedBrowser()
})

const screens = [
  { name: 'a wide window, light', width: 1280, height: 800, colorScheme: 'light', person: people.bob },
  { name: 'a phone, dark', width: 390, height: 780, colorScheme: 'dark', person: people.alice },
] as const
type Screen = (typeof screens)[number]

async function newPage({ width, height, colorScheme, person }: Screen): Promise<Page> {
  const context = await newContext(browser, { viewport: { width, height }, colorScheme })
  const page = await context.newPage()
  await openHome(page, server.url, person)
  return page
}

const fits = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')
const expectGood = async (page: Page) => expect([await axeProblems(page), await fits(page)]).toEqual([[], true])
/** Returns the secret that is told once. */
const told = async (page: Page): Promise<string> => (await page.locator('.shown-once code').textContent()) ?? ''
const statusWith = async (token: string) => (await server.get('/boards', { token })).status

describe.each(screens)('on $name', (screen) => {
  test('somebody makes an app and a token, uses them, and takes them away', async () => {
    const page = await newPage(screen)
    await page.goto(`${server.url}/developer/apps`)
    await page.getByRole('button', { name: 'New app' }).click()
    expect(await page.title()).toBe('Apps · Developer · Pinfold')
    await page.getByLabel('Name').fill('Look book')
    await page.getByLabel('Redirect URIs').fill('nowhere')
    const create = page.getByRole('button', { name: 'Create app' })
    await create.click()
    await page.getByRole('dialog').getByRole('alert').filter({ hasText: 'no absolute address' }).waitFor()
    await page.getByLabel('Redirect URIs').fill('https://look.example/a\nhttps://look.example/b')
    await page.getByRole('button', { name: 'Chosen' }).click()
    await page.getByLabel('Edit Pins').check()
    await expectGood(page)
    await create.click()
    await page.getByText('The secret of Look book is shown once').waitFor()
    const secret = await told(page)
    const card = page.getByRole('region', { name: 'Look book' })
    await card.getByText('https://look.example/b').waitFor()
    await card.getByText('Edit Pins').waitFor()
    await expectGood(page)
    const id = (await card.locator('code').first().textContent()) ?? ''
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const tokenStatus = async () => {
      const form = { grant_type: 'client_credentials', scope: 'boards:read' }
      return (await server.request('POST', '/oauth/token', { token: null, headers: { authorization }, form })).status
    }
    expect(await tokenStatus()).toBe(200)
    await page.getByRole('button', { name: 'I have it' }).click()
    expect(await page.content()).not.toContain(secret)

    await page.getByRole('button', { name: 'Edit Look book' }).click()
    await page.getByRole('button', { name: 'Trial', exact: true }).click()
    await page.getByRole('button', { name: 'Save app' }).click()
    await card.getByText('Trial').waitFor()
    await page.getByRole('button', { name: 'New secret of Look book' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByText('The secret of Look book is shown once').waitFor()
    expect(await tokenStatus()).toBe(401)

    await page.getByRole('link', { name: 'Tokens' }).click()
    await page.getByText('No token yet').waitFor()
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByLabel('Name').fill('Nightly')
    await page.getByLabel('App', { exact: true }).selectOption('Look book')
    await page.getByRole('button', { name: 'Nothing' }).click()
    await page.getByLabel('boards:read', { exact: true }).check()
    await expectGood(page)
    await page.getByRole('button', { name: 'Create token' }).click()
    await page.getByText('The token Nightly is shown once').waitFor()
    const token = await told(page)
    expect(await statusWith(token)).toBe(200)
    expect((await server.post('/boards', { name: 'No' }, { token })).status).toBe(401)
    await expectGood(page)
    await page.getByRole('button', { name: 'Remove Nightly' }).click()
    await page.getByText('No token yet').waitFor()
    expect(await statusWith(token)).toBe(401)

    await page.goBack()
    await page.getByRole('button', { name: 'Delete Look book' }).click()
    await page.getByText('gone for good').waitFor()
    await page.getByRole('button', { name: 'Delete app' }).click()
    await card.waitFor({ state: 'hidden' })
  })

  test('the clock is moved, requests fail on purpose, and data come back', async () => {
    const page = await newPage(screen)
    await page.goto(`${server.url}/developer/control`)
    const clock = page.getByRole('region', { name: 'Clock' })
    await page.getByRole('button', { name: 'Advance by 31 days' }).click()
    await clock.getByText(/31 days ahead/).waitFor()
    await page.getByLabel('Another length').fill('1d')
    await page.getByRole('button', { name: 'Advance', exact: true }).click()
    await clock.getByText(/32 days ahead/).waitFor()
    await page.getByRole('button', { name: 'Hold' }).click()
    await clock.getByText('It stands still').waitFor()
    expect((await server.get('/_pinfold/clock')).body.runs).toBe(false)
    await page.getByRole('button', { name: 'Follow the machine' }).click()
    await clock.getByText('It follows the machine').waitFor()

    await page.getByRole('button', { name: 'New fault' }).click()
    await page.getByLabel('Operation').fill('boards/create')
    await page.getByLabel('Error').selectOption('rateLimited')
    await page.getByRole('textbox', { name: 'Account' }).fill('alice')
    await expectGood(page)
    await page.getByRole('button', { name: 'Add fault' }).click()
    const faults = page.getByRole('region', { name: 'Faults' })
    await faults.getByText('boards/create').waitFor()
    expect((await server.post('/boards', { name: 'Not yet' })).status).toBe(429)
    await page.getByRole('button', { name: 'New fault' }).click()
    await page.getByLabel('What happens').selectOption('latency')
    await page.getByRole('button', { name: 'Add fault' }).click()
    await faults.getByText('Every operation').waitFor()
    await expectGood(page)
    await faults.getByRole('button', { name: 'Remove boards/create' }).click()
    await faults.getByText('boards/create').waitFor({ state: 'hidden' })
    await faults.getByRole('button', { name: 'Remove all' }).click()
    await faults.getByText('Nothing goes wrong on purpose').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await faults.getByText('Every operation').waitFor()
    await faults.getByRole('button', { name: 'Remove all' }).click()
    await faults.getByText('Nothing goes wrong on purpose').waitFor()

    const snapshots = page.getByRole('region', { name: 'Snapshots' })
    await page.getByLabel('Name of the snapshot').fill('before')
    await page.getByRole('button', { name: 'Save snapshot' }).click()
    await snapshots.getByText('before', { exact: true }).waitFor()
    expect((await server.post('/boards', { name: 'Lost again' })).status).toBe(201)
    await page.getByRole('button', { name: 'Restore before' }).click()
    await page.getByText('The data become those of before').waitFor()
    await expectGood(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click()
    await page.getByText('Restored before').waitFor()
    expect((await server.get('/boards')).body.items).toEqual([])
    await page.getByRole('button', { name: 'Remove before' }).click()
    await page.getByText('No snapshot yet').waitFor()
  })
})

describe.each(screens)('on $name', (screen) => {
  test('the inspector shows what programs send, why it was answered so, and sends it again', async () => {
    const page = await newPage(screen)
    await page.goto(`${server.url}/developer`)
    await server.request('DELETE', '/_pinfold/requests')
    await page.getByText('Nothing yet').waitFor()
    expect(await page.title()).toBe('Inspector · Developer · Pinfold')
    const list = page.getByRole('list', { name: 'Requests' })
    const rows = list.getByRole('listitem')

    // What comes is there by itself; what the web app sends is not.
    await server.get('/boards?page_size=3')
    await list.getByText('/v5/boards?page_size=3').waitFor()
    expect((await server.post('/boards', { name: '' })).status).toBe(400)
    expect((await server.get('/bords')).status).toBe(404)
    await expect.poll(() => rows.count()).toBe(3)
    await expectGood(page)
    await page.evaluate(`fetch('/_pinfold/web/session', { headers: { 'x-pinfold-app': '1' } })`)
    await page.getByRole('button', { name: 'All', exact: true }).click()
    await expect.poll(() => rows.count()).toBeGreaterThan(3)
    await page.getByRole('button', { name: 'Programs' }).click()
    await expect.poll(() => rows.count()).toBe(3)

    const filter = page.getByRole('searchbox', { name: 'Filter' })
    await filter.fill('op:boards/create status:400')
    await expect.poll(() => rows.count()).toBe(1)
    await filter.fill('method:GET')
    await page.getByText('No filter method').waitFor()
    await filter.fill('')
    await page.getByRole('button', { name: 'status:4xx' }).click()
    await expect.poll(() => rows.count()).toBe(2)

    await list.getByText('/v5/bords').click()
    await page.getByText('There is no such operation').first().waitFor()
    await page.getByText('GET /v5/boards', { exact: true }).waitFor()
    if (screen.width < 1024) await page.getByRole('link', { name: 'All requests' }).click()
    await list.getByText('/v5/boards', { exact: true }).click()
    const detail = page.getByRole('article', { name: 'POST /v5/boards' })
    await detail.getByText('Something in the request is wrong').waitFor()
    await detail.getByText('body /name').waitFor()
    expect(await detail.getByRole('region', { name: 'Request' }).textContent()).toContain('"name": ""')
    expect(await detail.getByRole('region', { name: 'Answer' }).textContent()).toContain('"code": 1')
    await expectGood(page)
    await detail.getByRole('button', { name: 'Headers' }).click()
    await detail.getByText('x-pinterest-rid').waitFor()
    await expectGood(page)
    await detail.getByRole('button', { name: 'As code' }).click()
    await detail.getByText('curl -').waitFor()
    await detail.getByRole('button', { name: 'Python' }).click()
    await detail.getByText('import requests').waitFor()
    expect(await detail.textContent()).not.toContain(people.alice.token)

    await detail.getByRole('button', { name: 'Make a fault of this' }).click()
    expect(await page.getByLabel('Operation').inputValue()).toBe('boards/create')
    await page.getByLabel('Error').selectOption('rateLimited')
    await page.getByLabel('Seconds to wait').fill('7')
    await page.getByRole('button', { name: 'Add fault' }).click()
    await page.getByText('Added the fault').waitFor()
    await detail.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('It happened on purpose').waitFor()
    await page.getByText('repeats request').waitFor()
    await expectGood(page)
    await page.reload()
    await page.getByText('It happened on purpose').waitFor()

    if (screen.width < 1024) await page.getByRole('link', { name: 'All requests' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByText('No request matches').waitFor()
    expect((await server.get('/_pinfold/requests')).body.items).toEqual([])
  })

  test('the review says what an app has shown, and leads on', async () => {
    const page = await newPage(screen)
    await server.request('DELETE', '/_pinfold/requests')
    await server.request('DELETE', '/_pinfold/faults')
    const app = screen.person === people.bob ? otherApp : testApp
    const authorization = `Basic ${Buffer.from(`${app.id}:${app.secret}`).toString('base64')}`
    const form = { grant_type: 'client_credentials', scope: 'boards:read,pins:read' }
    const granted = await server.request('POST', '/oauth/token', { token: null, headers: { authorization }, form })
    const token = granted.body.access_token
    await server.get('/boards', { token })
    for (let i = 0; i < 4; i++) {
      await server.get('/boards/1', { token })
      server.clock.advance(1000)
    }
    await page.goto(`${server.url}/developer/review?app=${app.id}`)
    await page.getByText('0 of 5 shown').waitFor()
    await page.getByText('It sent again what was refused').waitFor()
    await page.getByText('Not used yet').waitFor()
    await expectGood(page)
    const limits = page.getByRole('listitem').filter({ hasText: 'Rate limits' })
    await limits.getByRole('button', { name: 'New fault' }).click()
    expect(await page.getByLabel('Seconds to wait').inputValue()).toBe('5')
    await page.getByLabel('Seconds to wait').fill('0')
    await page.getByRole('button', { name: 'Add fault' }).click()
    await page.getByText('Added the fault').waitFor()
    expect((await server.get('/pins', { token })).status).toBe(429)
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByText('1 of 5 shown').waitFor()
    await page.getByRole('link', { name: 'Request' }).first().click()
    await page.getByRole('article', { name: 'GET /v5/boards/1' }).waitFor()
  })
})

describe.each(screens)('on $name', (screen) => {
  test('somebody makes a webhook, tries it, sends a delivery again, and deletes it', async () => {
    await using receiver = await startReceiver()
    const page = await newPage(screen)
    await page.goto(`${server.url}/developer/webhooks`)
    await page.getByText('No webhook yet').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByLabel('Address').fill('ftp://shop.example/')
    await page.getByLabel('Note').fill('Shop')
    await page.getByRole('button', { name: 'None' }).click()
    await page.getByLabel('board.created').check()
    await page.getByLabel('pin.reached').check()
    await page.getByLabel('Saves').fill('100, 1000')
    await expectGood(page)
    const create = page.getByRole('button', { name: 'Create webhook' })
    await create.click()
    await page.getByRole('dialog').getByRole('alert').filter({ hasText: /./ }).waitFor()
    await page.getByLabel('Address').fill(`${receiver.url}/shop`)
    await create.click()
    await page.getByText('The secret of Shop is shown once').waitFor()
    const secret = await told(page)
    const card = page.getByRole('region', { name: 'Shop' })
    await card.getByText('Saves 100 · Saves 1,000').waitFor()
    await expectGood(page)
    await page.getByRole('button', { name: 'I have it' }).click()

    // What it tells is shown by itself, and why it did not arrive.
    receiver.reply(() => 503)
    await card.getByRole('button', { name: 'Send test to Shop' }).click()
    const test = page.getByRole('article', { name: 'webhook.test' })
    await test.getByText('It answered with status 503').waitFor()
    await test.getByText('Waiting').waitFor()
    await page.getByText('Nothing could be delivered since').waitFor()
    expect(await test.getByRole('region', { name: 'Body' }).textContent()).toContain('"type": "webhook.test"')
    await expectGood(page)
    receiver.reply(() => 204)
    await test.getByRole('button', { name: 'Send again' }).click()
    await test.getByText('Delivered').waitFor()
    for (const message of receiver.at('/shop')) verify(message, secret)
    if (screen.width < 1024) await page.getByRole('link', { name: 'All deliveries' }).click()
    const rows = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem')
    await server.post('/boards', { name: `Told on ${screen.name}` }, { token: screen.person.token })
    await expect.poll(() => rows.count()).toBe(2)
    await rows.filter({ hasText: 'board.created' }).filter({ hasText: 'Delivered' }).waitFor()
    await expectGood(page)
    await page.getByRole('button', { name: 'Failed' }).click()
    await page.getByText('No delivery is so').waitFor()
    await page.getByRole('button', { name: 'Delivered' }).click()
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByRole('link', { name: 'All webhooks' }).click()

    await card.getByRole('button', { name: 'Pause Shop' }).click()
    await card.getByText('Paused', { exact: true }).waitFor()
    await expectGood(page)
    await card.getByRole('button', { name: 'Enable Shop' }).click()
    await card.getByText('Enabled').waitFor()
    await card.getByRole('button', { name: 'Edit Shop' }).click()
    expect(await page.getByLabel('Saves').inputValue()).toBe('100, 1000')
    await page.getByLabel('pin.reached').uncheck()
    await page.getByRole('button', { name: 'Save webhook' }).click()
    await card.getByText('Saves').waitFor({ state: 'hidden' })
    // By the keyboard alone, too.
    await card.getByRole('button', { name: 'Edit Shop' }).press('Enter')
    await page.getByLabel('Secret boards too').press('Space')
    await page.getByLabel('Note').press('Enter')
    await card.getByText('tells of secret boards too').waitFor()
    await card.getByRole('button', { name: 'New secret of Shop' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByText('The secret of Shop is shown once').waitFor()
    expect(await told(page)).not.toBe(secret)
    await card.getByRole('button', { name: 'Delete Shop' }).click()
    await page.getByRole('button', { name: 'Delete webhook' }).click()
    await page.getByText('No webhook yet').waitFor()
  })
})

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 100; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The keyboard does not reach ${target}.`)
}

/** Goes to something by the keyboard, and presses a key there. */
async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

test('by the keyboard alone: a webhook is made, tried and deleted, and one that was disconnected goes on', async () => {
  await using receiver = await startReceiver()
  const { person } = screens[0]
  const { name, value } = await sessionCookie(server.url, person)
  const headers = { cookie: `${name}=${value}`, 'sec-fetch-site': 'same-origin', 'x-pinfold-app': '1' }
  const made = await server.post('/_pinfold/developer/apps', { name: 'Look book' }, { token: null, headers })
  const { app, secret: appSecret } = made.body
  const newToken = async (): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${app.id}:${appSecret}`).toString('base64')}`
    const form = { grant_type: 'client_credentials', scope: 'boards:read,pins:read,user_accounts:read' }
    const granted = await server.request('POST', '/oauth/token', { token: null, headers: { authorization }, form })
    return granted.body.access_token
  }
  const token = await newToken()
  const ofApp = { url: `${receiver.url}/app`, description: 'Of the app', events: ['board.created', 'token.revoked'] }
  expect((await server.post('/_pinfold/webhooks', ofApp, { token })).status).toBe(201)
  await server.post('/_pinfold/trigger/app.disconnect', { app_id: app.id, account: person.username })

  const page = await newPage(screens[0])
  await page.goto(`${server.url}/developer/webhooks`)
  const button = (label: string) => page.getByRole('button', { name: label, exact: true })
  await press(page, button('New webhook'))
  await tabTo(page, page.getByLabel('Address'))
  await page.keyboard.type(`${receiver.url}/keys`)
  await tabTo(page, page.getByLabel('Note'))
  await page.keyboard.type('Keys')
  await press(page, button('None'))
  await press(page, page.getByLabel('board.created'), 'Space')
  await press(page, button('Create webhook'))
  await page.getByText('The secret of Keys is shown once').waitFor()
  // It has the focus, so that a screen reader reads it out.
  expect(await page.locator('.shown-once').evaluate((element) => element.matches(':focus'))).toBe(true)
  const secret = await told(page)
  await press(page, button('I have it'))
  expect(await page.getByText(secret).count()).toBe(0)

  await press(page, button('Send test to Keys'))
  const delivery = page.getByRole('article', { name: 'webhook.test' })
  await delivery.getByText('Delivered').waitFor()
  await press(page, delivery.getByRole('button', { name: 'Send again' }))
  await expect.poll(() => receiver.at('/keys').length).toBe(2)
  for (const message of receiver.at('/keys')) verify(message, secret)
  await press(page, page.getByRole('link', { name: 'All webhooks' }))
  await press(page, button('Delete Keys'))
  await press(page, button('Delete webhook'))
  const keys = page.getByRole('region', { name: 'Keys' })
  await keys.waitFor({ state: 'detached' })

  // The page says why it tells nothing, and what to do; once the app has a token again, it goes on.
  const card = page.getByRole('region', { name: 'Of the app' })
  await card.getByText('Disconnected').waitFor()
  await card.getByText('Connect the app again, and then enable the webhook').waitFor()
  expect(await button('Send test to Of the app').count()).toBe(0)
  await expectGood(page)
  await newToken()
  await press(page, button('Enable Of the app'))
  await card.getByText('Enabled').waitFor()
  await server.post('/boards', { name: 'Told again' }, { token: person.token })
  const types = () => receiver.at('/app').map(({ type }) => type)
  await expect.poll(types).toEqual(['token.revoked', 'board.created'])
  await press(page, button('Delete Of the app'))
  await press(page, button('Delete webhook'))
  await page.getByText('No webhook yet').waitFor()
  await expectGood(page)
  await server.delete(`/_pinfold/developer/apps/${app.id}`, { token: null, headers })
})

test('the list holds still while somebody points at it', async () => {
  const page = await newPage(screens[0])
  await server.request('DELETE', '/_pinfold/requests')
  await server.get('/boards?page_size=4')
  await page.goto(`${server.url}/developer/requests`)
  const list = page.getByRole('list', { name: 'Requests' })
  await list.getByText('page_size=4').hover()
  await server.get('/boards?page_size=5')
  await page.getByRole('button', { name: '1 new request' }).waitFor()
  expect(await list.getByRole('listitem').count()).toBe(1)
  await page.mouse.move(0, 0)
  await list.getByText('page_size=5').waitFor()

  // After more than are read at once it begins anew.
  await page.getByRole('button', { name: 'Pause' }).click()
  await Promise.all(Array.from({ length: 300 }, () => server.get('/boards?page_size=6')))
  await server.get('/boards?page_size=7')
  expect(await list.getByText('page_size=6').count()).toBe(0)
  await page.getByRole('button', { name: 'Go on' }).click()
  await list.getByRole('listitem').first().filter({ hasText: 'page_size=7' }).waitFor()
  await expect.poll(() => list.getByRole('listitem').count()).toBe(100)
  await page.getByRole('button', { name: 'Older ones' }).click()
  await expect.poll(() => list.getByRole('listitem').count()).toBe(200)
})

test('where the controls are not open, the page says so and takes the token', async () => {
  const controlToken = 'control-token-of-the-tests'
  const guarded = await ownServer({ controlToken })
  const page = await (await newContext(browser, { viewport: { width: 390, height: 780 } })).newPage()
  await page.goto(`${guarded.url}/developer/control`)
  await page.getByText('The controls are not open to you').waitFor()
  await expectGood(page)
  await page.getByLabel('Control token').fill('not the right one')
  await page.getByRole('button', { name: 'Use token' }).click()
  await page.getByText('That is not the control token').waitFor()
  await page.getByLabel('Control token').fill(controlToken)
  await page.getByRole('button', { name: 'Use token' }).click()
  await page.getByRole('button', { name: 'Hold' }).click()
  await page.getByText('It stands still').waitFor()
  await page.reload()
  await page.getByText('The controls are not open to you').waitFor()
})

test('the pages fit a narrow phone in German too', async () => {
  const context = await newContext(browser, { viewport: { width: 360, height: 740 }, locale: 'de-DE' })
  const page = await context.newPage()
  await context.addCookies([await sessionCookie(server.url, people.alice)])
  await server.get('/boards?page_size=7')
  const seen = [
    ['requests', 'Anfragen', 'page_size=7'],
    ['apps', 'Apps', 'Neues Geheimnis'],
    ['tokens', 'Tokens', 'Neues Token'],
    ['webhooks', 'Webhooks', 'Noch kein Webhook'],
    ['review', 'Prüfung', 'von 5 gezeigt'],
    ['control', 'Steuerung', 'Dem Rechner folgen'],
  ] as const
  for (const [path, title, text] of seen) {
    await page.goto(`${server.url}/developer/${path}`)
    await page.getByText(text).first().waitFor()
    expect([await page.title(), await fits(page)]).toEqual([`${title} · Entwickeln · Pinfold`, true])
  }
  expect(await axeProblems(page)).toEqual([])
})
