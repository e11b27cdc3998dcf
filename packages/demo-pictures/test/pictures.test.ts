import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { drawAvatar } from '../../server/src/domains/accounts/avatar.ts'
import { filesOf, makeRenditions } from '../../server/src/domains/media/renditions.ts'
import { artworks, drawnFolder, madeFolder } from '../src/index.ts'

describe('the pictures of the demo', () => {
  let pictures: { title: string; file: Buffer }[]

  beforeAll(async () => {
    pictures = []
    for (const { title, draw } of artworks) pictures.push({ title, file: await draw() })
  })

  test('are many, on four boards, the secret one included', () => {
    expect(artworks.length).toBeGreaterThanOrEqual(24)
    const perBoard = Map.groupBy(artworks, ({ board }) => board)
    expect([...perBoard.keys()].sort()).toEqual(['ceramics', 'landscapes', 'rooms', 'studio'])
    for (const onBoard of perBoard.values()) expect(onBoard.length).toBeGreaterThanOrEqual(5)
  })

  test('have words of their own', () => {
    for (const words of ['title', 'description', 'altText'] as const) {
      expect(new Set(artworks.map((artwork) => artwork[words])).size).toBe(artworks.length)
    }
    expect(artworks.every(({ title }) => title.length <= 100)).toBe(true)
    expect(artworks.every(({ altText }) => altText.length <= 500)).toBe(true)
  })

  test('decode as JPEG at a size worth pinning', async () => {
    for (const { title, file } of pictures) {
      const { format, width, height } = await sharp(file).metadata()
      expect({ title, format }).toEqual({ title, format: 'jpeg' })
      expect(width, title).toBeGreaterThanOrEqual(900)
      expect(height, title).toBeGreaterThanOrEqual(700)
      expect(height, title).toBeLessThanOrEqual(2000)
      expect(file.length, title).toBeLessThan(500_000)
    }
  })

  test('come out the same each time', async () => {
    for (const [index, { title, draw }] of artworks.entries()) {
      if (index % 3 !== 0) continue // a third of them: every motif draws chance from the same place
      expect(pictures[index]?.file.equals(await draw()), title).toBe(true)
    }
  })

  test('that were drawn before are those that would be drawn now', async () => {
    for (const { title, fileName, picture } of artworks) {
      const kept = await readFile(new URL(fileName(), drawnFolder))
      expect((await picture()).equals(kept), title).toBe(true)
      expect(pictures.find((drawn) => drawn.title === title)?.file.equals(kept), title).toBe(true)
    }
  })

  test('whose renditions were made before have those that would be made now', async () => {
    for (const [index, artwork] of artworks.entries()) {
      if (index % 3 !== 0) continue
      const { files: made, ...about } = await makeRenditions(await artwork.picture())
      const folder = new URL(`${artwork.fileName()}/`, madeFolder)
      const files = filesOf({ format: about.format, files: made })
      for (const { name, bytes } of files) expect(await readFile(new URL(name, folder)), name).toEqual(bytes)
      expect(JSON.parse(await readFile(new URL('picture.json', folder), 'utf8'))).toEqual({
        ...{ ...about, originalBytes: made.originals.length },
        names: files.map(({ name }) => name),
      })
    }
  })

  test('are not alike', async () => {
    const thumbnails = await Promise.all(
      pictures.map(async ({ title, file }) => ({
        title,
        pixels: await sharp(file).resize(8, 8, { fit: 'fill' }).raw().toBuffer(),
      })),
    )
    for (const [index, one] of thumbnails.entries()) {
      for (const other of thumbnails.slice(index + 1)) {
        expect(meanDifference(one.pixels, other.pixels), `${one.title} / ${other.title}`).toBeGreaterThan(8)
      }
    }
  })
})

describe('the avatar of an account', () => {
  test('is a square PNG that depends on the id alone', async () => {
    const avatar = await drawAvatar(7)
    expect(await sharp(avatar).metadata()).toMatchObject({ format: 'png', width: 280, height: 280 })
    expect(avatar.equals(await drawAvatar(7))).toBe(true)
  })

  test('differs from one id to the next', async () => {
    const avatars = await Promise.all(Array.from({ length: 24 }, (_, id) => drawAvatar(id + 1)))
    expect(new Set(avatars.map((avatar) => avatar.toString('base64'))).size).toBe(avatars.length)
  })
})

/** Returns the mean difference of two pictures of the same size, per channel, 0 to 255. */
function meanDifference(one: Buffer, other: Buffer): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length
}
