import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { people, seedFile } from '@pinfold/test-support/server'
import { beforeAll, expect, test } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-durability-'))
  await writeFile(join(folder, 'seed.json'), JSON.stringify(seedFile([])))
  return () => rm(folder, { recursive: true, force: true })
})

/** Returns how often a server syncs to disk while boards are made one by one. */
async function syncsFor(boards: number, durability: 'full' | 'relaxed'): Promise<number> {
  const trace = join(folder, `${durability}-${boards}.log`)
  const options = ['--data', join(folder, `${durability}-${boards}`), '--seed', join(folder, 'seed.json')]
  const server = pinfold(['serve', '--port', '0', '--durability', durability, '--rate-limits', 'off', ...options], {
    env: { NODE_OPTIONS: `--trace-event-categories=node.fs.async --trace-event-file-pattern=${trace}` },
  })
  const url = await server.ready()
  for (let i = 0; i < boards; i++) {
    const response = await fetch(`${url}/v5/boards`, {
      method: 'POST',
      headers: { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Board ${i}` }),
    })
    expect(response.status).toBe(201)
  }
  await server.stop()
  const { traceEvents } = JSON.parse(await readFile(trace, 'utf8')) as { traceEvents: { name: string; ph: string }[] }
  return traceEvents.filter(({ name, ph }) => name === 'fdatasync' && ph === 'b').length
}

test('each answered write has waited for the disk, unless that is not wanted', async () => {
  const before = await syncsFor(0, 'full')
  expect(await syncsFor(20, 'full')).toBeGreaterThanOrEqual(before + 20)
  expect(await syncsFor(20, 'relaxed')).toBe(0)
})
