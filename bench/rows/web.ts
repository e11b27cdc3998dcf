/** The web app in a real browser: a first visit on a slow line, long scrolls, and the same with many Pins. */
import type { Page } from 'playwright-core'
import { signedIn, until, type Visit, visit, visits, type Window, windows, withBrowser, withPage } from '../browser.ts'
import { wordAt } from '../processes/words.ts'
import type { Row } from '../report.ts'
import { anyPin } from './reads.ts'
import { fillPins, withManyPins } from './search.ts'
import { call, type Workbench, withPinfold } from './workbench.ts'

const [firstPaintMs, largestPaintMs, tapMs] = [1200, 2000, 100]
/** What many Pins may make of the largest paint of a page with few. */
const mostRatio = 1.25
/** In KB of 1000 bytes: 120 KB of 1024. */
const scriptKB = 123
const scrolledPins = 5000

const timesOf = ({ quick }: Workbench): number => (quick ? 1 : 5)

/** Opens a Pin and goes back, by tap or click. */
async function openPin(page: Page): Promise<void> {
  const { hasTouch } = await page.evaluate<{ hasTouch: boolean }>('({ hasTouch: navigator.maxTouchPoints > 0 })')
  const pin = page.locator('.tile a').first()
  await (hasTouch ? pin.tap() : pin.click())
  await page.locator('.stage').waitFor()
  await page.keyboard.press('Escape')
  await pin.waitFor()
}

/** A first visit of the home page of the demo. */
export async function firstVisit(bench: Workbench): Promise<Row[]> {
  return withPinfold(bench, ({ url }) =>
    withBrowser(async (browser) => {
      const rows: Row[] = []
      for (const window of windows) {
        const seen = await visits(timesOf(bench), () => visit(browser, `${url}/`, window, { act: openPin }))
        if (rows.length === 0) rows.push(...(await scriptRows(seen)))
        rows.push(...paintRows('Home', window, seen), {
          name: `${titleOf('Home', window)}: answer to a tap`,
          unit: 'ms',
          ours: seen.tap,
          target: { ours: tapMs },
        })
      }
      return rows
    }),
  )
}

async function scriptRows({ scripts }: Visit): Promise<Row[]> {
  const gzipped = await Promise.all(
    scripts.map(async ({ url }) => {
      const { headers } = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })
      return Number(headers.get('content-length'))
    }),
  )
  const sum = (sizes: number[]) => sizes.reduce((all, size) => all + size, 0) / 1000
  return [
    { name: 'Home: scripts, gzip', unit: 'KB', ours: sum(gzipped), target: { ours: scriptKB } },
    { name: 'Home: scripts, Brotli, with headers', unit: 'KB', ours: sum(scripts.map(({ bytes }) => bytes)) },
  ]
}

const titleOf = (name: string, { width }: Window): string => `${name}, ${width} px`

function paintRows(name: string, window: Window, { firstPaint, largestPaint, lastPicture }: Visit): Row[] {
  const title = titleOf(name, window)
  return [
    { name: `${title}: first paint`, unit: 'ms', ours: firstPaint, target: { ours: firstPaintMs } },
    { name: `${title}: largest paint`, unit: 'ms', ours: largestPaint, target: { ours: largestPaintMs } },
    { name: `${title}: last picture of the window`, unit: 'ms', ours: lastPicture },
  ]
}

/** Scrolls through a wall from its beginning, a third of a window with each frame, as far as it goes or to this Pin. */
const scroll = (pins: number) => `new Promise((resolve) => {
  seen.longTasks.length = 0
  let still = 0
  const step = () => {
    const before = scrollY
    scrollBy(0, innerHeight / 3)
    still = scrollY === before ? still + 1 : 0
    const last = Math.max(...[...document.querySelectorAll('.tile a')].map(({ dataset }) => Number(dataset.index)))
    if (last + 1 >= ${pins} || still > 600) resolve({ last: last + 1, longTasks: seen.longTasks, height: scrollY })
    else requestAnimationFrame(step)
  }
  step()
})`

/** Scrolling through many Pins, on a processor of full speed. */
export async function longScroll(bench: Workbench): Promise<Row[]> {
  const wanted = bench.quick ? 500 : scrolledPins
  const { folder } = await fillPins(bench, { name: 'a long wall', pins: wanted * 1.5, own: wanted })
  return withPinfold({ ...bench, folder }, ({ url }) =>
    withBrowser(async (browser) => {
      const rows: Row[] = []
      for (const window of windows)
        await withPage(browser, window, async (page) => {
          await page.goto(`${url}/`)
          await until(page, 'document.querySelectorAll(".tile a").length > 0')
          const { last, longTasks } = await page.evaluate<{ last: number; longTasks: number[] }>(scroll(wanted))
          if (last < wanted) throw new Error(`The wall ended with Pin ${last}.`)
          const name = `${wanted} Pins scrolled, ${window.width} px`
          rows.push(
            { name: `${name}: tasks over 50 ms`, unit: 'tasks', ours: longTasks.length, target: { ours: 1 } },
            { name: `${name}: their time`, unit: 'ms', ours: longTasks.reduce((all, ms) => all + ms, 0) },
          )
        })
      return rows
    }),
  )
}

/** Pages of an account with many of very many Pins, beside those of the demo. */
export async function manyPins(bench: Workbench): Promise<Row[]> {
  const many = await withManyPins(bench)
  const few = await pagesOf(bench, /./, 'blue')
  const rows: Row[] = []
  for (const [title, seen] of await pagesOf(many, /^Board \d/, wordAt(60))) {
    const [name, floorIs] = [`${title}, ${many.own} of ${many.pins} Pins`, 'the same on the demo']
    const { firstPaint = 0, largestPaint = 0 } = few.get(title) ?? {}
    const row = { floorIs, unit: 'ms' } as const
    const [first, largest] = [
      { floor: firstPaint, ours: seen.firstPaint },
      { floor: largestPaint, ours: seen.largestPaint },
    ]
    rows.push(
      { ...row, ...first, name: `${name}: first paint`, target: { ours: firstPaintMs } },
      { ...row, ...largest, name: `${name}: largest paint`, target: { ratio: mostRatio } },
    )
  }
  return rows
}

/** Visits pages of the demo's account: home, a board of this name, a search for this word, and a Pin. */
function pagesOf(bench: Workbench, boardName: RegExp, word: string): Promise<Map<string, Visit>> {
  return withPinfold(bench, async (pinfold) => {
    const path = '/boards?page_size=250'
    const { items } = await call<{ items: { id: string; name: string }[] }>(pinfold, bench, 'GET', path)
    const pages = {
      Home: '/',
      Board: `/board/${items.find(({ name }) => boardName.test(name))?.id}`,
      Search: `/search?q=${word}`,
      'A Pin': `/pin/${await anyPin(pinfold, bench)}`,
    }
    return withBrowser(async (browser) => {
      const session = await signedIn(browser, pinfold.url)
      const seen = new Map<string, Visit>()
      for (const [name, path] of Object.entries(pages))
        for (const window of windows) {
          const address = `${pinfold.url}${path}`
          seen.set(
            titleOf(name, window),
            await visits(timesOf(bench), () => visit(browser, address, window, { session })),
          )
        }
      return seen
    })
  })
}
