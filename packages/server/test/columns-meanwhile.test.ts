import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestClock } from '@pinfold/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openSqlite } from '../src/db/sqlite.ts'
import { picturesOf } from '../src/domains/media/pictures.ts'
import { folderStorage } from '../src/storage/folder.ts'
import type { MediaStorage } from '../src/storage/storage.ts'

test.each(['before it is written', 'once it is written'])(
  'a rendition for columns does not outlive its Pin, deleted %s',
  async (when) => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-columns-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const db = openSqlite(join(folder, 'pinfold.db'), 'relaxed')
    onTestFinished(() => db.close())
    await migrateToLatest(db)
    const files = join(folder, 'media')
    const stored = folderStorage(files, { sync: false, isShared: true })
    const key = 'a'.repeat(32)
    const deletePin = async () => {
      await db.write((tx) => pictures.release(tx, key))
      await pictures.sweep([key])
    }
    const storage: MediaStorage = {
      ...stored,
      async replace(...what) {
        if (when === 'before it is written') await deletePin()
        await stored.replace(...what)
        if (when === 'once it is written') await deletePin()
      },
    }
    const pictures = picturesOf({ db, storage, clock: new TestClock(), key: Buffer.alloc(32) })
    const bytes = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#357' } })
      .jpeg()
      .toBuffer()
    await db.write((tx) => pictures.doubt(tx, key))
    await storage.save(key, [{ name: '600x.jpg', bytes }])
    const row = {
      ...{ key, content_hash: key, source_hash: key, format: 'jpeg', bytes: bytes.length, dominant_color: '#335577' },
      ...{ look: null, renditions: '{"600x":[600,400]}', uses: 1, created_at: 0 },
    }
    await db.write((tx) => pictures.use(tx, { row, isNew: true }))

    pictures.addColumnRendition(key)
    await pictures.finishColumnRenditions()
    expect(filesBelow(files)).toEqual([])
    expect(await pictures.byKey(key)).toBeUndefined()
  },
)
