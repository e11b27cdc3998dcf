import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { openOperator } from '@pinfold/server'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { filesBelow, serverState } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { clip, upload } from '@pinfold/test-support/uploads'
import { beforeAll, expect, test } from 'vitest'

/** How often the server is killed; more with `PINFOLD_CRASH_KILLS=50 npx vitest run crash`. */
const kills = Number(process.env.PINFOLD_CRASH_KILLS ?? 2)
const seedingKills = Math.ceil(kills / 8)
/** How many clients write at the same time. */
const clients = 6
const token = 'pina_crash_0000000000000000'
/** The accounts that Alice may follow. */
const friends = Array.from({ length: 100 }, (_, i) => `friend_${i}`)

let folder: string
let running: Command | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-crash-'))
  return async () => {
    await running?.kill()
    await rm(folder, { recursive: true, force: true })
  }
})

/** How the names of Olga's secret boards end, which Alice is a collaborator of; there is one for each client. */
const shared = ' shared'

/** What a board, section, Pin or follow is, as far as clients decide it. */
type Thing =
  | { kind: 'board'; name: string; privacy: string }
  | { kind: 'section'; name: string; board: string }
  | { kind: 'pin'; title: string | null; board: string; section: string | null }
  | { kind: 'follow'; whom: string }
type Things = Map<string, Thing>

/** The effect of a request on existing things, if it is carried out. `undefined`: it is deleted. */
type Effect = Map<string, Thing | undefined>

/** A request that was sent, and not yet answered when the server was killed. */
interface Pending {
  /** What it would have changed; undefined if it would have made something new. */
  effect: Effect | undefined
}

interface NextRequest {
  method: string
  path: string
  body?: object
  effect?: Effect
  makes?: Thing
}

/** The server was killed before it answered. */
class ServerGone extends Error {}

const gone = (): never => {
  throw new ServerGone()
}

const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)]
const chance = (part: number) => Math.random() < part

/** The clients and their knowledge: what was acknowledged, and what was not answered. */
class Clients {
  /** Everything that was acknowledged and not deleted. */
  things: Things = new Map()
  /** Everything whose deletion was acknowledged. */
  readonly gone = new Set<string>()
  /** Videos whose upload was acknowledged, and that no Pin was requested for. */
  readonly uploaded = new Set<string>()
  /** Those of them that were left when the server was killed. */
  left: string[] = []
  pending: Pending[] = []
  acknowledged = 0
  #names = 0

