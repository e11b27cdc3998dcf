import { statSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect } from 'vitest'
import { contradictions } from './contradictions.ts'
import { filesBelow, serverState } from './server-state.ts'

/**
 * Fails unless the data of an idle server is sound: no contradiction in the database, every file of every picture and
 * video complete, no other file, and no upload waiting. `known`: pictures that were checked before; new ones are added.
 */
export async function expectSound(dataDir: string, known: Set<string> = new Set()): Promise<void> {
  const state = serverState(dataDir)
  try {
    expect(state.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    const found = Object.entries(contradictions).map(([what, sql]) => [what, state.all(sql)])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.keys(contradictions).map((what) => [what, []])))

    const pictures = state.all('SELECT key, format, renditions FROM pictures').map((row) => ({
      key: String(row.key),
      folder: join(String(row.key).slice(0, 2), String(row.key)),
      sizes: JSON.parse(String(row.renditions)) as Record<string, [number, number]>,
      original: row.format === 'jpeg' ? 'jpg' : String(row.format),
    }))
    const fileOf = ({ folder, original }: { folder: string; original: string }, name: string) =>
      join(folder, `${name}.${name === 'originals' ? original : name === '360x' ? 'webp' : 'jpg'}`)
    const videos = state.all('SELECT key, bytes FROM media WHERE key IS NOT NULL').map(({ key, bytes }) => ({
      file: join(String(key).slice(0, 2), String(key), 'video.mp4'),
      bytes,
    }))
    const wanted = pictures.flatMap((picture) => Object.keys(picture.sizes).map((name) => fileOf(picture, name)))
    expect(filesBelow(join(dataDir, 'media'))).toEqual([...wanted, ...videos.map(({ file }) => file)].sort())
    for (const { file, bytes } of videos) expect(statSync(join(dataDir, 'media', file)).size, file).toBe(bytes)
    expect(filesBelow(join(dataDir, 'uploads'))).toEqual([])

    for (const picture of pictures.filter(({ key }) => !known.has(key))) {
      for (const [name, size] of Object.entries(picture.sizes)) {
        const pixels = sharp(join(dataDir, 'media', fileOf(picture, name)), { failOn: 'error' }).autoOrient()
        const { info } = await pixels.raw().toBuffer({ resolveWithObject: true })
        expect([info.width, info.height], `${picture.key} ${name}`).toEqual(size)
      }
      known.add(picture.key)
    }
  } finally {
    state.close()
  }
}
