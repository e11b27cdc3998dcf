import type { DatabaseSync } from 'node:sqlite'
import { allScopes } from '@pinfold/contract'
import { timeOfId } from '../../packages/server/src/core/ids.ts'
import { hashSecret } from '../../packages/server/src/core/secrets.ts'
import { boardKey } from '../../packages/server/src/domains/boards/names.ts'
import { coverCount } from '../../packages/server/src/domains/boards/pin-places.ts'
import { random } from '../processes/random.ts'
import { someWords } from '../processes/words.ts'
import { type Bulk, bulkInsert } from './bulk.ts'
import { accountId, type Given, usernameOf } from './pin-rows.ts'
import type { Progress } from './progress.ts'
import { earlyId, sectionsOf } from './world.ts'

/** How many others an account follows, and how many the demo's does. */
const [followed, followedByDemo] = [5, 100]

/** At most so many accounts have a token, for a year. */
const mostTokens = 500
const tokenMs = 365 * 86_400_000
/** Returns the access token of an account; those with small numbers have most Pins. */
export const tokenOf = (account: number): string => `pina_person_${String(account).padStart(16, '0')}`

/** What there is of Pins by account, by board and by picture. */
interface Counts {
  secret: Uint32Array
  onBoard: Uint32Array
  uses: Uint32Array
  /** By board: the newest Pins on it, newest first. */
  newest: (board: number) => number[]
}

/** Writes accounts, who follows whom, boards with their sections, and how often pictures are used. */
export function writeOwners(db: DatabaseSync, given: Given, progress: Progress): void {
  const { world } = given
  progress.begin('accounts, boards and sections', world.accounts + world.boards + world.sections)
  const counts = count(given)
  const follows = writeFollows(db, given)
  writeAccounts(db, given, counts, follows)
  writeBoards(db, given, counts)
  writeTokens(db, given)
  const use = db.prepare('UPDATE pictures SET uses = uses + ? WHERE key = ?')
  for (const [place, { key }] of given.pictures.entries()) use.run(counts.uses[place] ?? 0, key)
}

function count({ world, pictures }: Given): Counts {
  const secret = new Uint32Array(world.accounts)
  const onBoard = new Uint32Array(world.boards)
  const uses = new Uint32Array(pictures.length)
  const newest = new Int32Array(world.boards * coverCount).fill(-1)
  for (let pin = 0; pin < world.pins; pin++) {
    const [owner, board, picture] = [world.owner[pin] ?? 0, world.board[pin] ?? 0, world.picture[pin] ?? 0]
    newest[board * coverCount + ((onBoard[board] ?? 0) % coverCount)] = pin
    onBoard[board] = (onBoard[board] ?? 0) + 1
    uses[picture] = (uses[picture] ?? 0) + 1
    if (world.isSecret[board] === 1) secret[owner] = (secret[owner] ?? 0) + 1
  }
  return {
    ...{ secret, onBoard, uses },
    newest: (board) =>
      [...newest.subarray(board * coverCount, (board + 1) * coverCount)]
        .filter((pin) => pin !== -1)
        .sort((a, b) => b - a),
  }
}

/** Writes them, and returns how many followers each account has, and how many it follows. */
function writeFollows(db: DatabaseSync, given: Given): { followers: Uint32Array; following: Uint32Array } {
  const { accounts } = given.world
  const [followers, following] = [new Uint32Array(accounts), new Uint32Array(accounts)]
  const rows = bulkInsert(db, 'follows', ['id', 'follower_id', 'kind', 'target_id', 'account_id', 'created_at'])
  for (let account = 0; account < accounts; account++)
    for (let i = 0; i < (account === 0 ? followedByDemo : followed) && 1 + i * 7 < accounts; i++) {
      const other = (account + 1 + i * 7) % accounts
      const id = earlyId(rows.count)
      rows.add(id, accountId(given, account), 'user', accountId(given, other), accountId(given, other), timeOfId(id))
      following[account] = (following[account] ?? 0) + 1
      followers[other] = (followers[other] ?? 0) + 1
    }
  rows.flush()
  return { followers, following }
}

