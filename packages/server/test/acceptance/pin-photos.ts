/**
 * Pins real photos to a board, as an app does that knows nothing but Pinterest's API: a token through the consent page,
 * photos by their address on the web, the board read page by page.
 *
 *     node packages/server/test/acceptance/pin-photos.ts FOLDER [COUNT]
 *
 * Reads the variables that `pinfold serve --write-env` writes. Exits with 1 when anything is not as it should be.
 */
import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { glob, lstat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { webServer } from '@pinfold/test-support/pictures'
import { newVisitor } from '@pinfold/test-support/visitor'
import sharp from 'sharp'

const [folder = '/usr/share/wallpapers', count = '20'] = process.argv.slice(2)
const api = `${variable('PINTEREST_API_URI')}/v5`
const site = variable('PINTEREST_OAUTH_URI')
const maxBytes = 10 * 1024 * 1024
const pageSize = 7

interface Pin {
  id: string
  title: string
  dominant_color: string
  media: { images: Record<string, { url: string; width: number; height: number }> }
}

const photos = await findPhotos(Number(count))
const web = await webServer((request, response) => {
  const photo = photos[Number(basename(request.url ?? ''))]
  if (!photo) return response.writeHead(404).end()
  return createReadStream(photo).pipe(response)
})
try {
  const token = await tokenByConsent()
  const board = await call<{ id: string }>(token, 'POST', '/boards', { name: `Photos of ${new Date().toISOString()}` })
  const pins: Pin[] = []
  for (const [i, photo] of photos.entries()) pins.push(await pinPhoto(token, board.id, photo, `${web.url}/${i}`))
  assert.deepEqual(await titlesOn(token, board.id), pins.map(({ title }) => title).toReversed())
  for (const pin of pins) await checkRenditions(pin)
  console.log(`${pins.length} photos pinned, listed and looked at`)
} finally {
  await web.close()
}

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: see pinfold serve --write-env.`)
  return value
}

/**
 * Returns the largest picture of each folder that is small enough to be pinned: wallpapers come in several sizes each.
 */
async function findPhotos(wanted: number): Promise<string[]> {
  const largest = new Map<string, { file: string; size: number }>()
  for await (const file of glob('**/*.{jpg,png}', { cwd: folder, exclude: ['**/screenshot.*'] })) {
    const { size } = await lstat(join(folder, file))
    const known = largest.get(dirname(file))
    if (size <= maxBytes && size > (known?.size ?? 0)) largest.set(dirname(file), { file: join(folder, file), size })
  }
  const found = [...largest.values()].map(({ file }) => file).toSorted()
  assert.ok(found.length >= wanted, `${folder} has ${found.length} photos, and ${wanted} are wanted`)
  return found.slice(0, wanted)
}

/** Signs in, approves, and exchanges the code. */
async function tokenByConsent(): Promise<string> {
  const redirectUri = 'http://localhost:9/callback'
  const query = new URLSearchParams({
    client_id: variable('PINTEREST_APP_ID'),
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'boards:read,boards:write,pins:read,pins:write',
  })
  const visitor = newVisitor(site)
  const person = { username: variable('PINFOLD_USERNAME'), password: variable('PINFOLD_PASSWORD') }
  const signedIn = await visitor.submit(await visitor.open(`/oauth/?${query}`), '/oauth/sign-in', person)
  const consent = await visitor.open(signedIn.location ?? '')
  const { location } = await visitor.submit(consent, '/oauth/', { decision: 'approve' })
  const code = new URL(location ?? '').searchParams.get('code') ?? ''

  const response = await fetch(`${api}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${variable('PINTEREST_APP_ID')}:${variable('PINTEREST_APP_SECRET')}`)}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  })
  const { access_token: token } = (await response.json()) as { access_token?: string }
  assert.ok(token, `no token: status ${response.status}`)
  return token
}

async function call<T>(token: string, method: string, path: string, json?: object): Promise<T> {
  const response = await fetch(api + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
  })
  const text = await response.text()
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

async function pinPhoto(token: string, boardId: string, photo: string, url: string): Promise<Pin> {
  const begun = performance.now()
  const title = photo.slice(-100)
  const pin = await call<Pin>(token, 'POST', '/pins', {
    board_id: boardId,
    title,
    media_source: { source_type: 'image_url', url },
  })
  const { width, height } = pin.media.images.originals ?? {}
  console.log(`${width}×${height} ${extname(photo)} in ${Math.round(performance.now() - begun)} ms: ${title}`)
  const { autoOrient } = await sharp(photo).metadata()
  assert.deepEqual([width, height], [autoOrient.width, autoOrient.height])
  assert.match(pin.dominant_color, /^#[0-9a-f]{6}$/i)
  return pin
}

/** Returns the titles of a board's Pins, from all its pages. */
async function titlesOn(token: string, boardId: string): Promise<string[]> {
  const titles: string[] = []
  let bookmark: string | null = ''
  while (bookmark !== null) {
    const path: string = `/boards/${boardId}/pins?page_size=${pageSize}${bookmark && `&bookmark=${bookmark}`}`
    const page: { items: Pin[]; bookmark: string | null } = await call(token, 'GET', path)
    titles.push(...page.items.map(({ title }) => title))
    bookmark = page.bookmark
  }
  return titles
}

/** Checks that every rendition exists, decodes, and has the size that the Pin says. */
async function checkRenditions({ title, media }: Pin): Promise<void> {
  assert.deepEqual(Object.keys(media.images).toSorted(), ['1200x', '150x150', '400x300', '600x', 'originals'])
  for (const [name, { url, width, height }] of Object.entries(media.images)) {
    const response = await fetch(url)
    assert.equal(response.status, 200, `${name} of ${title}`)
    const { autoOrient } = await sharp(await response.bytes()).metadata()
    assert.deepEqual([autoOrient.width, autoOrient.height], [width, height], `${name} of ${title}`)
  }
}
