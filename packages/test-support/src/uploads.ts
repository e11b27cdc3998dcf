import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ServerConfig, startServer } from '@pinfold/server'
import { expect } from 'vitest'
import { until } from './pace.ts'
import { type Answer, people, type RequestOptions, type TestServer } from './server.ts'

/** Two seconds of H.264 and AAC in MP4, red and then blue, 96 × 54. */
export const clip: Buffer<ArrayBuffer> = await readFile(join(import.meta.dirname, '../fixtures/clip.mp4'))
export const clipPath = join(import.meta.dirname, '../fixtures/clip.mp4')

/** The answer to a registration. */
export interface Registered {
  media_id: string
  upload_url: string
  upload_parameters: Record<string, string>
}

export async function register(server: TestServer, options: RequestOptions = {}): Promise<Registered> {
  const { status, body } = await server.post('/media', { media_type: 'video' }, options)
  expect(status).toBe(201)
  return body
}

/** Uploads a file like browsers and Node do. */
export async function upload(
  { upload_url, upload_parameters }: Pick<Registered, 'upload_url' | 'upload_parameters'>,
  bytes: Uint8Array<ArrayBuffer>,
  name = 'clip.mp4',
): Promise<Response> {
  const form = new FormData()
  for (const [field, value] of Object.entries(upload_parameters)) form.append(field, value)
  form.append('file', new Blob([bytes], { type: 'video/mp4' }), name)
  return fetch(upload_url, { method: 'POST', body: form })
}

/** The methods of a server that uploads need. */
type Asked = Pick<TestServer, 'get'>

export const statusOf = async (server: Asked, id: string): Promise<string> =>
  (await server.get(`/media/${id}`)).body.status

/** Waits until an upload is done, and returns its status. */
export async function ended(server: Asked, id: string): Promise<string> {
  await until(async () => !['registered', 'processing'].includes(await statusOf(server, id)), { intervalMs: 20 })
  return statusOf(server, id)
}

/** Registers, uploads and waits. Returns the upload's id and its status. */
export async function uploaded(
  server: TestServer,
  bytes: Uint8Array<ArrayBuffer> = clip,
  options: RequestOptions = {},
): Promise<{ id: string; status: string }> {
  const registered = await register(server, options)
  const answer = await upload(registered, bytes)
  expect([answer.status, await answer.text()]).toEqual([204, ''])
  return { id: registered.media_id, status: await ended(server, registered.media_id) }
}

/** Makes a Pin from an upload. */
export const pinOf = (server: TestServer, board: string, id: string, source: object = {}): Promise<Answer> =>
  server.post('/pins', { board_id: board, media_source: { source_type: 'video_id', media_id: id, ...source } })

/** Starts a server on the data of an earlier one, which has ended. */
export async function startAgain(dataDir: string, options: Partial<ServerConfig> = {}) {
  const config = { port: 0, dataDir, durability: 'relaxed' as const, rateLimits: 'off' }
  const { url, close } = await startServer({ ...config, ...options })
  const get = async (path: string): Promise<Answer> => {
    const answer = await fetch(`${url}/v5${path}`, { headers: { authorization: `Bearer ${people.alice.token}` } })
    const { status, headers } = answer
    const text = await answer.text()
    return { status, headers, text, body: JSON.parse(text) }
  }
  return { get, close }
}
