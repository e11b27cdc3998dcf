import { useSyncExternalStore } from 'react'

// Whether the server can be reached: the browser says whether there is a network, and a request whether it got through.

/** While there is no connection, the server is asked this often. */
const askEveryMs = 1500

let connected = navigator.onLine
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** Notes whether the server was reached. */
export function noteConnection(isThere: boolean): void {
  if (!isThere && timer === undefined) timer = setTimeout(tryNow, askEveryMs)
  if (connected === isThere) return
  connected = isThere
  for (const listener of listeners) listener()
}

/** Asks the server whether it is there. */
export function tryNow(): void {
  clearTimeout(timer)
  timer = undefined
  fetch('/_pinfold/health', { cache: 'no-store' }).then(
    ({ ok }) => noteConnection(ok),
    () => noteConnection(false),
  )
}

addEventListener('online', tryNow)
addEventListener('offline', () => noteConnection(false))

export const isConnected = (): boolean => connected

/** Calls `listener` whenever the connection is lost or back. Returns the function that stops it. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useIsConnected = (): boolean => useSyncExternalStore(onConnection, isConnected)
