import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Receives webhooks, and remembers which Pins it was told of. */
export interface Receiver {
  url: string
  /** The ids of Pins that were told to a path. */
  told(path: string): ReadonlySet<string>
  /** Answers 503 to all until it is called with false. */
  fail(fails: boolean): void
  close(): void
}

/** Starts one. */
export async function startReceiver(): Promise<Receiver> {
  const told = new Map<string, Set<string>>()
  const at = (path: string) => {
    const ids = told.get(path) ?? new Set()
    told.set(path, ids)
    return ids
  }
  let fails = false
  const server = createServer(async (request, response) => {
    let text = ''
    try {
      for await (const part of request) text += part
      if (!fails) at(request.url ?? '').add(JSON.parse(text).data.id)
      response.writeHead(fails ? 503 : 204).end()
    } catch {
      response.destroy()
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told: at,
    fail: (value) => (fails = value),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
