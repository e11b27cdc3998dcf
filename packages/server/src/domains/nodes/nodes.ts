import { randomBytes } from 'node:crypto'
import { ConfigError } from '../../core/errors.ts'
import type { NodeNumber } from '../../core/ids.ts'
import { machineTimers, type Timers } from '../../core/timers.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { aliveMs, freeNumber, isAlive, mostNodes } from './rules.ts'
import { type NodeRow, type NodeRows, nodeRows } from './store.ts'

/** This server among those that share its database. */
export interface Membership extends NodeNumber {
  /** A random name: another at each start, and after others took it for dead. */
  readonly name: string
  /** Returns how many others are alive. */
  countOthers(): Promise<number>
  /** Calls `work` when another server has died, and this one is to take over what it left; again, should it fail. */
  whenOthersDie(work: () => Promise<void>): void
  /** Throws when the storage of pictures does not show what this server has left there. */
  checkStorage(): Promise<void>
  /** Says that this server ends. */
  leave(): Promise<void>
}

export interface JoinOptions {
  storage: Pick<MediaStorage, 'addMark' | 'hasMark' | 'removeMark'>
  /** Where it stores pictures, in words. */
  storageName: string
  /** Where it runs, in words. */
  address: string
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

/** What a server joins: a database, or a simulated one. */
export interface Joined {
  rows: NodeRows
  timers: Timers
  /** Returns a random name. */
  newName(): string
}

/** It says this often that it is alive. */
const renewEveryMs = 4000

/**
 * Registers this server with those that share the database. Throws `ConfigError` when another stores its pictures elsewhere:
 * each would answer 404 for the pictures of the other.
 */
export const joinNodes = ({ db, ...options }: JoinOptions & { db: Database }): Promise<Membership> =>
  joinOver({ rows: nodeRows(db), timers: machineTimers, newName: () => randomBytes(16).toString('hex') }, options)

/** Registers this server with those in `rows`. */
export async function joinOver({ rows, timers, newName }: Joined, options: JoinOptions): Promise<Membership> {
  const { storage, log } = options
  let name = newName()
  let died: () => Promise<void> = async () => {}
  /** Whether something that others left is not taken over yet. */
  let isOwed = false
  let renewing: Promise<void> = Promise.resolve()
  /** Whether it has been among them under this name. */
  let isMember = true

  /** Removes the dead, of whom something may be left. */
  const buryDead = async () => {
    const { rows: all, now } = await rows.all()
    for (const dead of all.filter((node) => !isAlive(node, now))) {
      if (!(await rows.removeUnchanged(dead))) continue
      isOwed = true
      log.warn({ node: dead.number, address: dead.address }, 'another server has died')
      await storage.removeMark(dead.name).catch(() => {})
    }
  }

  /** Takes the smallest number that no server has that is alive. */
  const takeNumber = async (): Promise<number> => {
    for (;;) {
      const { rows: all, now } = await rows.all()
      const free = freeNumber(all, now)
      if (free === undefined)
        throw new ConfigError(`${mostNodes} servers share this database already, and ids have room for no more.`)
      const row = { number: free, name, address: options.address, storage: options.storageName }
      if (await rows.add(row, aliveMs)) return free
      await buryDead()
    }
  }

  /** The mark goes last: those who start look for the marks of all that seem to be alive. */
  const depart = () =>
    rows
      .remove(name)
      .then(() => storage.removeMark(name))
      .catch(() => {})

  // The others look for it.
  await storage.addMark(name)
  let number: number
  try {
    await buryDead()
    number = await takeNumber()
    await refuseOtherStorage(options, rows, name)
  } catch (error) {
    await depart()
    throw error
  }
  // What they left is looked for at each start.
  isOwed = false

  /** Joins again: it was held up for so long that the others took it for dead, and are removing what has its name. */
  const joinAgain = async () => {
    if (isMember) name = newName()
    isMember = false
    await storage.addMark(name)
    number = await takeNumber()
    isMember = true
    log.warn({ node: number }, 'this server was taken for dead by others, and has joined them again')
  }

  /** Says that this server is alive, and looks after those that are not. */
  const renew = async () => {
    const renewed = await rows.renew(name, aliveMs)
    if (renewed === undefined) await joinAgain()
    else {
      isMember = true
      number = renewed
    }
    await buryDead()
    if (!isOwed) return
    isOwed = false
    await died().catch((error) => {
      isOwed = true
      throw error
    })
  }
  const stopRenewing = timers.every(renewEveryMs, () => {
    renewing = renewing.then(renew).catch((error) => log.warn({ err: error }, 'could not tell others of this server'))
  })
  log.info({ node: number }, 'this server has joined those of its database')

  return {
    get name() {
      return name
    },
    get number() {
      return number
    },
    countOthers: async () => (await aliveIn(rows)).filter((node) => node.name !== name).length,
    whenOthersDie(work) {
      died = work
    },
    async checkStorage() {
      if (!(await storage.hasMark(name))) throw new Error('The storage does not show what was stored there.')
    },
    async leave() {
      stopRenewing()
      await renewing
      await depart()
    },
  }
}

/** Throws when a server that joined earlier has another storage: of two that join at once, one stays. */
async function refuseOtherStorage({ storage, storageName }: JoinOptions, rows: NodeRows, self: string) {
  for (const other of await aliveIn(rows)) {
    if (other.name === self) return
    if (await storage.hasMark(other.name)) continue
    // It may have ended meanwhile.
    if (!(await aliveIn(rows)).some(({ name }) => name === other.name)) continue
    throw new ConfigError(
      `Another server (${other.address}) uses this database, and stores pictures in ${other.storage}. This one would ` +
        `store them in ${storageName}, which is another place: what one stores, the other would not find. Start both ` +
        'with the same --storage: s3://bucket/prefix, or a folder that both reach.',
    )
  }
}

async function aliveIn(rows: NodeRows): Promise<NodeRow[]> {
  const { rows: all, now } = await rows.all()
  return all.filter((node) => isAlive(node, now))
}
