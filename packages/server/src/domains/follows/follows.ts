import { type FeedType, type InterestKey, interestKeys, interests } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { AccountRow, Accounts } from '../accounts/accounts.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { BoardRow } from '../boards/boards.ts'
import type { FollowedBoards } from '../boards/followed-boards.ts'
import { type FollowRow, type FollowStore, type FollowsBy, followStore } from './store.ts'

export { newestFollowId } from './store.ts'

/** A board with the username of its owner. */
export interface FollowedBoard {
  board: BoardRow
  owner: string
}

/** Something that people are interested in. */
export interface FollowedInterest {
  id: number
  key: InterestKey
  name: string
}

/** Which of the accounts that somebody follows are listed. */
export interface FollowingFilter {
  /** Without those of which only boards are followed. */
  explicit: boolean
  feedType: FeedType
}

/** Who follows which accounts, boards and interests. Lists are newest follow first. */
export interface Follows extends FollowLists {
  /**
   * Makes the viewer follow the account with this username, and returns it. Following it again changes nothing. The
   * follow counts for the Pin that it comes from: see `Analytics.noteFollow`; `userAgent` tells the device. Throws
   * `userNotFound`, a 400 for oneself, and `forbidden` when the viewer follows too many.
   */
  follow(viewer: Viewer, username: string, userAgent?: string): Promise<AccountRow>
  /** Makes the viewer no longer follow the account with this username. Throws `userNotFound`. */
  unfollow(viewer: Viewer, username: string): Promise<void>
  /** Makes an account follow a public board of somebody else. Throws `boardNotFound`, and a 400 for a board of its own. */
  followBoard(followerId: number, board: Pick<BoardRow, 'id' | 'owner_id'>): Promise<void>
  /** Makes an account follow an interest. */
  followInterest(followerId: number, key: InterestKey): Promise<void>
}

/** The accounts and boards that somebody follows, by id. */
export interface FollowedIds {
  /** The accounts. */
  accounts: number[]
  /** The boards, whoever may see them now. */
  boards: number[]
}

/** Follows, as they are listed. */
export interface FollowLists {
  /** Returns whether an account follows another. */
  isFollowing(accountId: number, followedId: number): Promise<boolean>
  /** Returns what an account followed last: of its accounts and boards together at most `count`. */
  newest(accountId: number, count: number): Promise<FollowedIds>
  /** Returns a page of the usernames of those who follow an account. */
  followers(accountId: number, page: PageRequest): Promise<Page<string>>
  /** Returns a page of the accounts that follow an account, or that it follows. A page may be shorter than asked for. */
  people(accountId: number, which: 'followers' | 'following', page: PageRequest): Promise<Page<AccountRow>>
  /** Returns a page of the usernames of those whom an account follows. A page may be shorter than asked for. */
  following(accountId: number, filter: FollowingFilter, page: PageRequest): Promise<Page<string>>
  /** Returns a page of the boards that an account follows. */
  boards(accountId: number, page: PageRequest): Promise<Page<FollowedBoard>>
  /** Returns a page of the interests that the account with this username follows. Throws `userNotFound`. */
  interests(username: string, page: PageRequest): Promise<Page<FollowedInterest>>
}

export interface FollowsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Pick<Accounts, 'addFollow' | 'removeFollow' | 'byIds' | 'byUsername'>
  boards: FollowedBoards
  analytics: Pick<Analytics, 'noteFollow'>
}

/** Makes the follows over `db`. */
export function followsOf({ db, clock, ids, accounts, boards, analytics }: FollowsOptions): Follows {
  const store = followStore(db)
  const draft = (row: Pick<FollowRow, 'follower_id' | 'kind' | 'target_id' | 'account_id'>): FollowRow => ({
    id: ids.next(),
    ...row,
    created_at: clock.now(),
  })

  return {
    ...followLists({ accounts, boards, store }),

    async follow({ accountId }, username, userAgent = '') {
      const account = await accounts.byUsername(username)
      if (!account) throw new ApiError('userNotFound')
      if (account.id === accountId) throw invalid('You cannot follow yourself: name another account.')
      const follow = { follower_id: accountId, kind: 'user', target_id: account.id, account_id: account.id } as const
      await db.write(async (tx) => {
        if (!(await store.insert(tx, draft(follow)))) return
        // Pins before accounts, as where a Pin is deleted: neither waits for the other forever.
        await analytics.noteFollow(tx, account.id, { accountId, userAgent })
        await accounts.addFollow(tx, accountId, account.id)
      })
      return account
    },

    async unfollow({ accountId }, username) {
      const account = await accounts.byUsername(username)
      if (!account) throw new ApiError('userNotFound')
      const follow = { follower_id: accountId, kind: 'user', target_id: account.id } as const
      await db.write(async (tx) => {
        if (await store.delete(tx, follow)) await accounts.removeFollow(tx, accountId, account.id)
      })
    },

    async followBoard(followerId, { id, owner_id }) {
      if (owner_id === followerId) throw invalid('You cannot follow a board of your own.')
      const follow = { follower_id: followerId, kind: 'board', target_id: id, account_id: owner_id } as const
      await db.write(async (tx) => {
        // The board is held first, as it is by what makes it secret or removes it: that waits, or is seen here.
        if (!(await boards.countFollower(tx, id, 1))) throw new ApiError('boardNotFound')
        if (!(await store.insert(tx, draft(follow)))) await boards.countFollower(tx, id, -1)
      })
    },

    async followInterest(followerId, key) {
      const target = interestKeys.indexOf(key) + 1
      const follow = { follower_id: followerId, kind: 'interest', target_id: target, account_id: null } as const
      await db.write((tx) => store.insert(tx, draft(follow)))
    },
  }
}

