import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { picture } from '@pinfold/test-support/pictures'
import { beforeAll, expect, test } from 'vitest'
import { ApiError } from '../src/core/errors.ts'
import type { Viewer } from '../src/core/viewer.ts'
import type { Database } from '../src/db/database.ts'
import type { Boards } from '../src/domains/boards/boards.ts'
import type { Collaborators } from '../src/domains/boards/collaborators.ts'
import type { Pins } from '../src/domains/pins/pins.ts'
import { openBareDomains } from './bare-domains.ts'

// One process answers requests on SQLite one after the other, so that requests only meet between reading and writing
// when several servers share one database. Here they meet in every test, since the domains are called directly.

let folder: string
let db: Database
let boards: Boards
let pins: Pins
let collaborators: Collaborators
let alice: Viewer
let bob: Viewer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-at-once-'))
  const domains = await openBareDomains(folder)
  pins = domains.pins()
  ;({ db, boards, collaborators, alice, bob } = domains)
  return async () => {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  }
})

const newBoard = async (name: string): Promise<string> => String((await boards.create(alice, { name })).id)
const newPin = async (board: string): Promise<string> =>
  String(
    (await pins.create(alice, { board_id: board, media_source: { source_type: 'bytes', bytes: await picture() } })).id,
  )
const pinRow = (id: string) =>
  db.read.selectFrom('pins').selectAll().where('id', '=', Number(id)).executeTakeFirstOrThrow()

test('a board that is made secret while it is renamed is both, and its Pins are secret', async () => {
  const board = await newBoard('Open')
  const pin = await newPin(board)
  await Promise.all([
    boards.update(alice, board, { privacy: 'SECRET' }),
    boards.update(alice, board, { name: 'Renamed' }),
  ])
  expect(await boards.find(alice, board)).toMatchObject({ name: 'Renamed', privacy: 'SECRET' })
  expect((await pinRow(pin)).privacy).toBe('SECRET')
})

test('a board that is made secret and public at once is as private as its Pins', async () => {
  const board = await newBoard('To and fro')
  const pin = await newPin(board)
  await Promise.all([
    boards.update(alice, board, { privacy: 'SECRET' }),
    boards.update(alice, board, { privacy: 'PUBLIC' }),
  ])
  expect((await pinRow(pin)).privacy).toBe((await boards.find(alice, board)).privacy)
})

test('a Pin that is taken out of its section while it is given a title stays out', async () => {
  const board = await newBoard('With a section')
  const section = String((await boards.createSection(alice, board, 'Part')).id)
  const pin = await newPin(board)
  await pins.update(alice, pin, { board_section_id: section })
  await Promise.all([pins.update(alice, pin, { board_section_id: null }), pins.update(alice, pin, { title: 'Both' })])
  expect(await pinRow(pin)).toMatchObject({ title: 'Both', section_id: null })
})

const lateWrites: Record<string, (board: string, section: string, pin: string) => Promise<unknown>> = {
  'makes a section': (board) => boards.createSection(bob, board, 'Late'),
  'renames a section': (board, section) => boards.renameSection(bob, board, section, 'Late'),
  'deletes a section': (board, section) => boards.removeSection(bob, board, section),
  'saves a Pin': (board, _, pin) => pins.save(bob, pin, { board_id: board }, ''),
  'changes a Pin': (_board, _section, pin) => pins.update(bob, pin, { title: 'Late' }),
}

test.each(Object.entries(lateWrites))('a collaborator who is removed while he %s is too late', async (what, write) => {
  const board = await newBoard(`Shared: ${what}`)
  const section = String((await boards.createSection(alice, board, 'Part')).id)
  await collaborators.add(Number(board), bob.accountId)
  const media_source = { source_type: 'bytes' as const, bytes: await picture() }
  const pin = String((await pins.create(bob, { board_id: board, media_source })).id)
  const before = await boards.find(alice, board)

  // He is still on the board where it is checked, and the removal is written first.
  const opened = Promise.withResolvers<void>()
  const gate = db.write(() => opened.promise)
  const removing = collaborators.remove(Number(board), bob.accountId)
  const late = expect(write(board, section, pin)).rejects.toThrow(ApiError)
  await new Promise(setImmediate)
  opened.resolve()
  await Promise.all([gate, removing, late])

  expect(await boards.find(alice, board)).toEqual({ ...before, collaborator_count: 0 })
  expect((await boards.listSections(alice, board, { before: Number.MAX_SAFE_INTEGER, size: 9 })).items).toMatchObject([
    { name: 'Part' },
  ])
  expect((await pinRow(pin)).title).toBe(null)
})
