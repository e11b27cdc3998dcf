/**
 * `npm run keep-data -- NAME`: at a release, keeps a little data as this version leaves them, and what it says of them. Every
 * later version must open them and say the same (packages/server/test/upgrade.test.ts).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { startServer } from '@pinfold/server'
import { askerOf, fillToKeep, keptAnswers, keptSeed } from '@pinfold/test-support/kept-data'

const [name] = process.argv.slice(2)
if (name === undefined || !/^[\w.-]+$/.test(name)) {
  console.error('Usage: npm run keep-data -- NAME, for example 0.2.0')
  process.exit(2)
}
const folder = await mkdtemp(join(tmpdir(), 'pinfold-keep-'))
const seed = join(folder, 'seed.json')
await writeFile(seed, JSON.stringify(keptSeed))
const server = await startServer({ port: 0, dataDir: join(folder, 'data'), seed })
try {
  const ask = askerOf(server.url)
  await fillToKeep(ask)
  await ask('POST', '/_pinfold/snapshots', { name: 'kept' })
  const snapshot = Buffer.from(await (await fetch(`${server.url}/_pinfold/snapshots/kept`)).arrayBuffer())
  const to = join(import.meta.dirname, '../packages/server/test/kept-data')
  await writeFile(join(to, `${name}.tar.gz`), gzipSync(snapshot, { level: 9 }))
  await writeFile(join(to, `${name}.answers`), `${JSON.stringify(await keptAnswers(ask), null, 2)}\n`)
} finally {
  await server.close()
  await rm(folder, { recursive: true, force: true })
}
