import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { askNode, ownNodes } from '@pinfold/test-support/own-nodes'
import { until } from '@pinfold/test-support/pace'
import { filesBelow } from '@pinfold/test-support/server-state'
import { clip, upload } from '@pinfold/test-support/uploads'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'

/** Never comes to an end by itself, but ends with the server that has begun it. */
const endless = '#!/bin/sh\nwhile kill -0 $PPID 2>/dev/null; do sleep 0.1; done\n'

describe.skipIf(!isPostgresThere)('videos of two servers on PostgreSQL', () => {
  const database = postgres
  test('are finished by the other when one is killed at work, or ends, once', async () => {
    const { folder, shared, start } = await ownNodes(database)
    const { databaseUrl = '', storage = '', seed = '' } = shared
    const programs = join(folder, 'programs')
    await mkdir(programs)
    for (const name of ['ffmpeg', 'ffprobe']) {
      await writeFile(join(programs, name), endless)
      await chmod(join(programs, name), 0o755)
    }
    /** Starts a server that never finishes a video. */
    const startStuck = async (name: string) => {
      const args = ['--database-url', databaseUrl, '--storage', storage, '--seed', seed, '--rate-limits', 'off']
      const env = { PATH: `${programs}${delimiter}${process.env.PATH}` }
      const command = pinfold(['serve', '--port', '0', '--data', join(folder, name), ...args], { env })
      return { command, url: await command.ready() }
    }
    /** Uploads a video to a server, and waits until that has begun to process it. */
    const begin = async (url: string, name: string): Promise<string> => {
      const { body } = await askNode(url, 'POST', '/media', { media_type: 'video' })
      expect((await upload({ ...body, upload_url: `${url}${new URL(body.upload_url).pathname}` }, clip)).status).toBe(
        204,
      )
      const uploads = join(folder, name, 'uploads')
      await until(async () => (await readdir(uploads).catch((): string[] => [])).includes(`${body.media_id}.work`))
      return body.media_id
    }
    const run = async (statement: string) => {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      const { rows } = await client.query(statement)
      await client.end()
      return rows
    }

    const stuck = await startStuck('stuck')
    const other = await start({ ffmpeg: false })
    const statusOf = async (id: string) => (await other.ask('GET', `/media/${id}`)).body.status

    const first = await begin(stuck.url, 'stuck')
    expect(await statusOf(first)).toBe('processing')
    await stuck.command.kill()
    // As when it has been dead for twenty seconds.
    await run('UPDATE media SET leased_until = 0')
    await until(async () => (await statusOf(first)) === 'succeeded')

    // One that is told to end leaves what it had at once.
    const ending = await startStuck('ending')
    const second = await begin(ending.url, 'ending')
    expect((await ending.command.stop()).code).toBe(0)
    await until(async () => (await statusOf(second)) === 'succeeded')

    // One that begins anew where one was killed has no use for what is there.
    const third = await begin((await startAgain('stuck')).url, 'stuck')
    expect(await statusOf(third)).toBe('processing')
    async function startAgain(name: string): Promise<{ command: Command; url: string }> {
      const again = await startStuck(name)
      onTestFinished(() => again.command.kill())
      return again
    }
    // Taken from a server that goes on with it, for it was held up too long: who has it now finishes it.
    await run(`UPDATE media SET leased_by = 'somebody who is dead', leased_until = 0 WHERE id = ${third}`)
    await until(async () => (await statusOf(third)) === 'succeeded')

    const rows = await run('SELECT attempts, upload_key, leased_by FROM media')
    expect(rows).toEqual(
      [first, second, third].map(() => ({ attempts: expect.any(Number), upload_key: null, leased_by: null })),
    )
    // Each has one file, and those that were uploaded are gone.
    const files = () => filesBelow(storage).filter((path) => path.endsWith('.mp4'))
    await until(() => files().length === 3)
    expect(files().every((path) => path.endsWith('video.mp4'))).toBe(true)
  })
})
