import { ApiFailure, failureOf } from '../api/call.ts'
import { createMedia, type NewPin } from '../api/calls.ts'
import { frameOf } from './video-frame.ts'
import { patiently } from './write-all.ts'

export interface SendVideoOptions {
  /** Is told which part of it is sent, from 0 to 1. */
  onProgress: (part: number) => void
  /** Breaks it off. */
  signal: AbortSignal
}

type VideoSource = Extract<NonNullable<NewPin['media_source']>, { source_type: 'video_id' }>
/** What says which cover a video has. */
export type Cover = Pick<VideoSource, 'cover_image_key_frame_time' | 'cover_image_content_type' | 'cover_image_data'>

/** How long to wait between two looks at how far a video is: longer from time to time. */
const [firstWaitMs, longestWaitMs] = [500, 4000]

/**
 * Uploads a video as every client of the API does, and resolves with the id of the upload once it is ready for a Pin.
 * Throws `ApiFailure`, with the server's reason if the video cannot be used; and an `AbortError`.
 */
export async function sendVideo(file: File, { onProgress, signal }: SendVideoOptions): Promise<string> {
  const {
    media_id: id,
    upload_url: address,
    upload_parameters: fields,
  } = await patiently(() => createMedia({ body: { media_type: 'video' } }, { signal }))
  if (id === undefined || address === undefined) throw new ApiFailure(500, '')
  const form = new FormData()
  for (const [name, value] of Object.entries(fields ?? {})) form.append(name, String(value))
  form.append('file', file)
  // The address may name this server otherwise than the page does, which may only send to its own origin.
  await post(new URL(address).pathname, form, { onProgress, signal })
  for (let waitMs = firstWaitMs; !(await isReady(id, signal)); waitMs = Math.min(waitMs * 1.5, longestWaitMs))
    await wait(waitMs, signal)
  return id
}

function post(path: string, form: FormData, { onProgress, signal }: SendVideoOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    request.open('POST', path)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(new ApiFailure(0, ''))
    request.onabort = () => reject(signal.reason)
    request.onload = () => {
      const { status, response } = request
      if (status === 204) return resolve()
      reject(failureOf(status, response?.message ?? '', (name) => request.getResponseHeader(name)))
    }
    request.onloadend = () => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort)
    request.send(form)
  })
}

/** Returns whether an upload is ready. Throws `ApiFailure` if it cannot be used. */
async function isReady(id: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(`/v5/media/${id}`, { headers: { 'x-pinfold-app': '1' }, signal }).catch(passing)
  // It is looked at again: the video goes on without this page.
  if (!answer || answer.status === 429 || answer.status >= 500) return false
  const body = await answer.json()
  if (!answer.ok) throw failureOf(answer.status, body.message, (name) => answer.headers.get(name))
  if (body.status === 'failed')
    throw new ApiFailure(400, answer.headers.get('x-pinfold-failure') ?? '', { entry: 'videoInvalid' })
  return body.status === 'succeeded'
}

function passing(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'AbortError') throw error
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop)
  })
}

/**
 * Sends a Pin with the picture at a second of its video as the cover: the server takes it; where it has no program for
 * that, this browser does.
 */
export async function coverOf<T>(file: File, seconds: number, send: (cover: Cover) => Promise<T>): Promise<T> {
  try {
    return await send({ cover_image_key_frame_time: seconds })
  } catch (error) {
    const hasNoTools = error instanceof ApiFailure && error.entry === 'videoInvalid' && /no ffmpeg/.test(error.message)
    const data = hasNoTools ? await frameOf(file, seconds) : undefined
    if (data === undefined) throw error
    return send({ cover_image_content_type: 'image/jpeg', cover_image_data: data })
  }
}
