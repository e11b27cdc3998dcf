import type { NavigateOptions } from 'wouter'
import { useHistoryState, useLocationProperty, usePathname } from 'wouter/use-browser-location'
import { wallOf } from '../wall/shown-list.ts'
import { keyOfEntry, newKey, type Over, overOf } from './entry.ts'

// A Pin that is opened from a wall is a dialog over it: the address is the Pin's, and the page beneath stays the wall's.

/** Pages without a wall: from there a Pin is a page of its own. */
const withoutWall = /^\/(pin|create|trash|settings)(\/|$)/
const pinAddress = /^\/pin\/([^/?]+)$/

/** Returns the Pin that is open over a wall, and what the history tells of it; undefined if there is none. */
export function usePinOver(): { pinId: string; over: Over } | undefined {
  const over = overOf(useHistoryState())
  const [, pinId] = pinAddress.exec(usePathname()) ?? []
  return over && pinId !== undefined ? { pinId, over } : undefined
}

/** Returns the path of the page: with a Pin open over a wall, the wall's. */
export function usePagePath(): string {
  // A single value: what is on the page, every link of a wall too, does not change when a Pin opens over it.
  return useLocationProperty(() => overOf(history.state)?.path ?? location.pathname)
}

/** Returns the query of the page, as `usePagePath` its path. */
export function usePageSearch(): string {
  return useLocationProperty(() => overOf(history.state)?.search ?? location.search)
}

/** Goes to an address; to a Pin's over the wall that is shown. */
export function goOver(
  go: (to: string, options?: NavigateOptions) => void,
  to: string,
  options: NavigateOptions = {},
): void {
  const [, pinId] = pinAddress.exec(to) ?? []
  if (pinId === undefined) {
    go(to, options)
    return
  }
  const replaces = options.replace ?? false
  const wall: number | undefined = replaces ? history.state?.wall : wallOf(pinId)
  go(to, { ...options, state: { over: overOnTheWay(replaces), wall, key: newKey() } })
}

/** Returns what the entry of a Pin tells of the wall that is shown; undefined if there is none. */
function overOnTheWay(replaces: boolean): Over | undefined {
  const over = overOf(history.state)
  if (over) return { ...over, depth: over.depth + (replaces ? 0 : 1) }
  const { pathname: path, search } = location
  if (replaces || withoutWall.test(path)) return undefined
  return { visit: performance.timeOrigin, path, search, key: keyOfEntry(), depth: 1 }
}

/** Closes what is open over a wall, however many Pins one went on to. Returns whether there was something. */
export function backToWall(): boolean {
  const over = overOf(history.state)
  if (over) history.go(-over.depth)
  return over !== undefined
}