function writeAccounts(
  db: DatabaseSync,
  given: Given,
  { secret }: Counts,
  { followers, following }: ReturnType<typeof writeFollows>,
): void {
  const { world } = given
  const rows = bulkInsert(db, 'accounts', [
    ...['id', 'username', 'username_key', 'account_type', 'about', 'website_url', 'board_count', 'joined_board_count'],
    ...['pin_count', 'secret_pin_count', 'follower_count', 'following_count', 'created_at', 'claimed_sites'],
  ])
  const countsOf = (account: number) => ({
    boards: (world.firstBoard[account + 1] ?? 0) - (world.firstBoard[account] ?? 0),
    pins: (world.firstOfOwner[account + 1] ?? 0) - (world.firstOfOwner[account] ?? 0),
    ...{ secret: secret[account] ?? 0, followers: followers[account] ?? 0, following: following[account] ?? 0 },
  })
  for (let account = 1; account < world.accounts; account++) {
    const { boards, pins, ...counts } = countsOf(account)
    const [id, name] = [accountId(given, account), usernameOf(given, account)]
    const numbers = [boards, 0, pins, counts.secret, counts.followers, counts.following]
    rows.add(id, name, name, 'PINNER', 'Somebody who collects pictures.', '', ...numbers, timeOfId(id), '[]')
  }
  rows.flush()
  const { boards, pins, ...counts } = countsOf(0)
  db.prepare(
    `UPDATE accounts SET board_count = board_count + ?, pin_count = pin_count + ?, secret_pin_count = secret_pin_count + ?,
     follower_count = follower_count + ?, following_count = following_count + ?, created_at = ? WHERE id = ?`,
  ).run(boards, pins, counts.secret, counts.followers, counts.following, timeOfId(earlyId(0)), given.demo.id)
}

/** Writes an access token of each of the accounts with most Pins. */
function writeTokens(db: DatabaseSync, given: Given): void {
  const { id: app } = db.prepare('SELECT id FROM apps').get() ?? {}
  const rows = bulkInsert(db, 'tokens', [
    ...['token_hash', 'kind', 'app_id', 'account_id', 'grant_id', 'grant_type', 'scopes', 'expires_at', 'created_at'],
  ])
  for (let account = 1; account <= Math.min(mostTokens, given.world.accounts - 1); account++) {
    const id = earlyId(account)
    const [grant, until] = [['authorization_code', allScopes.join(' ')], given.world.end + tokenMs]
    rows.add(
      hashSecret(tokenOf(account)),
      'access',
      app ?? 0,
      accountId(given, account),
      id,
      ...grant,
      until,
      timeOfId(id),
    )
  }
  rows.flush()
}

function writeBoards(db: DatabaseSync, given: Given, { onBoard, newest }: Counts): void {
  const { world, pictures } = given
  const boards = bulkInsert(db, 'boards', [
    ...['id', 'owner_id', 'name', 'name_key', 'description', 'privacy', 'is_ads_only', 'pin_count', 'follower_count'],
    ...['collaborator_count', 'covers', 'pins_modified_at', 'created_at'],
  ])
  const sections = bulkInsert(db, 'sections', ['id', 'board_id', 'name', 'name_key', 'created_at'])
  const next = random(world.seed + 1)
  for (let board = 0; board < world.boards; board++) {
    const id = earlyId(board)
    const privacy = world.isSecret[board] === 1 ? 'SECRET' : 'PUBLIC'
    const name = `${someWords(2, next)} ${world.boardPlace[board]}`
    const pins = newest(board)
    const covers = JSON.stringify(pins.map((pin) => pictures[world.picture[pin] ?? 0]?.key))
    const modified = pins[0] === undefined ? timeOfId(id) : timeOfId(world.pinId(pins[0]))
    const owner = accountId(given, world.boardOwner[board] ?? 0)
    const words = [name, boardKey(name, privacy), someWords(8, next)]
    boards.add(id, owner, ...words, privacy, 0, onBoard[board] ?? 0, 0, 0, covers, modified, timeOfId(id))
    for (let place = 0; place < sectionsOf(world, board); place++) {
      const section = earlyId((world.firstSection[board] ?? 0) + place)
      const name = `${someWords(1, next)} ${place}`
      sections.add(section, id, name, name, timeOfId(section))
    }
  }
  writeAll(boards, sections)
}

const writeAll = (...all: Bulk[]) => {
  for (const each of all) each.flush()
}
