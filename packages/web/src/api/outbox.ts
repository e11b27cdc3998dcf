import { useSyncExternalStore } from 'react'
import { isConnected, onConnection } from './connection.ts'
import { newKey } from './new-key.ts'
import { ApiFailure, type ApiRequest, send } from './send.ts'

// What is written while there is no connection waits here, and is sent in its order when there is one. It outlives a reload
// of its tab; another tab has its own.

interface Waiting {
  request: ApiRequest
  /** Whether it was sent before, and may have been carried out. */
  wasSent: boolean
  resolve: (answer: unknown) => void
  reject: (error: unknown) => void
}

/** What may wait: changes of Pins and boards, and no passwords. */
const mayWaitAddress = /^\/(v5\/(pins|boards|user_account\/following)|_pinfold\/(trash|web\/(boards|users)))(\/|$|\?)/
/** Larger ones, such as pictures, are not kept: they fail, and can be tried again. */
const mostCharacters = 20_000
const most = 200
const storageKey = (account: string) => `pinfold-waiting-${account}`

let account = ''
let waiting: readonly Waiting[] = []
let isSending = false
/** Called once with the next change that has to wait. */
let onNext = new Set<() => void>()
const listeners = new Set<() => void>()

function set(next: readonly Waiting[]): void {
  waiting = next
  try {
    const kept = waiting.map(({ request, wasSent }) => ({ request, wasSent }))
    if (account !== '') sessionStorage.setItem(storageKey(account), JSON.stringify(kept))
  } catch {
    // Without storage they wait as long as the page is open.
  }
  for (const listener of listeners) listener()
}

const mayWait = ({ address, body = '' }: ApiRequest): boolean =>
  account !== '' && waiting.length < most && body.length <= mostCharacters && mayWaitAddress.test(address)

const isLost = (error: unknown): boolean => error instanceof ApiFailure && error.status === 0

/** Sends a change, or keeps it until it can be sent. Resolves when it was carried out. Throws `ApiFailure`. */
export async function deliver(given: ApiRequest): ReturnType<typeof send> {
  const request = given.method === 'POST' ? { idempotencyKey: newKey(), ...given } : given
  if (!mayWait(request)) return send(request)
  if (isConnected() && waiting.length === 0) {
    try {
      return await send(request)
    } catch (error) {
      if (!isLost(error)) throw error
      return keep(request, true)
    }
  }
  return keep(request, false)
}

function keep(request: ApiRequest, wasSent: boolean): ReturnType<typeof send> {
  return new Promise((resolve, reject) => {
    set([...waiting, { request, wasSent, resolve, reject }])
    const told = onNext
    onNext = new Set()
    for (const tell of told) tell()
    void sendAll()
  })
}

/** Sends what waits, one after another, until the connection is lost again. */
async function sendAll(): Promise<void> {
  if (isSending) return
  isSending = true
  for (let [first] = waiting; first && isConnected(); [first] = waiting) {
    try {
      first.resolve(await send(first.request))
    } catch (error) {
      if (isLost(error)) {
        first.wasSent = true
        break
      }
      if (error instanceof ApiFailure && error.status === 429) {
        await new Promise((resolve) => setTimeout(resolve, Math.max(1000, error.waitMs)))
        continue
      }
      if (isDone(first, error)) first.resolve(undefined)
      else first.reject(error)
    }
    set(waiting.slice(1))
  }
  isSending = false
}

/** Whether it was carried out the first time, and only the answer was lost: what it takes away is not there any more. */
const isDone = ({ request, wasSent }: Waiting, error: unknown): boolean =>
  wasSent &&
  error instanceof ApiFailure &&
  error.status === 404 &&
  (request.method === 'DELETE' || request.address.startsWith('/_pinfold/trash/'))

onConnection(() => void sendAll())

/**
 * Takes up what an account has left in this tab before a reload. `failed`: is called for each change that is refused then,
 * since whoever made it waits no longer.
 */
export function takeUp(username: string, failed: () => void): void {
  if (username === account) return
  account = username
  try {
    const kept: Pick<Waiting, 'request' | 'wasSent'>[] = JSON.parse(sessionStorage.getItem(storageKey(account)) ?? '[]')
    if (kept.length > 0) set([...kept.map((each) => ({ ...each, resolve: () => {}, reject: failed })), ...waiting])
  } catch {
    // Storage may be forbidden.
  }
  void sendAll()
}

/** Resolves when the next change is kept for later. */
export const nextKept = (): Promise<void> => new Promise((resolve) => onNext.add(resolve))

export const waitingCount = (): number => waiting.length

/** Returns how many changes wait. */
export const useWaitingCount = (): number =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, waitingCount)
