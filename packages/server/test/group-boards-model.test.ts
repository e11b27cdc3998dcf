import { databases } from '@pinfold/test-support/databases'
import { as, type GroupServer, startGroupServer } from '@pinfold/test-support/group-boards'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

const names = ['ann', 'ben', 'cleo'] as const
type Name = (typeof names)[number]
const privacies = ['PUBLIC', 'SECRET'] as const
type Privacy = (typeof privacies)[number]

interface Board {
  id: string
  name: string
  privacy: Privacy
  owner: { username: Name }
  pin_count: number
  collaborator_count: number
}
interface Pin {
  id: string
  board_id: string
  is_owner: boolean
  is_removable: boolean
  board_owner: { username: string }
}

const who = fc.constantFrom(...names)
const at = fc.nat(5)
const invitation = fc.record({ who, board: at, isOne: fc.boolean() })
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pin' as const), who, board: at }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('save', 'move', 'move'), who, board: at, pin: at }) },
  fc.record({ kind: fc.constant('remove' as const), who, pin: at }),
  fc.record({ kind: fc.constant('privacy' as const), who, board: at, privacy: fc.constantFrom(...privacies) }),
  fc.record({ kind: fc.constant('rename' as const), who, board: at, name: fc.constantFrom('A', 'B', 'C', 'D', 'E') }),
  fc.record({ kind: fc.constant('delete' as const), who, board: at }),
)
const round = fc.record({
  invitations: fc.array(invitation, { maxLength: 3 }),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
})
type Invitation = typeof invitation extends fc.Arbitrary<infer T> ? T : never
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe.each(databases)('whatever happens to group boards at the same time, on $name', ({ open }) => {
  let server: GroupServer
  let picture: object
  beforeAll(async () => {
    server = await startGroupServer(open, {
      names,
      more: Object.fromEntries(
        names.map((name) => [
          name,
          {
            boards: ['A', 'B'].map((board) => ({
              ...{ name: board, privacy: board === 'A' ? 'PUBLIC' : 'SECRET' },
              collaborators: names.filter((one) => one !== name),
            })),
          },
        ]),
      ),
      lesser: Object.fromEntries(
        names.map((account) => [
          `${account}_open`,
          { account, without: ['boards:read_secret', 'pins:read_secret'] as const },
        ]),
      ),
    })
    picture = await base64Source(1)
    return server.close
  })

  const all = async <T>(path: string, token: string): Promise<T[]> => {
    const { status, body } = await server.get(path, as(token))
    expect(status, path).toBe(200)
    expect(body.bookmark).toBeNull()
    return body.items
  }
  const boardsOf = (token: string) => all<Board>('/boards?page_size=250', token)
  const pinsOf = (token: string) => all<Pin>('/pins?page_size=250', token)
  const pinsOn = (board: string, token: string) => all<Pin>(`/boards/${board}/pins?page_size=250`, token)
  const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)]

  async function invite({ who: username, board: index, isOne }: Invitation): Promise<void> {
    const boards = (await Promise.all(names.map(boardsOf))).flat()
    const board = pick(
      boards.filter(({ owner }) => owner.username !== username),
      index,
    )
    if (!board) return
    const isOn = (await boardsOf(username)).some(({ id }) => id === board.id)
    if (isOn === isOne) return
    await server.setCollaborator(board.id, board.owner.username, username, isOne)
  }

  async function carryOut(given: Step): Promise<void> {
    const options = as(given.who)
    const board = 'board' in given ? pick(await boardsOf(given.who), given.board) : undefined
    const pin = 'pin' in given ? pick(await pinsOf(given.who), given.pin) : undefined
    const send = async () => {
      if (given.kind === 'remove') return pin && server.delete(`/pins/${pin.id}`, options)
      if (!board) return undefined
      if (given.kind === 'pin') return server.post('/pins', { board_id: board.id, media_source: picture }, options)
      if (given.kind === 'delete') return server.delete(`/boards/${board.id}`, options)
      if (given.kind === 'privacy') return server.patch(`/boards/${board.id}`, { privacy: given.privacy }, options)
      if (given.kind === 'rename') return server.patch(`/boards/${board.id}`, { name: given.name }, options)
      if (!pin) return undefined
      const body = { board_id: board.id }
      return given.kind === 'save'
        ? server.post(`/pins/${pin.id}/save`, body, options)
        : server.patch(`/pins/${pin.id}`, body, options)
    }
    const answer = await send()
    const isOwn = board?.owner.username === given.who
    const mayBe = answer && (isOwn || !['delete', 'privacy', 'rename'].includes(given.kind))
    // Somebody else may have deleted it meanwhile, or have a board of that name.
    if (answer) expect(mayBe ? [200, 201, 204, 404, 409] : [403, 404]).toContain(answer.status)
  }

  async function expectCountsAgree(): Promise<void> {
    const seen = new Map<string, { board: Board; by: Name[] }>()
    const made: Pin[] = []
    for (const name of names) {
      const boards = await boardsOf(name)
      const keys = boards.map(
        (board) => `${board.name.toLowerCase()}${board.privacy === 'SECRET' ? ' ' : ''}\0${board.id.padStart(20, '0')}`,
      )
      expect(keys).toEqual(keys.toSorted())
      for (const board of boards) {
        const known = seen.get(board.id) ?? { board, by: [] }
        expect(known.board).toEqual(board)
        seen.set(board.id, { board, by: [...known.by, name] })
      }
      const pins = await pinsOf(name)
      made.push(...pins)
      const [open, account] = [`${name}_open`, (await server.get('/user_account', as(name))).body]
      const owned = boards.filter(({ owner }) => owner.username === name)
      expect([account.board_count, account.pin_count]).toEqual([owned.length, pins.length])
      const openAccount = (await server.get('/user_account', as(open))).body
      const openOwned = owned.filter(({ privacy }) => privacy === 'PUBLIC')
      expect([openAccount.board_count, openAccount.pin_count]).toEqual([openOwned.length, (await pinsOf(open)).length])
    }
    for (const { board, by } of seen.values()) {
      expect(by).toContain(board.owner.username)
      expect([board.name, board.collaborator_count]).toEqual([board.name, by.length - 1])
      const on = await pinsOn(board.id, board.owner.username)
      expect([board.name, board.pin_count]).toEqual([board.name, on.length])
      expect(on.map(({ id }) => id).toSorted()).toEqual(
        made.flatMap((pin) => (pin.board_id === board.id ? [pin.id] : [])).toSorted(),
      )
      expect(on.every((pin) => pin.is_removable && pin.board_owner.username === board.owner.username)).toBe(true)
      for (const name of by) expect((await pinsOn(board.id, name)).length).toBe(on.length)
    }
    // No Pin is on a board that is gone.
    for (const pin of made) expect(seen.has(pin.board_id)).toBe(true)
  }

  test(
    'every count is that of a list',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), async (rounds) => {
          for (const { invitations, steps } of rounds) {
            for (const each of invitations) await invite(each)
            await Promise.all(steps.map(carryOut))
          }
          await expectCountsAgree()
          for (const name of names)
            await server.post('/boards', { name: `F${(await boardsOf(name)).length}` }, as(name))
        }),
        { numRuns: 10, endOnFailure: true },
      )
    },
    onThisMachine(90_000),
  )
})
