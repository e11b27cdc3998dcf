import { randomBytes } from 'node:crypto'
import { ConfigError } from '../../core/errors.ts'
import type { NodeNumber } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { type NodeRow, type NodeStore, nodeStore } from './store.ts'

/** This server among those that share its database. */
export interface Membership extends NodeNumber {
  /** A random name, another at each start. */
  readonly name: string
  /** Returns how many others are alive. */
  countOthers(): Promise<number>
  /** Calls `work` when another server has died, and this one is to take over what it left. */
  whenOthersDie(work: () => Promise<void>): void
  /** Throws when the storage of pictures does not show what this server has left there. */
  checkStorage(): Promise<void>
  /** Says that this server ends. */
  leave(): Promise<void>
}

export interface JoinOptions {
  db: Database
  storage: Pick<MediaStorage, 'addMark' | 'hasMark' | 'removeMark'>
  /** Where it stores pictures, in words. */
  storageName: string
  /** Where it runs, in words. */
  address: string
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

/** A server that has said nothing for this long is dead. */
export const aliveMs = 20_000
/** It says this often that it is alive. */
const renewEveryMs = 4000
/** The numbers that ids have room for; 0 is of a server that has the data for itself. */
const mostNodes = 31

/**
 * Registers this server with those that share the database. Throws `ConfigError` when another stores its pictures elsewhere:
 * each would answer 404 for the pictures of the other.
 */
export async function joinNodes(options: JoinOptions): Promise<Membership> {
  const { db, storage, log } = options
  const store = nodeStore(db)
  const name = randomBytes(16).toString('hex')
  let died: () => Promise<void> = async () => {}
  let renewing: Promise<void> = Promise.resolve()
  let hasLeft = false

  // The others look for it.
  await storage.addMark(name)
  let number: number
  try {
    await buryDead(options, store)
    number = await takeNumber(options, store, name)
    await refuseOtherStorage(options, store, name)
  } catch (error) {
    await db.write((tx) => store.remove(tx, name)).catch(() => {})
    await storage.removeMark(name).catch(() => {})
    throw error
  }

  /** Says that this server is alive, and looks after those that are not. */
  const renew = async () => {
    const renewed = await db.write((tx) => store.renew(tx, name, aliveMs))
    if (renewed === undefined && !hasLeft) {
      // It was held up for so long that the others took it for dead.
      await storage.addMark(name)
      number = await takeNumber(options, store, name)
      log.warn({ node: number }, 'this server was taken for dead by others, and has joined them again')
    }
    if ((await buryDead(options, store)) > 0) await died()
  }
  const timer = setInterval(() => {
    renewing = renewing.then(renew).catch((error) => log.warn({ err: error }, 'could not tell others of this server'))
  }, renewEveryMs)
  timer.unref()
  log.info({ node: number }, 'this server has joined those of its database')

  return {
    name,
    get number() {
      return number
    },
    countOthers: async () => (await store.alive()).filter((node) => node.name !== name).length,
    whenOthersDie(work) {
      died = work
    },
    async checkStorage() {
      if (!(await storage.hasMark(name))) throw new Error('The storage does not show what was stored there.')
    },
    async leave() {
      hasLeft = true
      clearInterval(timer)
      await renewing
      await db.write((tx) => store.remove(tx, name)).catch(() => {})
      await storage.removeMark(name).catch(() => {})
    },
  }
}

/** Takes the smallest number that no server has that is alive. */
async function takeNumber({ db, storageName, address }: JoinOptions, store: NodeStore, name: string): Promise<number> {
  for (;;) {
    const taken = new Set((await store.alive()).map((node) => node.number))
    const free = Array.from({ length: mostNodes }, (_, index) => index + 1).find((number) => !taken.has(number))
    if (free === undefined)
      throw new ConfigError(`${mostNodes} servers share this database already, and ids have room for no more.`)
    const row = { number: free, name, address, storage: storageName }
    if (await db.write((tx) => store.take(tx, row, aliveMs))) return free
    await db.write((tx) => store.removeDead(tx))
  }
}

/** Throws when a server that joined earlier has another storage: of two that join at once, one stays. */
async function refuseOtherStorage({ storage, storageName }: JoinOptions, store: NodeStore, self: string) {
  for (const other of await store.alive()) {
    if (other.name === self) return
    if (await storage.hasMark(other.name)) continue
    // It may have ended meanwhile.
    if (!(await store.alive()).some(({ name }) => name === other.name)) continue
    throw new ConfigError(
      `Another server (${other.address}) uses this database, and stores pictures in ${other.storage}. This one would ` +
        `store them in ${storageName}, which is another place: what one stores, the other would not find. Start both ` +
        'with the same --storage: s3://bucket/prefix, or a folder that both reach.',
    )
  }
}

/** Removes the dead, and returns how many it were. */
async function buryDead({ db, storage, log }: JoinOptions, store: NodeStore): Promise<number> {
  const dead: NodeRow[] = await db.write((tx) => store.removeDead(tx))
  for (const { number, name, address } of dead) {
    log.warn({ node: number, address }, 'another server has died')
    await storage.removeMark(name).catch(() => {})
  }
  return dead.length
}
