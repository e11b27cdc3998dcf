import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '@pinfold/test-support/random'
import { startS3 } from '@pinfold/test-support/storages'

/** A storage that speaks S3, behind a proxy that has it fail. */
export interface FaultyS3 {
  /** The value of `--storage`. */
  storage: string
  /** Has this part of the requests fail, and each take longer. */
  misbehave(part: number, delayMs: number): void
  close(): Promise<void>
}

/** Starts one with an empty bucket. */
export async function faultyS3(random: Random): Promise<FaultyS3> {
  const bucket = await startS3()
  const { hostname, port } = new URL(bucket.endpoint)
  let [failing, delay] = [0, 0]
  const proxy = createServer(async (incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    if (delay > 0) await pause(random.below(delay))
    const dice = random.next()
    if (dice < failing / 2) {
      incoming.resume()
      outgoing.writeHead(random.chance(0.5) ? 503 : 500).end()
      return
    }
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      // The answer to a request that was carried out may be lost as well.
      if (dice < failing) return void outgoing.destroy()
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.on('error', () => passed.destroy())
    incoming.pipe(passed)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return {
    storage: `s3://${bucket.bucket}/torture?endpoint=${endpoint}`,
    misbehave(part, delayMs) {
      failing = part
      delay = delayMs
    },
    async close() {
      proxy.close()
      proxy.closeAllConnections()
      await bucket.discard()
    },
  }
}
