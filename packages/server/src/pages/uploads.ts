import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError, invalid } from '../core/errors.ts'
import { videoLimits } from '../domains/videos/limits.ts'
import { type Upload, type Videos, videoName } from '../domains/videos/videos.ts'
import { sendKeptFile } from '../http/kept-file.ts'
import type { MediaStorage } from '../storage/storage.ts'

/** The limits of the fields before the file. */
const fieldLimits = {
  fieldNameSize: 100,
  fieldSize: 8192,
  fields: 20,
  files: 1,
  parts: 22,
  headerPairs: 20,
  headerSize: 8192,
}
/** The size of an upload beside its file. */
const formBytes = 256 * 1024

export interface VideoWebOptions {
  videos: Videos
  storage: MediaStorage
  /** The largest upload; 2 GB by default. */
  uploadBytes?: number
}

/**
 * Serves uploads at `/uploads/`, which need no token, since the fields before the file permit one; and videos at
 * `/media/videos/`.
 */
export async function serveVideos(
  app: FastifyInstance,
  { videos, storage, uploadBytes = videoLimits.uploadBytes }: VideoWebOptions,
): Promise<void> {
  await app.register(async (uploads) => {
    // The handler reads the form as it arrives.
    uploads.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null))
    uploads.post('/uploads/', { config: { takesLong: true } }, async (request, reply) => {
      await takeUpload(request, videos, uploadBytes)
      return reply.code(204).send()
    })
  })

  app.route<{ Params: { file: string } }>({
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url: '/media/videos/:file',
    handler: async (request, reply) => {
      const [, key] = /^([0-9a-f]{32})\.mp4$/.exec(request.params.file) ?? []
      if (!key) throw new ApiError('routeNotFound', { detail: 'There is no such video.' })
      return sendKeptFile(request, reply, storage, { key, name: videoName })
    },
  })
}

/** Receives one upload, completely or not at all. */
async function takeUpload(request: FastifyRequest, videos: Videos, mostBytes: number): Promise<void> {
  if (!request.headers['content-type']?.toLowerCase().startsWith('multipart/form-data'))
    throw new ApiError('unsupportedMediaType', { detail: 'Send a form as multipart/form-data.' })
  let upload: Upload | undefined
  try {
    if (Number(request.headers['content-length']) > mostBytes + formBytes) throw tooLarge(mostBytes)
    await readForm(request, mostBytes, async (fields, file) => {
      upload = await videos.beginUpload(fields)
      await upload.write(file)
    })
    await upload?.accept()
  } finally {
    await upload?.end()
  }
}

type Fields = ReadonlyMap<string, string>
type FormFile = Parameters<Upload['write']>[0]

/**
 * Reads a form: the fields, and then the file, which is passed to `take` as it arrives. Resolves when all of the form
 * has arrived and the file is accepted.
 */
async function readForm(
  { raw: request, incoming: body }: FastifyRequest,
  mostBytes: number,
  take: (fields: Fields, file: FormFile) => Promise<void>,
): Promise<void> {
  const form = newForm(request, mostBytes)
  const { promise: finished, reject, file } = followForm(form, mostBytes, take)
  if (body) body.fail = reject
  const brokenOff = () =>
    request.complete || reject(invalid('The connection was closed before all of the file had come.'))
  request.on('close', brokenOff)
  request.pipe(form)
  try {
    await finished
    if (!file.taking) throw invalid("The form lacks the field 'file', which must be the last.")
    await file.taking
  } catch (error) {
    file.incoming?.destroy(error as Error)
    await file.taking?.catch(() => {})
    throw error
  } finally {
    request.off('close', brokenOff)
    request.unpipe(form)
    request.resume()
  }
}

/** A form being read: rejected when it exceeds a limit, resolved at its end. */
interface FollowedForm {
  promise: Promise<void>
  reject(error: unknown): void
  /** The file, once it arrives. */
  file: { incoming?: FormFile; taking?: Promise<void> }
}

function followForm(
  form: InstanceType<typeof Busboy>,
  mostBytes: number,
  take: (fields: Fields, file: FormFile) => Promise<void>,
): FollowedForm {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fields = new Map<string, string>()
  const followed: FollowedForm = { promise, reject, file: {} }

  form.on('field', (name, value, nameIsCut, valueIsCut) => {
    if (nameIsCut || valueIsCut) return reject(invalid(`The field '${String(name).slice(0, 50)}' is too long.`))
    if (!followed.file.taking) fields.set(name, value)
  })
  form.on('file', (_name, file) => {
    followed.file.incoming = file
    file.on('limit', () => reject(tooLarge(mostBytes)))
    // It fails when the form breaks off; whoever reads it sees that too.
    file.on('error', reject)
    followed.file.taking = take(fields, file)
    followed.file.taking.catch(reject)
  })
  for (const event of ['fieldsLimit', 'partsLimit', 'filesLimit'] as const)
    form.on(event, () => reject(invalid('The form has more fields than an upload needs.')))
  form.on('error', () => reject(invalid('The form is not whole.')))
  form.on('finish', resolve)
  return followed
}

function newForm(request: IncomingMessage, fileSize: number): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      // Some clients send the file without name and type; the name of its field identifies it.
      isPartAFile: (name) => name === 'file',
      limits: { ...fieldLimits, fileSize },
    })
  } catch (error) {
    throw invalid(`The form cannot be read: ${(error as Error).message}.`)
  }
}

const tooLarge = (mostBytes: number) =>
  new ApiError('bodyTooLarge', { detail: `A video may have ${mostBytes / 1024 ** 3} GB.` })
