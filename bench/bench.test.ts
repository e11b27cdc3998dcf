import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onThisMachine } from '@pinfold/test-support/pace'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

// .ci/run runs everything; here only the parts that take seconds.
test('the benchmark runs, and has a figure in every row', { timeout: onThisMachine(120_000) }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    main,
    '--quick',
    '--json',
    'pin',
    'request-log',
    'board',
  ])
  const rows: { name: string; floor: number; ours: number; ratio: number }[] = JSON.parse(stdout)
  expect(rows.map(({ name }) => name)).toEqual([
    'GET a Pin',
    'GET a Pin, with its call in the request log',
    'POST a board',
  ])
  for (const { name, floor, ours, ratio } of rows)
    for (const figure of [floor, ours, ratio]) expect(figure, name).toBeGreaterThan(0)
})
