import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onThisMachine } from '@pinfold/test-support/pace'
import { picture } from '@pinfold/test-support/pictures'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type PinRenderer, pinRenderer } from '../src/api/render/pin.ts'
import { ApiError } from '../src/core/errors.ts'
import type { Page } from '../src/core/page.ts'
import type { Viewer } from '../src/core/viewer.ts'
import { readPinFilter } from '../src/domains/pins/list-filter.ts'
import type { ListedPin, PinPage, Pins } from '../src/domains/pins/pins.ts'
import { Bookmarks } from '../src/http/bookmarks.ts'
import { type BareDomains, openBareDomains } from './bare-domains.ts'

// Pins of one database, three times: those that are kept in memory, some or all, and those that are read each time. In the same moment all
// give the same, or refuse with the same words, whoever asks and whatever is being changed.

let folder: string
let domains: BareDomains
let kept: Pins
let roomy: Pins
let read: Pins
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-cache-'))
  domains = await openBareDomains(folder)
  // Room for some of the Pins of a run.
  kept = domains.pins({ cacheBytes: 30_000 })
  // Room for all of them, and for pages.
  roomy = domains.pins({ cacheBytes: 4_000_000 })
  read = domains.pins()
  return async () => {
    await domains.db.close()
    await rm(folder, { recursive: true, force: true })
  }
})

