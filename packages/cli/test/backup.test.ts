import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type BackupProblem, makeBackup, restoreBackup, verifyBackups } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { filesBelow, serverState } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { beforeAll, expect, onTestFinished, test } from 'vitest'

const pins = 12

let folder: string
let dataDir: string
let server: TestServer
let board: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-backup-'))
  dataDir = join(folder, 'data')
  server = await startTestServer({ ephemeral: false, dataDir })
  board = (await server.post('/boards', { name: 'Kept' })).body.id
  for (let i = 0; i < pins; i++) await pin(i)
  return () => rm(folder, { recursive: true, force: true })
})

const pin = async (hue: number): Promise<string> => {
  const made = await server.post('/pins', {
    board_id: board,
    title: `Pin ${hue}`,
    media_source: await base64Source(hue),
  })
  expect(made.status).toBe(201)
  return made.body.id
}

const run = async (args: readonly string[], env: Record<string, string> = {}) => {
  const command = pinfold(args, { env })
  const code = await command.ended
  return { code, stdout: command.stdout(), stderr: command.stderr() }
}

const json = async (args: readonly string[], env: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await run([...args, '--json'], env)
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

const backUp = (to: string, ...more: string[]) => json(['backup', to, '--data', dataDir, ...more])

/**
 * Starts a server on restored data, and returns the titles of the Pins whose pictures it serves whole. `wasBusy`: something was
 * being removed at the moment of the backup, which the start goes on with.
 */
async function titlesIn(restored: string, { wasBusy = false } = {}): Promise<string[]> {
  const { folder: inside } = JSON.parse(await readFile(join(restored, 'current'), 'utf8'))
  if (!wasBusy) await expectSound(join(restored, inside))
  const there = await startTestServer({ ephemeral: false, dataDir: restored, seed: 'none' })
  try {
    const { items } = (await there.get(`/boards/${board}/pins?page_size=100`)).body
    for (const { media } of items)
      for (const { url } of Object.values<{ url: string }>(media.images)) {
        const picture = await fetch(url)
        expect([picture.status, (await picture.arrayBuffer()).byteLength > 0]).toEqual([200, true])
      }
    return items.map(({ title }: { title: string }) => title).sort()
  } finally {
    await there.close()
    await expectSound(join(restored, inside))
  }
}

const titles = async (): Promise<string[]> =>
  (await server.get(`/boards/${board}/pins?page_size=100`)).body.items
    .map(({ title }: { title: string }) => title)
    .sort()

test('a backup of a running server is restored elsewhere; the next copies only what is new; old ones go', async () => {
  const to = join(folder, 'plain')
  const first = await backUp(to)
  expect(first).toMatchObject({ missing: 0, removed: [], mediaElsewhere: false })
  expect(first.copied).toBeGreaterThanOrEqual(pins)
  const before = await titles()

  const again = await backUp(to)
  expect([again.copied, again.files]).toEqual([0, first.files])
  await pin(1000)
  const more = await backUp(to)
  expect(more.copied).toBeGreaterThan(0)
  expect(more.copied).toBeLessThanOrEqual(more.files - first.files)
  expect(more.bytes).toBeLessThan(first.bytes)

  const restored = join(folder, 'restored')
  const said = await json(['restore', to, '--data', restored, '--backup', first.backup])
  expect(said).toMatchObject({ backup: first.backup, files: first.files })
  expect(await titlesIn(restored)).toEqual(before)

  const full = await run(['restore', to, '--data', restored])
  expect([full.code, full.stderr]).toEqual([2, expect.stringContaining('is not empty. Name a new folder, or')])
  const replaced = await run(['restore', to, '--data', restored, '--replace'])
  expect([replaced.code, replaced.stdout]).toEqual([0, expect.stringMatching(/^Restored 000003-\d{8}T\d{6}Z to /)])
  expect(await titlesIn(restored)).toEqual(await titles())
  const used = await run(['restore', to, '--data', dataDir, '--replace'])
  expect([used.code, used.stderr]).toEqual([2, expect.stringContaining('Another Pinfold process uses')])

  const last = await backUp(to, '--keep', '2')
  expect(last.removed).toEqual([first.backup, again.backup])
  const list = (await run(['backup', 'list', to])).stdout.trim().split('\n')
  expect(list.map((line) => line.split('\t')[0])).toEqual([more.backup, last.backup])
  expect(await json(['backup', 'verify', to])).toMatchObject({ backups: 2, problems: 0 })
  for (const name of await Array.fromAsync(filesBelow(to))) expect((await stat(join(to, name))).mode & 0o077).toBe(0)
}, 120_000)

test('an encrypted one shows nothing and takes its key alone', async () => {
  const to = join(folder, 'sealed')
  const keyFile = join(folder, 'backup.key')
  await writeFile(keyFile, `${'5a'.repeat(32)}\n`)
  const { backup } = await backUp(to, '--key-file', keyFile)
  for (const name of filesBelow(to).filter((path) => /^(contents|backups)/.test(path))) {
    const bytes = await readFile(join(to, name))
    expect(bytes.subarray(0, 4).toString()).toBe('PFB1')
    expect(bytes.includes('Pin 1') || bytes.includes('SQLite format')).toBe(false)
  }
  expect(await backUp(to, '--key-file', keyFile)).toMatchObject({ copied: 0 })
  const restored = join(folder, 'unsealed')
  await json(['restore', to, '--data', restored, '--backup', backup], { PINFOLD_BACKUP_KEY: '5A'.repeat(32) })
  expect(await titlesIn(restored)).toEqual(await titles())

  const wrong = { PINFOLD_BACKUP_KEY: 'ab'.repeat(32) }
  for (const args of [
    ['backup', to, '--data', dataDir],
    ['backup', 'verify', to],
    ['restore', to, '--data', join(folder, 'no')],
  ]) {
    expect(await run(args, wrong)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'pinfold: The key is not the one of this backup.\n',
    })
  }
  const without = await run(['backup', 'verify', to])
  expect([without.code, without.stderr]).toEqual([
    2,
    expect.stringContaining('The backups are encrypted. Name their key'),
  ])
  const passphrase = { PINFOLD_BACKUP_KEY: 'a long passphrase of mine' }
  const byPhrase = join(folder, 'by-phrase')
  await json(['backup', byPhrase, '--data', dataDir], passphrase)
  expect(await json(['backup', 'verify', byPhrase], passphrase)).toMatchObject({ problems: 0 })
  expect((await run(['backup', 'verify', byPhrase], { PINFOLD_BACKUP_KEY: 'another passphrase' })).code).toBe(2)
  const short = await run(['backup', join(folder, 'short'), '--data', dataDir], { PINFOLD_BACKUP_KEY: 'short' })
  expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('or a passphrase of 12 characters')])
}, 120_000)

