import { hash } from 'node:crypto'
import Bowser from 'bowser'
import { isbot } from 'isbot'
import { LRUCache } from 'lru-cache'
import type { AppCode } from './metrics.ts'
import { appCodes } from './metrics.ts'

/**
 * Libraries and tools with which programs send requests for a person: not crawlers, though `isbot` takes some of them
 * for one.
 */
const sender =
  /^(aiohttp|apache-httpclient|axios|curl|dart|go-http-client|got|guzzlehttp|insomnia|java|node|okhttp|php|postman\w*|python|ruby|undici|wget)\b/i

/** What a user agent reveals about a viewer. */
export interface Device {
  app: AppCode
  isCrawler: boolean
}

const devices = new LRUCache<string, Device>({ max: 2000 })

/** Returns the kind of device of a user agent, and whether it is a declared crawler. */
export function deviceOf(userAgent: string): Device {
  const text = userAgent.slice(0, 1000)
  let device = devices.get(text)
  if (!device) {
    device = { app: appOf(text), isCrawler: !sender.test(text) && isbot(text) }
    devices.set(text, device)
  }
  return device
}

function appOf(userAgent: string): AppCode {
  if (userAgent === '') return appCodes.WEB
  const type = Bowser.getParser(userAgent).getPlatformType(true)
  if (type === 'mobile') return appCodes.MOBILE
  return type === 'tablet' ? appCodes.TABLET : appCodes.WEB
}

/**
 * Returns a number of 53 bits that identifies a text without revealing it. Among ten million known texts, one new text
 * in a billion collides.
 */
export function keyOf(text: string): number {
  // As a text of bytes: a buffer takes longer to make than the hash.
  const digest = hash('sha256', text, 'latin1')
  const byte = (at: number) => digest.charCodeAt(at)
  const high = ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0
  return high * 2 ** 21 + ((byte(4) << 13) | (byte(5) << 5) | (byte(6) >> 3))
}
