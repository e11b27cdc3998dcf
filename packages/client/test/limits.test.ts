import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { picture } from '@pinfold/test-support/pictures'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startPinfold } from '../src/testing.ts'

test('500 Pins under a limit of 100 writes a minute are made without one refusal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-limits-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const rateLimits = join(folder, 'limits.json')
  await writeFile(rateLimits, JSON.stringify({ org_write: { limit: 100, windowSeconds: 60 } }))
  await using pinfold = await startPinfold({ clock: 'manual', rateLimits })

  // Time stands still, on both sides, until it is moved: no test waits for minutes.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: pinfold.clock.now() })
  onTestFinished(() => void vi.useRealTimers())
  const statuses = new Map<number, number>()
  let underWay = 0
  let minutes = 0
  const watching: typeof fetch = async (input, init) => {
    underWay++
    try {
      const response = await fetch(input, init)
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      return response
    } finally {
      underWay--
    }
  }
  const client = pinfold.client({ fetch: watching })
  const board = await client.boards.create({ name: 'Many' })
  const bytes = await picture({ width: 2, height: 2 })
  let isDone = false
  const making = client.pins
    .createMany(Array.from({ length: 500 }, (_, i) => ({ board_id: board.id, title: `Pin ${i}`, picture: bytes })))
    .finally(() => {
      isDone = true
    })
  while (!isDone) {
    await new Promise(setImmediate)
    if (underWay > 0 || vi.getTimerCount() === 0) continue
    pinfold.clock.advance(1000)
    await vi.advanceTimersByTimeAsync(1000)
    minutes += 1 / 60
  }
  const results = await making
  expect(results.filter(({ status }) => status === 'created')).toHaveLength(500)
  expect([...statuses]).toEqual([[201, 501]])
  expect(minutes).toBeGreaterThan(4)
})
