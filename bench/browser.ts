/** A real browser on a slow line and a slow processor, and what its page measures of itself. */
import { setTimeout as sleep } from 'node:timers/promises'
import { launchBrowser } from '@pinfold/test-support/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { median } from './compare.ts'

/** A slow mobile network: 1.6 Mbit/s down, 750 kbit/s up, 150 ms for each answer. */
const slowNetwork = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 }
/** A processor with a quarter of this one's speed. */
const slowProcessor = { rate: 4 }

/** The windows that pages are looked at in. */
export const windows = [
  { width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true },
  { width: 1280, height: 800, deviceScaleFactor: 1, hasTouch: false },
] as const
export type Window = (typeof windows)[number]

/** What a visit of a page measured, in milliseconds; bytes as they were sent. */
export interface Visit {
  firstPaint: number
  largestPaint: number
  /** Until the last picture in the window was there. */
  lastPicture: number
  /** The longest time from an input to the next paint. */
  tap: number
  /** The scripts that the page took. */
  scripts: { url: string; bytes: number }[]
}

/** A script for the page: it notes what the browser tells of its paints, answers and tasks. */
const observe = `
  globalThis.seen = { largestPaint: 0, tap: 0, longTasks: [] }
  const observe = (type, note, more) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more })
  observe('largest-contentful-paint', ({ startTime }) => { seen.largestPaint = startTime })
  observe('event', ({ interactionId, duration }) => { if (interactionId) seen.tap = Math.max(seen.tap, duration) }, { durationThreshold: 16 })
  observe('longtask', ({ duration }) => seen.longTasks.push(duration))`

const inWindow = `[...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight)`

/** Runs `work` with a browser, and ends it afterwards. */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser()
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

/** Signs in by the page for it, and returns what a context needs to be signed in. */
export async function signedIn(
  browser: Browser,
  url: string,
): Promise<Awaited<ReturnType<BrowserContext['storageState']>>> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${url}/oauth/sign-in?return_to=/create`)
  await page.getByLabel('Username').fill('demo')
  await page.getByLabel('Password').fill('pinfold-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL('**/create')
  const state = await context.storageState()
  await context.close()
  return state
}

type Session = Awaited<ReturnType<typeof signedIn>>

/** Opens a page that measures itself, and closes it after `work`. */
export async function withPage<T>(
  browser: Browser,
  { session, ...window }: Partial<Window> & { session?: Session | undefined },
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const { width = 1280, height = 800, ...rest } = window
  const context = await browser.newContext({
    viewport: { width, height },
    ...rest,
    ...(session && { storageState: session }),
  })
  try {
    const page = await context.newPage()
    await page.addInitScript(observe)
    return await work(page)
  } finally {
    await context.close()
  }
}

/** Visits an address for the first time, slowly, and does something there. `act`: what is done once all is shown. */
export function visit(
  browser: Browser,
  address: string,
  window: Window,
  { session, act }: { session?: Session; act?: (page: Page) => Promise<void> } = {},
): Promise<Visit> {
  return withPage(browser, { ...window, session }, async (page) => {
    const scripts = new Map<string, { url: string; bytes: number }>()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Network.enable')
    devtools.on('Network.requestWillBeSent', ({ requestId, type, request: { url } }) => {
      if (type === 'Script') scripts.set(requestId, { url, bytes: 0 })
    })
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId)
      if (script) script.bytes = encodedDataLength
    })
    await devtools.send('Network.emulateNetworkConditions', slowNetwork)
    await devtools.send('Emulation.setCPUThrottlingRate', slowProcessor)
    await page.goto(address)
    await until(page, `${inWindow}.length > 0 && ${inWindow}.every(({ complete }) => complete)`)
    await sleep(500) // The paint of the last picture, and what else it brings with it.
    const shown = [...scripts.values()]
    const painted = await page.evaluate<{ firstPaint: number; largestPaint: number; lastPicture: number }>(`({
      firstPaint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      largestPaint: seen.largestPaint,
      lastPicture: Math.max(...${inWindow}.map(({ currentSrc }) => performance.getEntriesByName(currentSrc)[0]?.responseEnd ?? 0)),
    })`)
    await act?.(page)
    await sleep(300)
    return { ...painted, scripts: shown, tap: await page.evaluate<number>('seen.tap') }
  })
}

/** Visits several times, each as the first one, and returns the median of each figure. */
export async function visits(times: number, one: () => Promise<Visit>): Promise<Visit> {
  const all: Visit[] = []
  for (let i = 0; i < times; i++) all.push(await one())
  const middle = (of: (visit: Visit) => number) => median(all.map(of))
  return {
    firstPaint: middle((each) => each.firstPaint),
    largestPaint: middle((each) => each.largestPaint),
    lastPicture: middle((each) => each.lastPicture),
    tap: middle((each) => each.tap),
    scripts: all[0]?.scripts ?? [],
  }
}

/** Waits until an expression is true in a page: its policy takes no code but by the way of the tools. */
export async function until(page: Page, expression: string): Promise<void> {
  const end = performance.now() + 60_000
  while (!(await page.evaluate(expression))) {
    if (performance.now() > end) throw new Error(`${page.url()} never came to: ${expression}`)
    await sleep(50)
  }
}