test.each([
  ['plain', {}],
  ['encrypted', { key: '77'.repeat(32) }],
])(
  'what is missing or altered in a backup, %s, is found, and never restored',
  async (name, key) => {
    const to = join(folder, `damaged-${name}`)
    await makeBackup({ dataDir, to, ...key }, { files: 0, copied: 0, bytes: 0 })
    const restored = join(folder, `damaged-${name}-restored`)
    const restore = () =>
      restoreBackup({ from: to, dataDir: restored, replace: true, ...key }, { files: 0, bytes: 0 }).catch(
        (error: Error) => error.message,
      )
    await restore()
    const before = await readFile(join(restored, 'current'), 'utf8')
    const contents = filesBelow(to).filter((path) => path.startsWith('contents'))
    const list = filesBelow(to).find((path) => path.startsWith('backups')) ?? ''
    const damages: [string, (bytes: Buffer) => Buffer | undefined][] = [
      [contents[0] ?? '', () => undefined],
      [contents[1] ?? '', (bytes) => flipped(bytes, bytes.length - 1)],
      [contents[2] ?? '', (bytes) => bytes.subarray(0, -1)],
      [list, (bytes) => flipped(bytes, bytes.length >> 1)],
      [list, (bytes) => bytes.subarray(0, -20)],
    ]
    for (const [file, damage] of damages) {
      const whole = await readFile(join(to, file))
      const damaged = damage(whole)
      await rm(join(to, file))
      if (damaged) await writeFile(join(to, file), damaged)
      const problems: string[] = []
      const counts = { backups: 0, checked: 0, bytes: 0, problems: 0 }
      const onProblem = ({ problem }: BackupProblem) => problems.push(problem)
      await verifyBackups({ from: to, deep: true, counts, onProblem, ...key })
      expect(problems).toContain(damaged ? 'altered' : 'missing')
      expect(await restore()).toMatch(/^The backup 000001-\S+ cannot be /)
      expect(await readFile(join(restored, 'current'), 'utf8')).toBe(before)
      await writeFile(join(to, file), whole)
    }
    expect(await titlesIn(restored)).toEqual(await titles())
  },
  120_000,
)

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