  /** Sends requests until the server is gone. */
  async work(url: string, onAcknowledged: () => void): Promise<void> {
    await Promise.all(Array.from({ length: clients }, (_, client) => this.#work(client, url, onAcknowledged)))
  }

  async #work(client: number, url: string, onAcknowledged: () => void): Promise<void> {
    try {
      for (;;) {
        const request = await this.#next(client, url)
        const pending: Pending = { effect: request.effect }
        this.pending.push(pending)
        const answer = await this.#send(url, request)
        this.pending.splice(this.pending.indexOf(pending), 1)
        this.#apply(request.effect ?? new Map([[answer.id, request.makes as Thing]]))
        this.acknowledged++
        onAcknowledged()
      }
    } catch (error) {
      if (!(error instanceof ServerGone)) throw error
    }
  }

  /** Returns the answer to a request. Throws `ServerGone`. */
  async #send(url: string, { method, path, body }: Pick<NextRequest, 'method' | 'path' | 'body'>) {
    const response = await fetch(`${url}${path.startsWith('/_pinfold') ? '' : '/v5'}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(gone)
    const text = await response.text().catch(gone)
    expect([200, 201, 204], `${method} ${path}: ${text}`).toContain(response.status)
    return text ? JSON.parse(text) : undefined
  }

  /** Returns the id of a video for a Pin: one that was left, or a new one. */
  async #video(url: string): Promise<string> {
    const id = this.left.pop() ?? (await this.#upload(url))
    // From here on the Pin may be made, and then deleted with its video.
    this.uploaded.delete(id)
    return id
  }

  async #upload(url: string): Promise<string> {
    const registered = await this.#send(url, { method: 'POST', path: '/media', body: { media_type: 'video' } })
    const id = registered.media_id
    expect((await upload(registered, clip).catch(gone)).status).toBe(204)
    this.uploaded.add(id)
    while ((await this.#send(url, { method: 'GET', path: `/media/${id}` })).status === 'processing') await moment(5)
    return id
  }

  #apply(effect: Effect): void {
    for (const [id, thing] of effect)
      if (thing) this.things.set(id, thing)
      else {
        this.things.delete(id)
        this.gone.add(id)
      }
  }

  /** Each client has its own boards, so that the effect of a request does not depend on others in progress. */
  async #next(client: number, url: string): Promise<NextRequest> {
    const name = `${client} ${this.#names++}`
    const boards = this.#ids((thing) => thing.kind === 'board' && thing.name.startsWith(`${client} `))
    const board = pick(boards)
    if (board === undefined || chance(0.06)) {
      const privacy = pick(['PUBLIC', 'SECRET']) ?? 'PUBLIC'
      return { method: 'POST', path: '/boards', body: { name, privacy }, makes: { kind: 'board', name, privacy } }
    }
    if (chance(0.1)) {
      const whom = pick(friends) ?? ''
      const effect: Effect = new Map([[`follow ${whom}`, { kind: 'follow', whom }]])
      return { method: 'POST', path: `/user_account/following/${whom}`, body: {}, effect }
    }
    const sections = this.#ids((thing) => thing.kind === 'section' && thing.board === board)
    const pins = this.#ids((thing) => thing.kind === 'pin' && thing.board === board)
    const [section, pin] = [pick(sections), pick(pins)]
    // On a board of somebody else's a collaborator changes what is on it, and not the board.
    const dice = this.#isShared(board) ? 0.08 + Math.random() * 0.92 : Math.random()
    const into = pick(boards.filter((other) => other !== board && !this.#isShared(other)))
    if (dice < 0.02 && into !== undefined) return this.#merge(board, into, [...sections, ...pins])
    if (dice < 0.04) return this.#remove(`/boards/${board}`, [board, ...sections, ...pins])
    if (dice < 0.08) {
      const privacy = pick(['PUBLIC', 'SECRET']) ?? 'PUBLIC'
      return this.#change(`/boards/${board}`, board, { name, privacy }, { kind: 'board', name, privacy })
    }
    if (dice < 0.14)
      return {
        method: 'POST',
        path: `/boards/${board}/sections`,
        body: { name },
        makes: { kind: 'section', name, board },
      }
    if (section && dice < 0.17) {
      const inside = this.#ids((thing) => thing.kind === 'pin' && thing.section === section)
      return this.#remove(`/boards/${board}/sections/${section}`, [section, ...inside])
    }
    if (section && dice < 0.2)
      return this.#change(`/boards/${board}/sections/${section}`, section, { name }, { kind: 'section', name, board })
    if (pin && dice < 0.23) {
      const arrangement = { ids: [pin], to: pick(['first', 'last']) }
      const path = `/_pinfold/web/boards/${board}/pins/arrange`
      return { method: 'POST', path, body: arrangement, effect: new Map() }
    }
    if (pin && dice < 0.3) return this.#remove(`/pins/${pin}`, [pin])
    if (pin && dice < 0.4) {
      const to = pick(boards) ?? board
      const kept = to === board ? this.#pin(pin).section : null
      const body = { title: name, board_id: to }
      return this.#change(`/pins/${pin}`, pin, body, { kind: 'pin', title: name, board: to, section: kept })
    }
    const place = { board_id: board, ...(section && chance(0.5) && { board_section_id: section }) }
    const made = { kind: 'pin' as const, board, section: place.board_section_id ?? null }
    if (pin && dice < 0.55) {
      const makes = { ...made, title: this.#pin(pin).title }
      return { method: 'POST', path: `/pins/${pin}/save`, body: place, makes }
    }
    return {
      method: 'POST',
      path: '/pins',
      body: { ...place, title: name, media_source: await this.#mediaSource(url) },
      makes: { ...made, title: name },
    }
  }

  /** Returns a picture, sometimes several or a video; some of the pictures are those of other Pins. */
  async #mediaSource(url: string): Promise<object> {
    const picture = () => base64Source(chance(0.5) ? Math.floor(Math.random() * 5) : this.#names++)
    if (chance(0.06)) {
      const { content_type, data } = await picture()
      const cover = { cover_image_content_type: content_type, cover_image_data: data }
      return { source_type: 'video_id', media_id: await this.#video(url), ...cover }
    }
    if (chance(0.8)) return picture()
    const items = await Promise.all(Array.from({ length: pick([2, 3, 5]) ?? 2 }, picture))
    return {
      source_type: 'multiple_image_base64',
      items: items.map(({ content_type, data }) => ({ content_type, data })),
    }
  }

  #remove(path: string, ids: string[]) {
    return { method: 'DELETE', path, effect: new Map(ids.map((id) => [id, undefined])) }
  }

  /** All of a board goes to another one, and it is gone. */
  #merge(board: string, into: string, things: string[]) {
    const after = things.map((id): [string, Thing | undefined] => {
      const thing = this.things.get(id)
      return [id, thing && 'board' in thing ? { ...thing, board: into } : thing]
    })
    const effect: Effect = new Map([[board, undefined], ...after])
    return { method: 'POST', path: `/_pinfold/web/boards/${board}/merge`, body: { into_board_id: into }, effect }
  }

  #change(path: string, id: string, body: object, after: Thing) {
    return { method: 'PATCH', path, body, effect: new Map([[id, after]]) }
  }

  #ids(fits: (thing: Thing) => boolean): string[] {
    return [...this.things].filter(([, thing]) => fits(thing)).map(([id]) => id)
  }

  #isShared(id: string): boolean {
    const board = this.things.get(id)
    return board?.kind === 'board' && board.name.endsWith(shared)
  }

  #pin(id: string): Extract<Thing, { kind: 'pin' }> {
    const pin = this.things.get(id)
    if (pin?.kind !== 'pin') throw new Error(`${id} is no Pin.`)
    return pin
  }

  /**
   * Compares the server's data with what was acknowledged. A request without an answer was carried out completely or
   * not at all; from here on, the server's data counts.
   */
  expectKept(actual: Things): void {
    const expected = new Map(this.things)
    const rest = new Map(actual)
    let mayBeNew = 0
    for (const { effect } of this.pending) {
      if (!effect) mayBeNew++
      const ids = [...(effect ?? [])].map(([id]) => id)
      const now = ids.map((id) => actual.get(id))
      const before = ids.map((id) => this.things.get(id))
      const after = ids.map((id) => effect?.get(id))
      const isAfter = isDeepStrictEqual(now, after)
      expect(now, 'a request that was not answered').toEqual(isAfter ? after : before)
      for (const id of ids) {
        expected.delete(id)
        rest.delete(id)
      }
    }
    for (const [id, thing] of expected) expect(rest.get(id), `acknowledged ${id}`).toEqual(thing)
    const unexpected = [...rest].filter(([id]) => !expected.has(id))
    expect(unexpected.length, JSON.stringify(unexpected)).toBeLessThanOrEqual(mayBeNew)
    expect([...actual.keys()].filter((id) => this.gone.has(id))).toEqual([])
    this.pending = []
    this.things = actual
  }

  /** Every acknowledged upload is done, or goes on. */
  async expectUploadsKept(dataDir: string): Promise<void> {
    const state = serverState(dataDir)
    const ids = (status: string) =>
      state.all(`SELECT id FROM media WHERE status = '${status}'`).map(({ id }) => `${id}`)
    try {
      const isAtRest = () => ids('processing').length === 0 && filesBelow(join(dataDir, 'uploads')).length === 0
      await until(isAtRest, { intervalMs: 10 })
      expect(ids('succeeded')).toEqual(expect.arrayContaining([...this.uploaded]))
      expect(ids('failed')).toEqual([])
      this.left = [...this.uploaded]
    } finally {
      state.close()
    }
  }
}

/** Returns everything that a server has stored. */
function thingsIn(dataDir: string): Things {
  const state = serverState(dataDir)
  const textOrNull = (value: unknown) => (value === null ? null : String(value))
  const boards = state
    .all('SELECT id, name, privacy FROM boards')
    .map((row): [string, Thing] => [
      String(row.id),
      { kind: 'board', name: String(row.name), privacy: String(row.privacy) },
    ])
  const sections = state
    .all('SELECT id, name, board_id FROM sections')
    .map((row): [string, Thing] => [
      String(row.id),
      { kind: 'section', name: String(row.name), board: String(row.board_id) },
    ])
  const pins = state
    .all('SELECT id, title, board_id, section_id FROM pins')
    .map((row): [string, Thing] => [
      String(row.id),
      { kind: 'pin', title: textOrNull(row.title), board: String(row.board_id), section: textOrNull(row.section_id) },
    ])
  const follows = state
    .all('SELECT username FROM follows JOIN accounts ON accounts.id = target_id')
    .map(({ username }): [string, Thing] => [`follow ${username}`, { kind: 'follow', whom: String(username) }])
  state.close()
  return new Map([...boards, ...sections, ...pins, ...follows])
}

test(
  `after each of ${kills} kills under load, everything acknowledged is there and nothing is half done`,
  async () => {
    const dataDir = join(folder, 'load')
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile))
    const settings = ['--seed', seed, '--rate-limits', 'off', '--durability', 'full']
    const options = ['serve', '--port', '0', '--data', dataDir, ...settings]
    const everybody = new Clients()
    const whole = new Set<string>()
    for (let kill = 0; kill <= kills; kill++) {
      // Every other time without ffmpeg: videos are then stored unchanged, and at once.
      const start = () => pinfold(options, kill % 2 === 0 ? {} : { env: { PATH: '' } })
      running = start()
      if (kill > 0 && chance(0.25)) {
        // Sometimes it is not even allowed to clean up.
        await Promise.race([running.ready(), moment(400)])
        await running.kill()
        running = start()
      }
      const url = await running.ready()
      if (kill === 0) everybody.things = thingsIn(dataDir)
      everybody.expectKept(thingsIn(dataDir))
      await everybody.expectUploadsKept(dataDir)
      await expectSound(dataDir, whole)
      if (kill === kills) break

      await invite(dataDir)
      const killed = running
      const enough = everybody.acknowledged + 10 + Math.floor(Math.random() * 150)
      await everybody.work(url, () => {
        if (everybody.acknowledged === enough) void moment(Math.random() * 20).then(() => killed.kill())
      })
      await running.ended
    }
    await running?.kill('SIGTERM')
    expect(everybody.acknowledged).toBeGreaterThan(kills * 10)
  },
  onThisMachine(60_000 + kills * 10_000),
)

