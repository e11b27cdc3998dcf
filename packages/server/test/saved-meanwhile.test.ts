import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { picture } from '@pinfold/test-support/pictures'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Pins } from '../src/domains/pins/pins.ts'
import { type BareDomains, openBareDomains } from './bare-domains.ts'

// Whoever saves a Pin again, without an answer to the first try, may be told that it is gone: then the first try must not
// succeed afterwards.

let domains: BareDomains
let pins: Pins
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-saved-'))
  domains = await openBareDomains(folder)
  pins = domains.pins()
  return async () => {
    await domains.db.close()
    await rm(folder, { recursive: true, force: true })
  }
})

const newBoard = async (name: string) => String((await domains.boards.create(domains.alice, { name })).id)

/** Carries two things out that have both read what there is when the first of them writes. */
async function oneAfterTheOther<A, B>(first: () => Promise<A>, second: () => Promise<B>) {
  const gate = Promise.withResolvers<void>()
  onTestFinished(() => gate.resolve())
  const before = domains.db.write(() => gate.promise)
  const outcomes = [first, second].map(async (work, i) => {
    for (let turns = 0; turns < 20 * i; turns++) await turn()
    return work()
  })
  const settled = Promise.allSettled(outcomes)
  for (let turns = 0; turns < 100; turns++) await turn()
  gate.resolve()
  await before
  return (await settled).map((outcome) => (outcome.status === 'fulfilled' ? 'done' : String(outcome.reason.message)))
}

/** Makes a Pin of Alice's, and another with the same picture, which stays. */
async function newPin(board_id: string): Promise<string> {
  const media_source = { source_type: 'bytes' as const, bytes: await picture() }
  const pin = String((await pins.create(domains.alice, { board_id, media_source })).id)
  await pins.save(domains.alice, pin, { board_id: await newBoard(`Copies of ${pin}`) }, '')
  return pin
}

test.each([
  ['is deleted', (pin: string) => pins.remove(domains.alice, pin)],
  [
    'becomes secret with its board',
    (_: string, board: string) => domains.boards.update(domains.alice, board, { privacy: 'SECRET' }),
  ],
])('a Pin that %s is not saved any more', async (what, happen) => {
  const { bob, boards } = domains
  const board = await newBoard(`A board that ${what}`)
  const pin = await newPin(board)
  const board_id = String((await boards.create(bob, { name: `Bob's, ${what}` })).id)
  const outcomes = await oneAfterTheOther<unknown, unknown>(
    () => happen(pin, board),
    () => pins.save(bob, pin, { board_id }, ''),
  )
  expect(outcomes).toEqual(['done', 'Pin not found.'])
  expect((await boards.find(bob, board_id)).pin_count).toBe(0)
})
