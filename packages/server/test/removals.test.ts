import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { expectSound } from '@pinfold/test-support/soundness'
import { expect, onTestFinished, test } from 'vitest'

test('a board whose removal failed on the way is removed all the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-removals-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const server = await ownServer({ ephemeral: false, dataDir })
  const boardWithPin = async (name: string) => {
    const { id: board } = (await server.post('/boards', { name })).body
    const { body } = await server.post('/pins', { board_id: board, media_source: await base64Source(1) })
    return { board, pin: body.id }
  }
  const [first, second] = [await boardWithPin('First'), await boardWithPin('Second')]
  const disk = new DatabaseSync(join(dataDir, 'pinfold.db'), { timeout: 5000 })
  onTestFinished(() => disk.close())
  // As a disk that is full after the board was hidden.
  disk.exec("CREATE TRIGGER full BEFORE DELETE ON pins BEGIN SELECT RAISE(FAIL, 'the disk is full'); END")
  for (const { board } of [first, second]) {
    const failed = await server.delete(`/boards/${board}`)
    expect(failed.status).toBeGreaterThanOrEqual(500)
    expect((await server.get(`/boards/${board}`)).status).toBe(404)
  }
  server.violations.splice(0) // No contract has what this test has done to the database.
  disk.exec('DROP TRIGGER full')
  // The same request again waits for it; without one it goes on by itself.
  expect((await server.delete(`/boards/${first.board}`)).status).toBe(204)
  expect((await server.get(`/pins/${first.pin}`)).status).toBe(404)
  await until(async () => (await server.get(`/pins/${second.pin}`)).status === 404)
  await until(() => disk.prepare('SELECT count(*) AS left FROM removals').get()?.left === 0)
  await expectSound(dataDir)
})
