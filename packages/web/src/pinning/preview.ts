import { useEffect, useSyncExternalStore } from 'react'

/** A small picture of one of the web, as this server shows it. */
export interface Preview {
  /** Its address within this page; undefined while it is fetched, or if it cannot be shown. */
  src?: string
  /** What it is a picture of, in pixels. */
  width?: number
  height?: number
  isMissing?: boolean
}

/** How many are fetched at once. */
const together = 4
/** How many are kept. */
const most = 300
const nothing: Preview = {}

const previews = new Map<string, Preview>()
const waiting: string[] = []
let running = 0
const listeners = new Set<() => void>()

function set(address: string, preview: Preview): void {
  previews.set(address, preview)
  for (const listener of listeners) listener()
}

function want(address: string): void {
  if (previews.has(address)) return
  for (const [oldest, { src }] of previews) {
    if (previews.size < most) break
    if (src) URL.revokeObjectURL(src)
    previews.delete(oldest)
  }
  previews.set(address, nothing)
  waiting.push(address)
  startNext()
}

function startNext(): void {
  while (running < together) {
    const address = waiting.shift()
    if (address === undefined) return
    running++
    void fetchPreview(address)
      .catch((): Preview => ({ isMissing: true }))
      .then((preview) => {
        running--
        set(address, preview)
        startNext()
      })
  }
}

async function fetchPreview(address: string): Promise<Preview> {
  const answer = await fetch(address, { headers: { 'x-pinfold-app': '1' } })
  if (answer.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 1) * 1000))
    return fetchPreview(address)
  }
  if (!answer.ok) return { isMissing: true }
  const [width = 0, height = 0] = (answer.headers.get('x-pinfold-size') ?? '').split('x').map(Number)
  return { src: URL.createObjectURL(await answer.blob()), width, height }
}

/** Returns the preview at an address of this server, which is fetched in its turn. */
export function usePreview(address: string | undefined): Preview {
  useEffect(() => {
    if (address !== undefined) want(address)
  }, [address])
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => (address !== undefined ? previews.get(address) : undefined) ?? nothing,
  )
}