/** Makes a friend a collaborator of each of the newest boards, which clients then rename, close and delete. */
async function invite(dataDir: string): Promise<void> {
  await using operator = await openOperator({ dataDir })
  const boards = [...thingsIn(dataDir)].filter(([, thing]) => thing.kind === 'board').slice(-clients)
  for (const [id] of boards) await operator.addCollaborator(id, pick(friends) ?? '')
}

test(
  `after each of ${kills * 3} kills of the command, somebody is a collaborator, or is not, and is counted as that`,
  async () => {
    const dataDir = join(folder, 'command')
    const seed = join(folder, 'command.json')
    await writeFile(seed, JSON.stringify(seedFile))
    running = pinfold(['serve', '--port', '0', '--data', dataDir, '--seed', seed])
    await running.ready()
    const began = performance.now()
    const run = (verb: string) => pinfold(['collaborators', verb, 'olga/0 shared', 'friend_1', '--data', dataDir])
    await run('add').ended
    const whole = performance.now() - began
    for (let kill = 0; kill < kills * 3; kill++) {
      const command = run(kill % 2 === 0 ? 'remove' : 'add')
      await Promise.race([command.ended, moment(whole * (0.5 + Math.random() / 2))])
      await command.kill()
      await expectSound(dataDir)
    }
    await run('add').ended
    expect(await run('remove').ended).toBe(0)
    await running.kill('SIGTERM')
  },
  onThisMachine(60_000 + kills * 10_000),
)