/** At most this many follows are looked at for a page of business accounts, which is then shorter. */
const maxLookedAt = 1000

interface ListParts extends Pick<FollowsOptions, 'accounts' | 'boards'> {
  store: FollowStore
}

function followLists({ accounts, boards, store }: ListParts): FollowLists {
  return {
    isFollowing: (accountId, followedId) => store.has({ follower_id: accountId, kind: 'user', target_id: followedId }),

    async newest(followerId, count) {
      const range = { followerId, before: Number.MAX_SAFE_INTEGER, count }
      const kinds = (['user', 'board'] as const).map((kind) => store.by({ ...range, kind }))
      const followed = Map.groupBy(await mergeNewestFirst(kinds, count), ({ kind }) => kind)
      const idsOf = (kind: 'user' | 'board') => (followed.get(kind) ?? []).map((row) => row.target_id)
      return { accounts: idsOf('user'), boards: idsOf('board') }
    },

    async followers(accountId, { before, size }) {
      const rows = await store.of({ kind: 'user', targetId: accountId, before, count: size + 1 })
      const found = await accounts.byIds(rows.map((row) => row.follower_id))
      return pageOfSome(rows, { size, lookedAt: size }, (row) => found.get(row.follower_id)?.username)
    },

    async people(accountId, which, { before, size }) {
      const range = { kind: 'user', before, count: size + 1 } as const
      const isFollower = which === 'followers'
      const rows = isFollower
        ? await store.of({ ...range, targetId: accountId })
        : await store.by({ ...range, followerId: accountId })
      const shown = toPage(rows, size, (row) => (isFollower ? row.follower_id : row.target_id))
      const found = await accounts.byIds(shown.items)
      return { ...shown, items: shown.items.flatMap((id) => found.get(id) ?? []) }
    },

    async following(accountId, { explicit, feedType }, { before, size }) {
      const isBusinessOnly = feedType.endsWith('CREATOR_ONLY')
      const lookedAt = isBusinessOnly ? maxLookedAt : size
      const range = { followerId: accountId, before, count: lookedAt + 1 }
      const rows = explicit ? await store.by({ ...range, kind: 'user' }) : await ofEveryAccount(store, range)
      const found = await accounts.byIds(rows.flatMap((row) => row.account_id ?? []))
      return pageOfSome(rows, { size, lookedAt }, ({ account_id: id }) => {
        const account = id === null ? undefined : found.get(id)
        return isBusinessOnly && account?.account_type !== 'BUSINESS' ? undefined : account?.username
      })
    },

    async boards(accountId, { before, size }) {
      const rows = await store.by({ followerId: accountId, kind: 'board', before, count: size + 1 })
      const [found, owners] = await Promise.all([
        boards.publicByIds(rows.map((row) => row.target_id)),
        accounts.byIds(rows.flatMap((row) => row.account_id ?? [])),
      ])
      return pageOfSome(rows, { size, lookedAt: size }, ({ target_id: id }) => {
        const board = found.get(id)
        const owner = board && owners.get(board.owner_id)
        return owner && { board, owner: owner.username }
      })
    },

    async interests(username, { before, size }) {
      const account = await accounts.byUsername(username)
      if (!account) throw new ApiError('userNotFound')
      const rows = await store.by({ followerId: account.id, kind: 'interest', before, count: size + 1 })
      return pageOfSome(rows, { size, lookedAt: size }, ({ target_id: id }) => {
        const key = interestKeys[id - 1]
        return key && { id, key, name: interests[key] }
      })
    },
  }
}

/** Each account that is followed or a board of which is, once: where its newest follow stands. */
async function ofEveryAccount(store: FollowStore, range: FollowsBy): Promise<FollowRow[]> {
  const kinds = ['user', 'board'] as const
  return mergeNewestFirst(
    kinds.map((kind) => store.newestByAccount({ ...range, kind })),
    range.count,
  )
}

/**
 * A page of what `item` gives of the first `lookedAt` rows, leaving out where that is undefined. It goes on behind the
 * last row that was looked at. One row more than that was read, if there is one.
 */
function pageOfSome<T>(
  rows: readonly FollowRow[],
  { size, lookedAt }: { size: number; lookedAt: number },
  item: (row: FollowRow) => T | undefined,
): Page<T> {
  const items: T[] = []
  let seen = 0
  for (const row of rows.slice(0, lookedAt)) {
    if (items.length === size) break
    seen++
    const made = item(row)
    if (made !== undefined) items.push(made)
  }
  return { items, next: seen < rows.length ? (rows[seen - 1]?.id ?? null) : null }
}
