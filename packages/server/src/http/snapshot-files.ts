import { PassThrough, Readable } from 'node:stream'
import { resources } from '@pinfold/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ControlledData, Snapshot } from '../control/data.ts'
import { invalid } from '../core/errors.ts'
import { inputCheck } from './validation.ts'

export interface SnapshotFilesOptions {
  data: Pick<ControlledData, 'pack' | 'unpack'>
  /** Lets a request pass, or throws. */
  guardControl: (request: FastifyRequest) => void | Promise<void>
  /** A snapshot as it is answered. */
  render: (snapshot: Snapshot) => object
}

/** Adds what gives a snapshot as one file, and takes one: neither is JSON, and both go on for as long as they need. */
export async function serveSnapshotFiles(app: FastifyInstance, options: SnapshotFilesOptions): Promise<void> {
  const { data, guardControl, render } = options
  const check = inputCheck(resources.control.deleteSnapshot)
  const nameIn = (params: unknown) => (check.address(params, {}).params as { name: string }).name
  await app.register(async (files) => {
    // The handler reads the body as it arrives, whatever its sender calls it.
    files.removeAllContentTypeParsers()
    files.addContentTypeParser('*', (_request, _payload, done) => done(null))
    files.addHook('onRequest', async (request) => guardControl(request))
    files.get(address, { exposeHeadRoute: false }, async ({ params }, reply) => {
      const name = nameIn(params)
      const bytes = Readable.from(await data.pack(name), { objectMode: false })
      reply.header('content-disposition', `attachment; filename="${name}.tar"`).header('cache-control', 'no-store')
      return reply.type('application/x-tar').send(bytes)
    })
    files.put(address, { config: { takesLong: true } }, async (request, reply) => {
      const name = nameIn(request.params)
      return reply.code(201).send(render(await withBody(request, (body) => data.unpack(name, body))))
    })
  })
}

const address = '/_pinfold/snapshots/:name'

/** Passes the body of a request to `take` as it arrives, and returns what comes of it. It fails when the body does. */
async function withBody<T>({ raw, incoming }: FastifyRequest, take: (body: Readable) => Promise<T>): Promise<T> {
  const body = new PassThrough()
  body.on('error', () => {}) // Whoever reads it sees it too; nobody may any more.
  const brokenOff = () => raw.complete || body.destroy(invalid('The body broke off.'))
  incoming?.claim()
  if (incoming) incoming.fail = (error) => body.destroy(error)
  raw.once('close', brokenOff)
  raw.pipe(body)
  try {
    return await take(body)
  } finally {
    raw.off('close', brokenOff)
    raw.unpipe(body)
    raw.resume()
    body.destroy()
  }
}