const some = fc.nat(5)
const change = fc.oneof(
  fc.record({ kind: fc.constant('title' as const), pin: some, to: some }),
  fc.record({
    kind: fc.constant('privacy' as const),
    board: some,
    to: fc.constantFrom('SECRET' as const, 'PUBLIC' as const),
  }),
  fc.record({ kind: fc.constantFrom('move' as const, 'save' as const, 'tag' as const), pin: some, to: some }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'trash' as const, 'restore' as const), pin: some }),
  fc.record({ kind: fc.constant('section' as const), board: some, pin: some }),
  fc.record({ kind: fc.constant('remove' as const), board: some }),
  fc.record({ kind: fc.constant('merge' as const), board: some, to: some }),
  fc.record({ kind: fc.constant('member' as const), board: some, isOn: fc.boolean() }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

const at = <T>(from: readonly T[], index: number): T => from[index % from.length] as T

/** What there is in one run. */
interface World {
  boards: string[]
  pins: string[]
}

let boardCount = 0
async function makeWorld(): Promise<World> {
  const { boards, alice } = domains
  const world: World = { boards: [], pins: [] }
  for (let i = 0; i < 3; i++) {
    const board_id = String((await boards.create(alice, { name: `Board ${++boardCount}` })).id)
    world.boards.push(board_id)
    for (let j = 0; j < 2; j++) {
      const media_source = { source_type: 'bytes' as const, bytes: await picture({ hue: j }) }
      world.pins.push(String((await kept.create(alice, { board_id, media_source })).id))
    }
  }
  return world
}

/** Carries a change out; one that is not possible any more does nothing. */
async function apply(given: Change, { boards: boardIds, pins: pinIds }: World, through: Pins): Promise<void> {
  const { boards, collaborators, alice, bob } = domains
  const pin = 'pin' in given ? at(pinIds, given.pin) : ''
  const board = 'board' in given ? at(boardIds, given.board) : ''
  switch (given.kind) {
    case 'title':
      return void (await through.update(alice, pin, { title: `Title ${given.to}` }))
    case 'privacy':
      return void (await boards.update(alice, board, { privacy: given.to }))
    case 'move':
      return void (await through.update(alice, pin, { board_id: at(boardIds, given.to) }))
    case 'save':
      return void pinIds.push(String((await through.save(alice, pin, { board_id: at(boardIds, given.to) }, '')).id))
    case 'tag':
      return void (await through.tagProducts(alice, pin, [at(pinIds, given.to)]))
    case 'delete':
      return through.remove(alice, pin)
    case 'trash':
      return void (await through.trash(alice, pin))
    case 'restore':
      return void (await through.restore(alice, pin))
    case 'section': {
      const { id } = await boards.createSection(alice, board, `Section ${++boardCount}`)
      return void (await through.update(alice, pin, { board_id: board, board_section_id: String(id) }))
    }
    case 'remove':
      return boards.remove(alice, board)
    case 'merge':
      return void (await boards.merge(alice, board, { into_board_id: at(boardIds, given.to) }))
    case 'member':
      return void (await (given.isOn
        ? collaborators.add(Number(board), bob.accountId)
        : collaborators.remove(Number(board), bob.accountId)))
  }
}

/** What a read gives, or the error that it throws. */
function outcome<T>(reading: () => T): T | string {
  try {
    return reading()
  } catch (error) {
    return String(error)
  }
}
const row = ({ id, owner_id, has_product_tags, rendered }: ListedPin) => ({ id, owner_id, has_product_tags, rendered })
/** A page and its answer as it is sent, if that is there at once. */
function pageOf(pins: Pins, viewer: Viewer, page: Page<ListedPin> | PinPage) {
  const answer = renderer(pins).pageOfPins(viewer, `a list of ${viewer.accountId}`, page)
  if (answer instanceof Promise) void answer.catch(later)
  return { items: page.items.map(row), next: page.next, sent: answer instanceof Promise ? null : answer.text }
}
const bookmarks = new Bookmarks(Buffer.alloc(32))
const renderers = new Map<Pins, PinRenderer>()
function renderer(pins: Pins): PinRenderer {
  const made = renderers.get(pins) ?? pinRenderer({ ...domains, bookmarks, mediaUrl: () => 'http://localhost', pins })
  renderers.set(pins, made)
  return made
}
const later = (error: unknown) => {
  if (!(error instanceof ApiError)) throw error
  return String(error)
}

/** Everything that a viewer can read of the world, at once or as a promise. */
function views(pins: Pins, viewer: Viewer, world: World): unknown[] {
  const page = { before: Number.MAX_SAFE_INTEGER, size: 4 }
  const given = [
    ...world.pins.map((id) => outcome(() => pins.read(viewer, id))),
    ...world.boards.map((id) => outcome(() => pins.ofBoard(viewer, id, undefined, page))),
    ...world.boards.map((id) => outcome(() => pins.ofBoard(viewer, id, ['REGULAR'], page))),
    outcome(() => pins.list(viewer, readPinFilter({}), page)),
    outcome(() => pins.list(viewer, readPinFilter({ pin_type: 'PRIVATE' }), page)),
  ]
  const show = (value: unknown) =>
    typeof value === 'object' && value !== null && 'items' in value
      ? pageOf(pins, viewer, value as PinPage)
      : typeof value === 'string'
        ? value
        : row(value as ListedPin)
  return given.map((value) => (value instanceof Promise ? value.then(show, later) : show(value)))
}

/** A board as everybody is given it, and as it is in the file. */
const boardOf = async (id: string) =>
  Promise.resolve(outcome(() => domains.boards.find(domains.alice, id))).catch(later)
function freshBoard(id: string): unknown {
  const { alice, db } = domains
  const query = db.read.selectFrom('boards').selectAll().where('id', '=', Number(id)).compile()
  const [board] = db.runNow?.(query, query.parameters) ?? []
  return board?.owner_id === alice.accountId && board.privacy !== 'REMOVED'
    ? board
    : String(new ApiError('boardNotFound'))
}

test('no Pin is older than the last commit, whoever asks', { timeout: onThisMachine(60_000) }, async () => {
  const { alice, bob } = domains
  const viewers: Viewer[] = [alice, { ...alice, secret: 'none' }, { ...alice, secret: 'read' }, bob]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.tuple(change, fc.boolean()), { minLength: 1, maxLength: 3 }), {
        minLength: 3,
        maxLength: 15,
      }),
      async (steps) => {
        const world = await makeWorld()
        let compared = 0
        /** What is there at once is compared in this very moment, also in the middle of changes. */
        const compareNow = () => {
          for (const viewer of viewers) {
            const fresh = views(read, viewer, world)
            const keeping = [kept, roomy, roomy].flatMap((pins) => views(pins, viewer, world))
            for (const [i, value] of keeping.entries()) {
              const other = fresh[i % fresh.length]
              if (value instanceof Promise || other instanceof Promise) void Promise.allSettled([value, other])
              else {
                expect(value).toEqual(other)
                compared++
              }
            }
          }
        }
        for (const changes of steps) {
          let running = changes.length
          for (const [each, throughKept] of changes)
            void apply(each, world, throughKept ? kept : read)
              .catch(later)
              .finally(() => running--)
          for (let turn = 0; running > 0; turn++) {
            compareNow()
            await (turn % 3 === 0 ? new Promise(setImmediate) : Promise.resolve())
          }
          for (const viewer of viewers) {
            const fresh = await Promise.all(views(read, viewer, world))
            for (const pins of [kept, roomy]) expect(await Promise.all(views(pins, viewer, world))).toEqual(fresh)
          }
          for (const id of world.boards) expect(await boardOf(id)).toEqual(freshBoard(id))
        }
        expect(compared).toBeGreaterThan(0)
      },
    ),
    { numRuns: 15 },
  )
})

test('what another process commits is seen within a moment', async () => {
  const { pins } = await makeWorld()
  const [id = ''] = pins
  const title = async () => (await kept.read(domains.alice, id)).rendered.includes('"title":"From outside"')
  expect(await title()).toBe(false)
  // As the operator's commands do: on a connection of their own.
  const other = new DatabaseSync(join(folder, 'pinfold.db'))
  other
    .prepare(`update pins set rendered = replace(rendered, '"title":null', '"title":"From outside"') where id = ?`)
    .run(Number(id))
  other.close()
  await expect.poll(title).toBe(true)
})
