import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { startServer } from '@pinfold/server'
import { makeEarlierDatabase } from '@pinfold/test-support/earlier-database'
import { askerOf, keptAnswers, keptSeed } from '@pinfold/test-support/kept-data'
import { expectSound } from '@pinfold/test-support/soundness'
import { expect, onTestFinished, test } from 'vitest'
import { unpackSnapshot } from '../src/app/snapshot-file/unpack.ts'

const kept = join(import.meta.dirname, 'kept-data')
const versions = readdirSync(kept).flatMap((name) => /^(.*)\.tar\.gz$/.exec(name)?.[1] ?? [])

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-upgrade-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test.each(versions)('the data of %s are opened, and what they had is there', async (version) => {
  const dataDir = await newFolder()
  const bytes = createReadStream(join(kept, `${version}.tar.gz`)).pipe(createGunzip())
  await unpackSnapshot(bytes, dataDir, { mostBytes: 50_000_000, sync: false })
  await using server = await startServer({ port: 0, dataDir })
  const ask = askerOf(server.url)
  expect(await keptAnswers(ask)).toEqual(JSON.parse(readFileSync(join(kept, `${version}.answers`), 'utf8')))
  const { media } = (await ask('GET', '/pins')).items[0]
  for (const { url } of Object.values<{ url: string }>(media.images ?? media.items[0].images))
    expect((await fetch(url)).status).toBe(200)
  await ask('POST', '/boards', { name: 'After the upgrade' })
  await server.close()
  await expectSound(dataDir)
})

/** Steps after which something changed that has a test of its own beside this one. */
const earlier = [
  '0007-answer-secrecy',
  '0020-search',
  '0023-secret-account-days',
  '0033-names-of-secret-boards',
  '0044-profile-pictures',
]

test.each(earlier)('an empty database of the schema %s is opened and filled', async (step) => {
  const dataDir = await newFolder()
  await makeEarlierDatabase(dataDir, step)
  const seed = join(dataDir, 'seed.json')
  await writeFile(seed, JSON.stringify(keptSeed))
  await using server = await startServer({ port: 0, dataDir, seed })
  expect(await askerOf(server.url)('POST', '/boards', { name: 'First' })).toMatchObject({ name: 'First' })
})
