import type { Random } from '@pinfold/test-support/random'
import type { Caller } from './caller.ts'
import { Violation } from './caller.ts'

/** What an account has, as far as it was acknowledged. */
export interface Model {
  boards: Map<string, { name: string; privacy: 'PUBLIC' | 'SECRET' }>
  pins: Map<string, { title: string; board: string }>
  /** Pins that were deleted. */
  gone: Set<string>
  /** Pins that were ever made, for what webhooks were told. */
  made: Set<string>
  follows: Set<string>
  /** Impressions of the Pin that is kept to the end. */
  impressions: number
}

/** An account whose requests follow each other, so that it knows what it has. */
export interface Account {
  name: string
  token: string
  model: Model
  /** Makes what it needs. */
  begin(): Promise<void>
  /** Does one thing, of a kind that the random numbers choose. */
  step(others: readonly Account[]): Promise<void>
  /** Compares everything with what the server has. Throws `Violation`. */
  check(): Promise<void>
}

const most = { boards: 6, pins: 40 }

export interface AccountOptions {
  name: string
  token: string
  caller: Caller
  random: Random
  /** The pictures to choose from, as base64 of JPEGs. */
  pictures: readonly string[]
  /** When the run began. */
  begunAt: number
  /** The address that is told of new Pins. */
  webhook: string
}

// biome-ignore lint/suspicious/noExplicitAny: answers as JSON
type Json = any