test('a backup that is killed counts for nothing, a restore that is killed changes nothing, and both go again', async () => {
  const to = join(folder, 'killed')
  const whole = await backUp(join(folder, 'whole'))
  for (const enough of [1, 5, 15, 40]) {
    const command = pinfold(['backup', to, '--data', dataDir])
    await Promise.race([
      command.ended,
      until(() => filesBelow(join(to, 'contents')).length >= enough, { intervalMs: 1 }),
    ])
    await command.kill()
    if (filesBelow(join(to, 'backups')).length > 0) continue // It was faster.
    const none = await run(['restore', to, '--data', join(folder, 'nothing')])
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/No backup in|There are no backups/)])
  }
  const resumed = await backUp(to)
  expect(resumed.files).toBe(whole.files)
  expect(resumed.copied).toBeLessThan(whole.files)

  const restored = join(folder, 'killed-restored')
  await json(['restore', join(folder, 'whole'), '--data', restored])
  const before = await readFile(join(restored, 'current'), 'utf8')
  for (const enough of [1, 10, 30]) {
    const command = pinfold(['restore', to, '--data', restored, '--replace'])
    const written = () => filesBelow(restored).length - whole.files >= enough
    await Promise.race([command.ended, until(written, { intervalMs: 1 })])
    await command.kill()
    const after = await readFile(join(restored, 'current'), 'utf8')
    if (after === before) expect(await titlesIn(restored)).toEqual(await titles())
  }
  await json(['restore', to, '--data', restored, '--replace'])
  expect(await titlesIn(restored)).toEqual(await titles())
  expect((await readdir(restored)).filter((name) => name.startsWith('data-'))).toHaveLength(1)
}, 120_000)

test(
  'while Pins come and go, each backup has every file that it names',
  async () => {
    let isOver = false
    const traffic = (async () => {
      for (let i = 2000; !isOver; i++) {
        const id = await pin(i)
        await server.delete(`/pins/${id}`)
      }
    })()
    const to = join(folder, 'busy')
    for (let i = 0; i < 3; i++) expect(await backUp(to)).toMatchObject({ missing: 0 })
    isOver = true
    await traffic
    const restored = join(folder, 'busy-restored')
    await json(['restore', to, '--data', restored])
    await titlesIn(restored, { wasBusy: true })
  },
  onThisMachine(120_000),
)

test('what it cannot do, it says', async () => {
  const said = async (args: string[], env = {}) => {
    const { code, stderr } = await run(args, env)
    return `${code} ${stderr}`
  }
  expect(await said(['backup', join(dataDir, 'inside'), '--data', dataDir])).toMatch(
    /^2 pinfold: The folder of backups must/,
  )
  expect(await said(['backup', join(folder, 'x'), '--data', join(folder, 'none')])).toMatch(
    /^2 pinfold: There are no data in /,
  )
  expect(await said(['backup', folder, '--data', dataDir])).toMatch(/^2 pinfold: .* is not empty, and has no backups/)
  expect(await said(['restore', join(folder, 'none'), '--data', join(folder, 'x')])).toMatch(
    /^2 pinfold: There are no backups/,
  )
  expect(await said(['backup', '--data', dataDir])).toMatch(/^2 pinfold: name the folder of the backups/)
  expect(await said(['backup', join(folder, 'x')], { PINFOLD_DATABASE_URL: 'postgres://127.0.0.1/x' })).toMatch(
    /^2 pinfold: With --database-url, .*docs\/backup\.md/,
  )
  const to = join(folder, 'said')
  await backUp(to)
  expect(await said(['restore', to, '--data', join(folder, 'x'), '--backup', '000009-x'])).toMatch(
    /^2 pinfold: There is no backup/,
  )
  expect(await said(['backup', to, '--data', dataDir, '--keep', '0'])).toMatch(/^2 pinfold: --keep takes/)

  // Of a newer version, on both sides; and a data folder that lacks a file.
  const newer = join(folder, 'newer')
  await mkdir(newer)
  const state = serverState(dataDir)
  state.all(`VACUUM INTO '${join(newer, 'pinfold.db')}'`)
  state.close()
  await cp(join(dataDir, 'media'), join(newer, 'media'), { recursive: true })
  const victim = filesBelow(join(newer, 'media'))[0] ?? ''
  await rm(join(newer, 'media', victim))
  const lacking = await run(['backup', join(folder, 'lacking'), '--data', newer, '--json'])
  expect([lacking.code, JSON.parse(lacking.stdout)]).toMatchObject([5, { missing: 1 }])
  const db = new DatabaseSync(join(newer, 'pinfold.db'))
  onTestFinished(() => db.close())
  await writeSteps(to, ['9999-later'])
  expect(await said(['restore', to, '--data', join(folder, 'x')])).toMatch(
    /^1 pinfold: The backup is of a newer version/,
  )
  db.exec("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01T00:00:00.000Z')")
  expect(await said(['backup', join(folder, 'x'), '--data', newer])).toMatch(
    /^2 pinfold: The data are of a newer version/,
  )
}, 120_000)

/** Has the only backup in a folder say that its schema has other steps. */
async function writeSteps(to: string, steps: string[]): Promise<void> {
  const list = join(to, filesBelow(to).find((path) => path.startsWith('backups')) ?? '')
  const [head = '', ...rest] = (await readFile(list, 'utf8')).trimEnd().split('\n')
  const before = [JSON.stringify({ head: { ...JSON.parse(head).head, steps } }), ...rest.slice(0, -1)].join('\n')
  const sum = createHash('sha256').update(`${before}\n`).digest('hex')
  await writeFile(list, `${before}\n${JSON.stringify({ ...JSON.parse(rest.at(-1) ?? ''), sum })}\n`)
}
