import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sparticuz, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** Switches for a cloud function's browser that would let pages do what a real browser forbids. */
const unwanted = /^--(single-process|disable-web-security|disable-site-isolation-trials|allow-running-insecure-content)/

/**
 * Starts a browser that comes from npm alone, with its own libraries and fonts. Unpacking it takes some seconds the
 * first time. It has no 3D graphics, which take half the time and are not needed here.
 */
export async function launchBrowser(): Promise<Browser> {
  sparticuz.setGraphicsMode = false
  const packed = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin')
  const executablePath = await sparticuz.executablePath()
  const [libraries, fonts] = await Promise.all([
    inflate(join(packed, 'al2023.tar.br')),
    inflate(join(packed, 'fonts.tar.br')),
  ])
  return chromium.launch({
    executablePath,
    args: sparticuz.args.filter((arg) => !unwanted.test(arg)),
    env: { ...process.env, LD_LIBRARY_PATH: join(libraries, 'lib'), FONTCONFIG_PATH: fonts },
  })
}

let shared: Promise<Browser> | undefined

/**
 * Returns the browser that the test files of this process share, and which ends with the process: do not close it.
 * Each test opens a context of its own, which has its own cookies and caches.
 */
export async function sharedBrowser(): Promise<Browser> {
  const running = await shared
  if (running?.isConnected()) return running
  shared = launchBrowser()
  return shared
}
