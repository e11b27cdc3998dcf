import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

test('the benchmark runs, and has a figure in every row', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--quick', '--json'])
  const rows: { name: string; floor: number; ours: number; ratio: number }[] = JSON.parse(stdout)
  // One against ImageMagick is there where that is installed.
  const names = new Set(rows.map(({ name }) => name.replace(/,.*/, '')))
  expect([...names]).toEqual([
    'GET a Pin',
    'GET a page of 25 Pins',
    'POST a board',
    'POST a Pin by image_url',
    'POST a Pin by image_base64',
    'POST a Pin',
    'Peak memory',
    'GET a Pin while 8 clients',
    'Start',
    'Memory when idle',
  ])
  for (const { name, floor, ours, ratio } of rows)
    for (const figure of [floor, ours, ratio]) expect(figure, name).toBeGreaterThan(0)
})