/** Makes the traffic of one account. */
export function accountOf({ name, token, caller, random, pictures, begunAt, webhook }: AccountOptions): Account {
  const model: Model = {
    ...{ boards: new Map(), pins: new Map(), gone: new Set(), made: new Set(), follows: new Set() },
    impressions: 0,
  }
  let names = 0
  let [keptBoard, keptPin] = ['', '']
  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, right?: readonly number[]) =>
    caller.call(token, { method, path, ...(body && { body }), ...(right && { right }) })
  const newName = (kind: string) => `${name} ${kind} ${names++}`
  const boards = () => [...model.boards.keys()]
  const pins = () => [...model.pins.keys()].filter((id) => id !== keptPin)

  async function createBoard(
    privacy = random.chance(0.4) ? ('SECRET' as const) : ('PUBLIC' as const),
  ): Promise<string> {
    const board = { name: newName('board'), privacy }
    const { body } = await call('POST', '/boards', board)
    model.boards.set(body.id, board)
    return body.id
  }

  async function createPin(board: string): Promise<string> {
    const title = newName('pin')
    const data = random.pick(pictures) ?? ''
    const source = { source_type: 'image_base64', content_type: 'image/jpeg', data }
    const { body } = await call('POST', '/pins', { board_id: board, title, media_source: source })
    model.pins.set(body.id, { title, board })
    model.made.add(body.id)
    return body.id
  }

  /** Returns all items of a list. */
  async function listOf(path: string): Promise<Json[]> {
    const items: Json[] = []
    for (let bookmark = ''; ; ) {
      const mark = bookmark === '' ? '' : `&bookmark=${encodeURIComponent(bookmark)}`
      const { body } = await call('GET', `${path}${path.includes('?') ? '&' : '?'}page_size=50${mark}`)
      items.push(...body.items)
      if (!body.bookmark) return items
      bookmark = body.bookmark
    }
  }

  const steps: [weight: number, step: (others: readonly Account[]) => Promise<void>][] = [
    [4, async () => void (model.boards.size < most.boards && (await createBoard()))],
    [
      30,
      async () => {
        const board = random.pick(boards())
        if (board && model.pins.size < most.pins) await createPin(board)
      },
    ],
    [
      12,
      async () => {
        const id = random.pick(pins())
        const board = random.pick(boards())
        if (!id || !board) return
        const title = newName('pin')
        await call('PATCH', `/pins/${id}`, { title, board_id: board })
        model.pins.set(id, { title, board })
      },
    ],
    [14, async () => void (model.pins.size > most.pins / 2 && (await deletePin()))],
    [2, deleteBoard],
    [
      5,
      async (others) => {
        const other = random.pick(others)
        const id = random.pick([...(other?.model.pins.keys() ?? [])])
        const board = random.pick(boards())
        if (!other || !id || !board || model.pins.size >= most.pins) return
        // Its owner may be deleting it, or making it secret.
        const { status, body } = await call('POST', `/pins/${id}/save`, { board_id: board }, [201, 404, 403])
        if (status !== 201) return
        model.pins.set(body.id, { title: body.title, board })
        model.made.add(body.id)
      },
    ],
    [
      5,
      async (others) => {
        const other = random.pick(others)
        if (!other) return
        if (model.follows.has(other.name)) {
          await call('DELETE', `/_pinfold/web/users/${other.name}/follow`)
          model.follows.delete(other.name)
        } else {
          await call('POST', `/user_account/following/${other.name}`, {})
          model.follows.add(other.name)
        }
      },
    ],
    [
      8,
      async () => {
        const events = Array.from({ length: 1 + random.below(12) }, () => ({
          ...{ id: newName('event'), type: 'impression', pin_id: keptPin, viewer: newName('viewer') },
          at: new Date(begunAt).toISOString(),
        }))
        const { body } = await call('POST', '/_pinfold/events', { events })
        expectSame('events', body.counted + body.duplicates, events.length)
        model.impressions += events.length
      },
    ],
    [
      10,
      async () => {
        const id = random.pick([...model.pins.keys()])
        if (id) expectPin(id, (await call('GET', `/pins/${id}`)).body)
      },
    ],
    [
      5,
      async () => {
        const board = random.pick(boards())
        if (board) expectSame(`the Pins of board ${board}`, idsOf(await listOf(`/boards/${board}/pins`)), pinsOf(board))
      },
    ],
    [
      3,
      async () => {
        const id = random.pick([...model.gone].slice(-50))
        if (id) await call('GET', `/pins/${id}`, undefined, [404])
      },
    ],
    [5, meddle],
  ]

  async function deletePin(): Promise<void> {
    const id = random.pick(pins())
    if (!id) return
    await call('DELETE', `/pins/${id}`)
    model.pins.delete(id)
    model.gone.add(id)
  }

  async function deleteBoard(): Promise<void> {
    const board = random.pick(boards().filter((id) => id !== keptBoard))
    if (!board) return
    await call('DELETE', `/boards/${board}`)
    model.boards.delete(board)
    for (const id of pinsOf(board)) {
      model.pins.delete(id)
      model.gone.add(id)
    }
  }

  /** Tries what only another account may. */
  async function meddle(others: readonly Account[]): Promise<void> {
    const other = random.pick(others)
    if (!other) return
    const isSecret = (id: string) => other.model.boards.get(id)?.privacy === 'SECRET'
    const secretBoards = [...other.model.boards.keys()].filter(isSecret)
    const board = random.pick(secretBoards)
    if (board) {
      await call('GET', `/boards/${board}`, undefined, [404, 403])
      await call('GET', `/boards/${board}/pins`, undefined, [404, 403])
    }
    // One that stays secret while it is asked for: its owner moves and deletes others.
    const any = random.pick([...other.model.pins.keys()])
    if (!any) return
    await call('PATCH', `/pins/${any}`, { title: `meddled by ${name}` }, [403, 404])
    await call('DELETE', `/pins/${any}`, undefined, [403, 404])
  }

  const pinsOf = (board: string) => [...model.pins].flatMap(([id, pin]) => (pin.board === board ? [id] : []))

  function expectPin(id: string, body: Json): void {
    const known = model.pins.get(id)
    expectSame(`Pin ${id}`, [body.title, body.board_id], [known?.title, known?.board])
  }

  const total = steps.reduce((sum, [weight]) => sum + weight, 0)

  return {
    ...{ name, token, model },

    async begin() {
      await call('POST', '/_pinfold/webhooks', { url: webhook, events: ['pin.created'], includes_secret: true })
      keptBoard = await createBoard('PUBLIC')
      keptPin = await createPin(keptBoard)
    },

    async step(others) {
      let left = random.below(total)
      for (const [weight, step] of steps) {
        left -= weight
        if (left < 0) return step(others)
      }
    },

    async check() {
      const listed = await listOf('/boards?privacy=PUBLIC_AND_SECRET')
      const here = new Map((listed.length === 0 ? [] : listed).map((board) => [board.id, board]))
      expectSame(`the boards of ${name}`, [...here.keys()].sort(), boards().sort())
      for (const [id, { name: title, privacy }] of model.boards) {
        const board = here.get(id)
        expectSame(`board ${id}`, [board.name, board.privacy], [title, privacy])
        const items = await listOf(`/boards/${id}/pins`)
        expectSame(`the Pins of board ${id}`, idsOf(items), pinsOf(id))
        expectSame(`the count of Pins of board ${id}`, board.pin_count, items.length)
        for (const item of items) {
          expectPin(item.id, item)
          for (const { url } of Object.values<{ url: string }>(item.media.images)) await expectPicture(url)
        }
      }
      const titles = [...model.pins.values()].map(({ title }) => title)
      const { body: account } = await call('GET', '/user_account')
      expectSame(`the count of Pins of ${name}`, account.pin_count, titles.length)
      expectSame(`the count of boards of ${name}`, account.board_count, model.boards.size)
      const following = await listOf('/user_account/following')
      expectSame(`whom ${name} follows`, following.map(({ username }) => username).sort(), [...model.follows].sort())
      const days = `start_date=${day(begunAt - 86_400_000)}&end_date=${day(begunAt + 86_400_000 * 2)}`
      const { body } = await call('GET', `/pins/${keptPin}/analytics?${days}&metric_types=IMPRESSION`)
      expectSame(`the impressions of ${name}`, body.all.summary_metrics.IMPRESSION ?? 0, model.impressions)
    },
  }

  /** The address of a picture names a port that may be another's now: what counts is its path. */
  async function expectPicture(url: string): Promise<void> {
    const { pathname } = new URL(url)
    const answer = await fetch(new URL(pathname, url)).catch(() => undefined)
    if (answer?.status !== 200 || (await answer.arrayBuffer()).byteLength === 0)
      throw new Violation(`The picture ${pathname} is not there: ${answer?.status}`)
  }
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id)

function expectSame(what: string, found: unknown, expected: unknown): void {
  const text = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value)
  if (text(found) !== text(expected))
    throw new Violation(`${what}: ${text(found)}, and acknowledged was ${text(expected)}`)
}
