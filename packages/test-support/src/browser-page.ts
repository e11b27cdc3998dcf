import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { failOnComplaints } from './complaints.ts'
import { onThisMachine } from './pace.ts'
import { newVisitor } from './visitor.ts'

interface Person {
  username: string
  password: string
}

/** Somebody's session, as a browser keeps it. */
export interface SessionCookie {
  name: string
  value: string
  url: string
}

/** Each scheme and each width of a window once: a scheme changes colours alone, and a width where things are. */
export const looks = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const

/** Opens a browser of somebody's own, until the test ends, which fails if it reports an error. */
export async function newContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(onThisMachine(30_000))
  failOnComplaints(context)
  return context
}

/** Signs somebody in at the server at `url`, and returns the session. */
export async function sessionCookie(url: string, person: Person): Promise<SessionCookie> {
  const visitor = newVisitor(url)
  await visitor.signIn(person)
  return { name: 'pinfold_session', value: visitor.cookie('pinfold_session') ?? '', url }
}

/** Opens home for somebody, signed in without the page for it. */
export async function openHome(page: Page, url: string, person: Person): Promise<void> {
  await page.context().addCookies([await sessionCookie(url, person)])
  await page.goto(`${url}/`)
}
