import { databases } from '@pinfold/test-support/databases'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

const at = fc.nat(11)
const spot = fc.constantFrom('first' as const, 'last' as const, 'before' as const, 'after' as const)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pin' as const), board: at }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('arrange' as const),
      board: at,
      which: fc.uniqueArray(at, { minLength: 1, maxLength: 4 }),
      to: spot,
      anchor: at,
    }),
  },
  fc.record({ kind: fc.constant('move' as const), board: at, pin: at, to: at }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'trash' as const), board: at, pin: at }),
  fc.record({ kind: fc.constant('restore' as const), pin: at }),
  fc.record({ kind: fc.constant('merge' as const), board: at, to: at }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What is on each board, in order, and what is in the trash, with its board. */
interface Model {
  boards: Map<string, string[]>
  trash: Map<string, string>
}

const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)]
const without = (list: readonly string[], gone: readonly string[]) => list.filter((id) => !gone.includes(id))

/** Puts ids into a list that does not have them. */
function put(list: readonly string[], ids: readonly string[], to: string, anchor: string | undefined): string[] {
  const index =
    to === 'first' ? 0 : to === 'last' || !anchor ? list.length : list.indexOf(anchor) + Number(to === 'after')
  return list.toSpliced(index, 0, ...ids)
}

describe.each(databases)('whatever is done to the order of boards, on $name', ({ open }) => {
  let server: TestServer
  let picture: object
  let boardCount = 0
  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    picture = await base64Source(1)
    return async () => {
      await server.close()
      await discard()
    }
  })

  const web = (board: string) => `/_pinfold/web/boards/${board}`
  const makeBoard = async (): Promise<string> => (await server.post('/boards', { name: `B${++boardCount}` })).body.id
  const makePin = async (board_id: string): Promise<string> =>
    (await server.post('/pins', { board_id, media_source: picture })).body.id
  async function listed(board: string): Promise<string[]> {
    const ids: string[] = []
    for (let bookmark = ''; ; ) {
      const { body } = await server.get(`${web(board)}/pins?page_size=3${bookmark}`)
      ids.push(...body.items.map(({ id }: { id: string }) => id))
      if (body.bookmark === null) return ids
      bookmark = `&bookmark=${body.bookmark}`
    }
  }

  /** Carries out a step, here and there. */
  async function carryOut(given: Step, { boards, trash }: Model): Promise<void> {
    const board = 'board' in given ? (pick([...boards.keys()], given.board) ?? '') : ''
    const there = boards.get(board) ?? []
    if (given.kind === 'pin') return void boards.set(board, [await makePin(board), ...there])
    if (given.kind === 'arrange') {
      const ids = [...new Set(given.which.flatMap((index) => pick(there, index) ?? []))]
      const rest = without(there, ids)
      const anchor = given.to === 'before' || given.to === 'after' ? pick(rest, given.anchor) : undefined
      if (ids.length === 0 || (rest.length === 0 && anchor === undefined && given.to !== 'first')) return
      const body = { ids, to: given.to, ...(anchor !== undefined && { anchor_id: anchor }) }
      expect((await server.post(`${web(board)}/pins/arrange`, body)).status).toBe(204)
      return void boards.set(board, put(rest, ids, given.to, anchor))
    }
    if (given.kind === 'merge') {
      const to = pick([...boards.keys()], given.to) ?? ''
      if (to === board || boards.size < 3) return
      expect((await server.post(`${web(board)}/merge`, { into_board_id: to })).status).toBe(200)
      const [both, target] = [await listed(to), boards.get(to) ?? []]
      // Each has the order that it had; how they stand among each other is for the server to say.
      expect(without(both, there)).toEqual(target)
      expect(without(both, target)).toEqual(there)
      boards.delete(board)
      return void boards.set(to, both)
    }
    if (given.kind === 'restore') {
      const [pin = '', from = ''] = pick([...trash], given.pin) ?? []
      if (!boards.has(from)) return
      expect((await server.post(`/_pinfold/trash/${pin}/restore`, {})).status).toBe(200)
      trash.delete(pin)
      const after = await listed(from)
      expect(without(after, [pin])).toEqual(boards.get(from))
      return void boards.set(from, after)
    }
    const pin = pick(there, given.pin)
    if (pin === undefined) return
    if (given.kind === 'move') {
      const to = pick([...boards.keys()], given.to) ?? ''
      expect((await server.patch(`/pins/${pin}`, { board_id: to })).status).toBe(200)
      if (to === board) return
      boards.set(board, without(there, [pin]))
      return void boards.set(to, [pin, ...(boards.get(to) ?? [])])
    }
    const answer = await (given.kind === 'delete'
      ? server.delete(`/pins/${pin}`)
      : server.request('POST', `/_pinfold/trash/${pin}`))
    expect(answer.status).toBe(204)
    boards.set(board, without(there, [pin]))
    if (given.kind === 'trash') trash.set(pin, board)
  }

  test(
    'what is not moved keeps its order, and what is moved stands where it was put',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
          const model: Model = { boards: new Map(), trash: new Map() }
          for (let i = 0; i < 3; i++) {
            const board = await makeBoard()
            const pins: string[] = []
            // Made within one millisecond of the server's clock: between their ids there is no room.
            for (let n = 0; n < 5; n++) pins.unshift(await makePin(board))
            model.boards.set(board, pins)
          }
          for (const each of steps) await carryOut(each, model)
          for (const [board, ids] of model.boards) expect(await listed(board)).toEqual(ids)
          for (const [board, ids] of model.boards) {
            const { body } = await server.get(`/boards/${board}/pins?page_size=250`)
            const byApi = body.items.map(({ id }: { id: string }) => id)
            expect(byApi).toEqual(ids.toSorted((a, b) => Number(b) - Number(a)))
          }
        }),
        { numRuns: 12, endOnFailure: true },
      )
    },
    onThisMachine(90_000),
  )

  test('of many who arrange the same board at once, each has its way, and no Pin is lost', async () => {
    const board = await makeBoard()
    const pins: string[] = []
    for (let i = 0; i < 12; i++) pins.push(await makePin(board))
    const [anchor = '', ...others] = pins
    const answers = await Promise.all(
      [...others, ...others, ...others].map((id) =>
        server.post(`${web(board)}/pins/arrange`, { ids: [id], to: 'before', anchor_id: anchor }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    const order = await listed(board)
    expect(order.toSorted()).toEqual(pins.toSorted())
    expect(order.at(-1)).toBe(anchor)
  })
})