test(
  `after ${seedingKills} kills while it fills a new folder, the demo is complete`,
  async () => {
    for (let kill = 0; kill < seedingKills; kill++) {
      const dataDir = join(folder, `demo ${kill}`)
      running = pinfold(['serve', '--port', '0', '--data', dataDir])
      const enough = Math.floor(Math.random() * demoFiles)
      while (filesBelow(join(dataDir, 'media')).length < enough) await Promise.race([moment(5), running.ready()])
      await running.kill()

      running = pinfold(['serve', '--port', '0', '--data', dataDir])
      await running.ready()
      const things = [...thingsIn(dataDir).values()]
      expect(['board', 'pin'].map((kind) => things.filter((thing) => thing.kind === kind).length)).toEqual([5, 38])
      expect(filesBelow(join(dataDir, 'media'))).toHaveLength(demoFiles)
      await expectSound(dataDir)
      await running.kill('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    }
  },
  onThisMachine(60_000 + seedingKills * 30_000),
)

/** The files of the demo's 38 Pins, in six sizes each. */
const demoFiles = 38 * 6

const seedFile = {
  accounts: [
    { username: 'alice', password: 'alice-password' },
    {
      username: 'olga',
      boards: Array.from({ length: clients }, (_, client) => ({
        ...{ name: `${client}${shared}`, privacy: 'SECRET', collaborators: ['alice'] },
      })),
    },
    ...friends.map((username) => ({ username })),
  ],
  apps: [{ id: '1001', secret: 'alice-app-secret-0001', name: 'App', owner: 'alice' }],
  tokens: [{ app: '1001', account: 'alice', access_token: token }],
}

function moment(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
