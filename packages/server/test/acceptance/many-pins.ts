/**
 * Makes many Pins of pictures that all differ, several at a time, on a server of its own, and looks at what that leaves
 * behind: memory that does not grow, no file that stays open, and every file as it should be.
 *
 *     node packages/server/test/acceptance/many-pins.ts [COUNT] [AT ONCE]
 *
 * For Linux, which tells of a process's memory and files. Exits with 1 when anything is not as it should be.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { demoCredentials } from '@pinfold/server'
import { commented, photo } from '../../../../bench/photo.ts'

const [count = 1000, atOnce = 8] = process.argv.slice(2).map(Number)
/** Memory may grow this much between the first half and the end: the allocator's reserve varies. */
const maxGrowthMB = 60
const program = fileURLToPath(new URL('../../../cli/src/main.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'pinfold-many-'))
const data = ['--data', join(folder, 'data')]

const server = spawn(
  process.execPath,
  [
    '--conditions=pinfold-bundle',
    '--',
    program,
    'serve',
    '--port',
    '0',
    '--seed',
    'demo',
    '--rate-limits',
    'off',
    ...data,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const url = await addressOf(server)
  const board = await create(url, '/boards', { name: 'Many' })
  const picture = await photo(800, 600)
  let made = 0
  const marks: { pins: number; memoryMB: number; openFiles: number }[] = []
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (made < count) {
        const pin = made++
        const data = commented(picture, `Picture ${pin}`).toString('base64')
        const source = { source_type: 'image_base64', content_type: 'image/jpeg', data }
        const { media } = await create(url, '/pins', { board_id: board.id, media_source: source })
        const seen = await fetch(media.images['600x'].url)
        assert.equal((await seen.arrayBuffer()).byteLength, Number(seen.headers.get('content-length')))
        if (pin % Math.ceil(count / 10) === 0)
          marks.push({ pins: pin, memoryMB: await memoryMB(), openFiles: await openFiles() })
      }
    }),
  )
  console.table(marks)
  // What begins with the first Pins, a process and a thread, stays: what counts is whether more Pins need more.
  const firstHalf = marks.slice(0, 6)
  const half = Math.max(...firstHalf.map(({ memoryMB }) => memoryMB))
  const end = await memoryMB()
  assert.ok(end <= half + maxGrowthMB, `memory grew from ${half} to ${end} MB`)
  await untilClosed(Math.max(...firstHalf.map((mark) => mark.openFiles)))
  server.kill('SIGTERM')
  await once(server, 'exit')
  const verified = spawnSync(
    process.execPath,
    ['--conditions=pinfold-bundle', '--', program, 'media', 'verify', '--json', ...data],
    {
      encoding: 'utf8',
    },
  )
  assert.equal(verified.status, 0, verified.stdout + verified.stderr)
  console.log(
    `${count} Pins made, ${end} MB at the end, ${half} MB at the most before; media verify: ${verified.stdout}`,
  )
} finally {
  server.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
}

async function addressOf(process: typeof server): Promise<string> {
  for await (const line of createInterface(process.stdout)) {
    const [, address] = /^Pinfold is ready at (\S+)/.exec(line) ?? []
    if (!address) continue
    process.stdout.resume()
    return address
  }
  throw new Error('The server ended before it was ready.')
}

interface Made {
  id: string
  media: { images: Record<'600x', { url: string }> }
}

async function create(url: string, path: string, body: object): Promise<Made> {
  const headers = { authorization: `Bearer ${demoCredentials.accessToken}`, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v5${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(answer.status, 201)
  return (await answer.json()) as Made
}

async function memoryMB(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000)
}

/** Returns the number of open files without sockets, which belong to keep-alive connections. */
async function openFiles(): Promise<number> {
  const { stdout } = spawnSync('ls', ['-l', `/proc/${server.pid}/fd`], { encoding: 'utf8' })
  const all = await readdir(`/proc/${server.pid}/fd`)
  return all.length - stdout.split('\n').filter((line) => line.includes('socket:')).length
}

async function untilClosed(before: number): Promise<void> {
  const latest = Date.now() + 10_000
  while ((await openFiles()) > before)
    assert.ok(Date.now() < latest, `${before} files were open in the first half, ${await openFiles()} are at the end`)
}
