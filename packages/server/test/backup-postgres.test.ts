import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServer } from '@pinfold/server'
import { main, withBundle } from '@pinfold/test-support/command'
import { startPostgres } from '@pinfold/test-support/own-postgres'
import { base64Source } from '@pinfold/test-support/pictures'
import { installedPostgres as programs } from '@pinfold/test-support/postgres-programs'
import { people, startTestServer } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

type Images = Record<'600x', { url: string }>

/** `.ci/run` has PostgreSQL with its tools. */
test.skipIf(programs === undefined)(
  'the lines of docs/backup.md back up a server on PostgreSQL and restore it elsewhere',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-pg-backup-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const postgres = await startPostgres({}, { programs: programs ?? '' })
    onTestFinished(() => postgres.discard())
    const [one, other] = [await postgres.create('one'), await postgres.create('other')]
    const server = await startTestServer({
      ...{ ephemeral: false, dataDir: join(folder, 'data'), databaseUrl: one },
    })
    const { id: board } = (await server.post('/boards', { name: 'Kept' })).body
    for (let i = 0; i < 5; i++)
      await server.post('/pins', { board_id: board, title: `Pin ${i}`, media_source: await base64Source(i) })
    const { items } = (await server.get(`/boards/${board}/pins`)).body

    const page = await readFile(join(root, 'docs/backup.md'), 'utf8')
    const [, section = ''] = /^## PostgreSQL\n([\s\S]*?)^## /m.exec(page) ?? []
    const lines = section.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.trim()] : []))
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['pg_dump', 'pinfold', 'pg_restore', 'pinfold', 'pinfold'])
    const here = lines
      .join('\n')
      .replaceAll('/var/lib/pinfold', join(folder, 'data'))
      .replaceAll('/var/lib/restored', join(folder, 'restored'))
      .replaceAll('/backup/', `${folder}/backup/`)
    const prelude = `set -euo pipefail; pinfold() { "${process.execPath}" ${withBundle} -- "${main}" "$@"; }\n`
    const env = {
      ...process.env,
      ...{ PATH: `${programs}:${process.env.PATH}`, PINFOLD_DATABASE_URL: one, RESTORED_DATABASE_URL: other },
    }
    const { stdout } = await promisify(execFile)('bash', ['-c', prelude + here], { cwd: folder, env })
    expect(stdout).toContain('5 checked, nothing is wrong.')
    await server.close()

    await using restored = await startServer({
      ...{ port: 0, dataDir: join(folder, 'restored'), databaseUrl: other },
    })
    const headers = { authorization: `Bearer ${people.alice.token}` }
    const answer = await (await fetch(`${restored.url}/v5/boards/${board}/pins`, { headers })).json()
    const { items: found } = answer as { items: { id: string; title: string; media: { images: Images } }[] }
    const told = ({ id, title }: { id: string; title: string }) => [id, title]
    expect(found.map(told)).toEqual(items.map(told))
    for (const { media } of found) expect((await fetch(media.images['600x'].url)).status).toBe(200)
    await restored.close()
  },
  120_000,
)
