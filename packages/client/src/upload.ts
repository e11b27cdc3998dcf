import { ConnectionError, InvalidRequestError } from './errors.ts'
import { type FileContent, type OpenFile, openFile, streamOf } from './file-content.ts'
import { type CallOptions, errorOf, sleep } from './transport.ts'
import type { Media, Resources } from './types.ts'

/**
 * A video: the path of a file (in Node, Bun and Deno), its bytes, a Blob or File, or a stream. Pinterest needs to know
 * the size in advance: for a stream, give it in `UploadOptions.size`.
 */
export type Video = FileContent

export interface UploadProgress {
  phase: 'uploading' | 'processing'
  sentBytes: number
  /** Undefined for a stream of unknown size. */
  totalBytes: number | undefined
}

export interface UploadOptions {
  onProgress?: (progress: UploadProgress) => void
  /** Called with the upload's id once all of it is sent, and awaited. From then on `whenReady` is enough. */
  onSent?: (mediaId: string) => unknown
  /** Ends the upload, or stops waiting for its processing. */
  signal?: AbortSignal
  /** The longest wait for its processing; an hour if not given. */
  processingTimeoutMs?: number
  /** The size of a stream in bytes. */
  size?: number
}

/** Registers an upload, sends it and waits until it is ready. Its result has the id for a Pin. */
export type Upload = (video: Video, options?: UploadOptions) => Promise<Media>

/**
 * Waits until an upload that was sent is ready. Throws `InvalidRequestError` if it cannot be used, and `NotFoundError`.
 */
export type WhenReady = (mediaId: string, options?: Omit<UploadOptions, 'onSent' | 'size'>) => Promise<Media>

/** The pauses between polls. */
const firstPauseMs = 500
const longestPauseMs = 10_000

/** The header in which Pinfold says why an upload failed; Pinterest has none. */
const failureHeader = 'x-pinfold-failure'

/** Returns `client.media.upload`. `send` sends the file. */
export function uploader(media: Pick<Resources['media'], 'create' | 'get'>, send: typeof fetch): Upload {
  return async (video, options = {}) => {
    const { onProgress, signal } = options
    const call: CallOptions = signal ? { signal } : {}
    // Before anything is registered: the file may not exist.
    const file = await openFile(video, options.size)
    const registered = await media.create({ media_type: 'video' }, undefined, call)
    const { media_id: id, upload_url: url, upload_parameters: fields } = registered
    if (!url || !fields) throw new InvalidRequestError('The service did not say where to upload the video.')
    let sentBytes = 0
    const tell = (phase: UploadProgress['phase']) => onProgress?.({ phase, sentBytes, totalBytes: file.size })
    await sendForm(send, url, { ...fields }, file, signal, (bytes) => {
      sentBytes += bytes
      tell('uploading')
    })
    await options.onSent?.(id)
    tell('processing')
    return ready(id, media, options, () => tell('processing'))
  }
}

/** Returns `client.media.whenReady`. */
export function waiter(media: Pick<Resources['media'], 'get'>): WhenReady {
  return (id, options = {}) =>
    ready(id, media, options, () => options.onProgress?.({ phase: 'processing', sentBytes: 0, totalBytes: undefined }))
}

/** Polls, with growing pauses, until the upload is ready. Throws `InvalidRequestError` if it cannot be used. */
async function ready(
  id: string,
  media: Pick<Resources['media'], 'get'>,
  { signal, processingTimeoutMs = 60 * 60_000 }: UploadOptions,
  waiting: () => void,
): Promise<Media> {
  let reason: string | null = null
  const onHeaders = (headers: Headers) => {
    reason = headers.get(failureHeader)
  }
  const call: CallOptions = { onHeaders, ...(signal && { signal }) }
  const until = Date.now() + processingTimeoutMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const found = await media.get(id, undefined, call)
    if (found.status === 'succeeded') return found
    if (found.status === 'failed')
      throw new InvalidRequestError(
        `The service cannot use the video${reason ? `. ${reason}` : `: the upload ${id} failed.`}`,
      )
    if (Date.now() > until) throw new ConnectionError(`The upload ${id} was not ready in ${processingTimeoutMs} ms.`)
    waiting()
    await sleep(pauseMs, signal)
  }
}

/** Sends the fields, then the file. Throws a `PinterestError`, or the reason `signal` was aborted with. */
async function sendForm(
  send: typeof fetch,
  url: string,
  fields: Record<string, string | undefined>,
  file: OpenFile,
  signal: AbortSignal | undefined,
  sent: (bytes: number) => void,
): Promise<void> {
  const counted = (bytes: number) => {
    // Otherwise a stream that is always ready would keep `signal` from ending the request.
    signal?.throwIfAborted()
    sent(bytes)
  }
  const request = isBrowser ? await wholeForm(fields, file, counted) : streamedForm(fields, file, counted)
  let response: Response
  try {
    response = await send(url, { method: 'POST', ...request, ...(signal && { signal }) })
  } catch (cause) {
    signal?.throwIfAborted()
    throw new ConnectionError(`The connection failed: POST ${url}.`, { cause })
  }
  const text = await response.text()
  if (!response.ok) throw errorOf(response, text)
}

/** Browsers cannot send streams to every server, and do not report the progress of a form. */
const isBrowser = 'document' in globalThis

async function wholeForm(fields: Record<string, string | undefined>, file: OpenFile, sent: (bytes: number) => void) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of file.chunks()) {
    parts.push(chunk as Uint8Array<ArrayBuffer>)
    sent(chunk.length)
  }
  form.append('file', new Blob(parts, { type: 'video/mp4' }), 'video.mp4')
  return { body: form }
}

/** Returns a form that is generated while it is sent: the file is never in memory. */
function streamedForm(fields: Record<string, string | undefined>, file: OpenFile, sent: (bytes: number) => void) {
  const boundary = `pinfold-${crypto.randomUUID()}`
  const part = (name: string, rest: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  const encoder = new TextEncoder()
  const head = encoder.encode(
    given.map(([name, value]) => `${part(name, '')}${value}\r\n`).join('') +
      part('file', '; filename="video.mp4"\r\nContent-Type: video/mp4'),
  )
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`)

  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield head
    for await (const chunk of file.chunks()) {
      yield chunk
      sent(chunk.length)
    }
    yield tail
  }

  const body = streamOf(bytes())
  const length = file.size === undefined ? undefined : head.length + file.size + tail.length
  const headers = {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    ...(length !== undefined && { 'content-length': String(length) }),
  }
  return { body, headers, duplex: 'half' as const }
}
