import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'

/** A storage to test on: `storage` is what `--storage` is given. */
export interface TestStorage {
  storage: string
  discard(): Promise<void>
}

/** The credentials that the S3 server of the tests takes, and that AWS's SDK finds. */
export const s3Credentials = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' }

/** A server that speaks S3, with an empty bucket, on a folder of its own. */
export async function startS3(): Promise<TestStorage & { endpoint: string }> {
  Object.assign(process.env, s3Credentials)
  const directory = await mkdtemp(join(tmpdir(), 'pinfold-s3-'))
  const options = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: 'media' }] }
  const server = new S3rver(options)
  // It takes the signature of a request to an object for what it is, but not that of one to the bucket, whose path ends
  // with a slash.
  server.middleware.unshift((context, next) => {
    const isToBucket = context.path === '/media/'
    if (isToBucket) context.app = Object.create(context.app, { allowMismatchedSignatures: { value: true } })
    return next()
  })
  const { port } = await server.run()
  const endpoint = `http://127.0.0.1:${port}`
  return {
    endpoint,
    storage: `s3://media/some/where?endpoint=${endpoint}`,
    async discard() {
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function makeFolder(): Promise<TestStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-storage-'))
  return { storage: join(folder, 'media'), discard: () => rm(folder, { recursive: true, force: true }) }
}

/** Every storage that is tested. */
export const storages: { name: string; open(): Promise<TestStorage> }[] = [
  { name: 'a folder', open: makeFolder },
  { name: 'S3', open: startS3 },
]

/** Stands before a service, and passes on those requests that `lets` through; the others are never answered. */
export async function gateBefore(
  endpoint: string,
  lets: (method: string, path: string) => boolean,
): Promise<{ endpoint: string; allAnswered(): Promise<unknown>; close(): Promise<void> }> {
  const answers: Promise<unknown>[] = []
  const gate = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    if (!lets(method, path)) return incoming.resume()
    const { hostname, port } = new URL(endpoint)
    const passed = httpRequest({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    answers.push(once(outgoing, 'close'))
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    allAnswered: () => Promise.all(answers),
    close: () =>
      new Promise((resolve) => {
        gate.close(() => resolve())
        gate.closeAllConnections()
      }),
  }
}
