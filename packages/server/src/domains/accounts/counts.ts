import type { BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import { ApiError } from '../../core/errors.ts'
import type { Schema } from '../../db/schema.ts'
import type { AccountCountsRow, AccountStore } from './store.ts'

type Tx = Transaction<Schema>

/** What counting a Pin needs of it. */
export interface CountedByPrivacy {
  privacy: BoardPrivacy
}

/** How much an account has, counted in the transactions that write them. */
export interface AccountCounts {
  /** Counts one more board. Throws `forbidden` when there are too many. */
  addBoard(tx: Tx, id: number): Promise<void>
  /** Counts one board fewer. */
  removeBoard(tx: Tx, id: number): Promise<void>
  /** Counts one more board of others that the account is a collaborator of. Throws `forbidden` when there are too many. */
  joinBoard(tx: Tx, id: number): Promise<void>
  /** Counts one such board fewer, for each of these accounts. */
  leaveBoard(tx: Tx, ids: readonly number[]): Promise<void>
  /** Throws `forbidden` when the account has as many Pins as it may have: before work that would be in vain. `addPin` decides. */
  checkRoomForPin(id: number): Promise<void>
  /** Counts one more Pin, and returns the websites that the account has claimed. Throws `forbidden` when there are too many. */
  addPin(tx: Tx, id: number, pin: CountedByPrivacy): Promise<string[]>
  /** Counts these Pins no longer. */
  removePins(tx: Tx, id: number, pins: readonly CountedByPrivacy[]): Promise<void>
  /** Counts `count` Pins more as secret, or fewer if it is negative. */
  countSecretPins(tx: Tx, id: number, count: number): Promise<void>
  /** Counts that one account follows another. Throws `forbidden` when it follows too many. */
  addFollow(tx: Tx, followerId: number, followedId: number): Promise<void>
  /** Counts that one account no longer follows another. */
  removeFollow(tx: Tx, followerId: number, followedId: number): Promise<void>
}

/** Makes the counts of accounts. */
export function countsOf(store: AccountStore): AccountCounts {
  /** Counts a follow, and returns how many the follower follows then. */
  async function countFollow(tx: Tx, followerId: number, followedId: number, count: 1 | -1): Promise<number> {
    const countFollowed = () => store.countFollow(tx, followedId, { followers: count })
    // Always the smaller id first: two that follow each other at the same time do not wait for one another forever.
    if (followedId < followerId) await countFollowed()
    const following = await store.countFollow(tx, followerId, { following: count })
    if (followerId < followedId) await countFollowed()
    return following
  }

  return {
    async addBoard(tx, id) {
      checkBoards(await store.count(tx, id, { boards: 1 }))
    },

    async joinBoard(tx, id) {
      checkBoards(await store.count(tx, id, { joinedBoards: 1 }))
    },

    async leaveBoard(tx, ids) {
      if (ids.length > 0) await store.uncountJoined(tx, ids)
    },

    async removeBoard(tx, id) {
      await store.count(tx, id, { boards: -1 })
    },

    async checkRoomForPin(id) {
      const account = await store.byId(id)
      if (account) checkPins(account.pin_count + 1)
    },

    async addPin(tx, id, pin) {
      const counts = await store.count(tx, id, { pins: 1, secretPins: secretAmong([pin]) })
      if (!counts) throw new ApiError('userNotFound')
      checkPins(counts.pin_count)
      return JSON.parse(counts.claimed_sites)
    },

    async removePins(tx, id, pins) {
      await store.count(tx, id, { pins: -pins.length, secretPins: -secretAmong(pins) })
    },

    async countSecretPins(tx, id, count) {
      await store.count(tx, id, { secretPins: count })
    },

    async addFollow(tx, followerId, followedId) {
      const following = await countFollow(tx, followerId, followedId, 1)
      if (following > limits.followsPerAccount)
        throw new ApiError('forbidden', { detail: `An account follows ${limits.followsPerAccount} others at most.` })
    },

    async removeFollow(tx, followerId, followedId) {
      await countFollow(tx, followerId, followedId, -1)
    },
  }
}

/** Throws when an account has too many boards, its own and those that it joined. */
function checkBoards(counts: AccountCountsRow | undefined): void {
  if (!counts) throw new ApiError('userNotFound')
  if (counts.board_count + counts.joined_board_count > limits.boardsPerAccount)
    throw new ApiError('forbidden', {
      detail: `An account has ${limits.boardsPerAccount} boards at most, with the group boards that it is on.`,
    })
}

/** Throws when these are too many Pins for an account. */
function checkPins(count: number): void {
  if (count > limits.pinsPerAccount)
    throw new ApiError('forbidden', { detail: `An account has ${limits.pinsPerAccount} Pins at most.` })
}

const secretAmong = (pins: readonly CountedByPrivacy[]): number =>
  pins.filter(({ privacy }) => privacy === 'SECRET').length
