import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver, { type Listed, type Middleware } from '@20minutes/s3rver'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'

/** A storage to test on: `storage` is the value of `--storage`. */
export interface TestStorage {
  storage: string
  discard(): Promise<void>
}

/** The address of a running server that speaks S3, instead of the one that the tests start. */
const given = process.env.PINFOLD_TEST_S3

/** Whether the service lists unfinished uploads, and checks the signature of every request. */
export const isWholeS3 = given !== undefined

/** The credentials that the tests' S3 server accepts, and that AWS's SDK finds. */
export const s3Credentials = given
  ? {
      AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? '',
      AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    }
  : { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' }

/** An empty bucket on a server that speaks S3. */
export interface TestBucket extends TestStorage {
  endpoint: string
  bucket: string
}

/** Makes an empty bucket on the given server, or on a new one with its own folder. */
export async function startS3(): Promise<TestBucket> {
  Object.assign(process.env, s3Credentials)
  if (!given) return startS3rver()
  const bucket = `pinfold-${randomBytes(6).toString('hex')}`
  const client = clientOf(given)
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
  return { ...placeIn(bucket, given), discard: async () => {} }
}

/** Returns a separate client, to look at the content of a service. */
export const clientOf = (endpoint: string): S3Client =>
  new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 5 })

const placeIn = (bucket: string, endpoint: string) => ({
  bucket,
  endpoint,
  storage: `s3://${bucket}/some/where?endpoint=${endpoint}`,
})

async function startS3rver(): Promise<TestBucket> {
  const bucket = 'media'
  const directory = await mkdtemp(join(tmpdir(), 'pinfold-s3-'))
  const options = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: bucket }] }
  const server = new S3rver(options)
  server.middleware.splice(-1, 0, trustBucketRequests, listInPages) // The last one is the router.
  const { port } = await server.run()
  return {
    ...placeIn(bucket, `http://127.0.0.1:${port}`),
    async discard() {
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** S3rver checks the signature of a request to an object, but wrongly refuses that of one to a bucket, whose path ends with a slash. */
const trustBucketRequests: Middleware = (context, next) => {
  if (isOfBucket(context.path)) context.app = Object.create(context.app, { allowMismatchedSignatures: { value: true } })
  return next()
}

/** S3rver encrypts the tokens of its lists with DES, which OpenSSL no longer has: it fails where a list goes on. */
const listInPages: Middleware = async (context, next) => {
  if (!isOfBucket(context.path)) return next()
  const { 'continuation-token': token, ...query } = context.query
  context.query = { ...query, ...(token && { 'start-after': Buffer.from(token, 'base64url').toString() }) }
  const { store } = context
  let page: Listed | undefined
  const listObjects: typeof store.listObjects = async (bucket, options) => {
    page = await store.listObjects(bucket, options)
    return { ...page, isTruncated: false }
  }
  context.store = Object.create(store, { listObjects: { value: listObjects } })
  await next()
  const last = page?.isTruncated ? page.objects.at(-1) : undefined
  if (!last) return
  const NextContinuationToken = Buffer.from(last.key).toString('base64url')
  Object.assign(context.body.ListBucketResult, { IsTruncated: true, NextContinuationToken })
}

const isOfBucket = (path: string): boolean => /^\/[^/]+\/$/.test(path)

async function makeFolder(): Promise<TestStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-storage-'))
  return { storage: join(folder, 'media'), discard: () => rm(folder, { recursive: true, force: true }) }
}

/** Every storage that is tested. */
export const storages: { name: string; open(): Promise<TestStorage> }[] = [
  { name: 'a folder', open: makeFolder },
  { name: 'S3', open: startS3 },
]

export interface Gate {
  endpoint: string
  /** Resolves when the first request is held back. */
  holdsBack: Promise<void>
  /** Resolves when all requests passed on so far have their answers. */
  allAnswered(): Promise<unknown>
  close(): Promise<void>
}

/** Starts a proxy before a service, which passes on the requests that `lets` accepts; the others are never answered. */
export async function gateBefore(endpoint: string, lets: (method: string, path: string) => boolean): Promise<Gate> {
  const answers: Promise<unknown>[] = []
  const holding = Promise.withResolvers<void>()
  const gate = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    if (!lets(method, path)) {
      holding.resolve()
      return incoming.resume()
    }
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
    holdsBack: holding.promise,
    allAnswered: () => Promise.all(answers),
    close: () =>
      new Promise((resolve) => {
        gate.close(() => resolve())
        gate.closeAllConnections()
      }),
  }
}
