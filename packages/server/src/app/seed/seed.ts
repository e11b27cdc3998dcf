import type {
  AccessTier,
  BoardPrivacy,
  BusinessAccessRole,
  InterestKey,
  RestrictedFeature,
  Scope,
} from '@pinfold/contract'
import { ApiError, ConfigError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import { type NewAccount, SignUpRefused } from '../../domains/accounts/accounts.ts'
import type { NewAdAccount } from '../../domains/ad-accounts/ad-accounts.ts'
import type { NewOrderLine } from '../../domains/ads/order-lines.ts'
import type { Analytics, DayNumbers } from '../../domains/analytics/analytics.ts'
import type { BoardRow } from '../../domains/boards/boards.ts'
import type { Collaborators } from '../../domains/boards/collaborators.ts'
import type { Domains, People } from '../domains.ts'
import { type AdsTarget, type SeedCampaign, seedCampaigns } from './seed-ads.ts'

/** The data to fill an empty server with. */
export interface SeedPlan {
  accounts: SeedAccount[]
  apps: SeedApp[]
  tokens: SeedToken[]
}

export interface SeedAccount extends NewAccount {
  /** Who has roles in the ad account that a business has from its beginning. */
  adAccountRoles?: SeedRole[]
  /** The order lines of that ad account. */
  adAccountOrderLines?: NewOrderLine[]
  /** The campaigns of that ad account. */
  adCampaigns?: SeedCampaign[]
  /** Further ad accounts. */
  adAccounts?: SeedAdAccount[]
  boards: SeedBoard[]
  follows?: SeedFollows
}

/** What an account follows, the newest first: accounts and public boards of the plan, and interests. */
export interface SeedFollows {
  users?: readonly string[]
  boards?: readonly { owner: string; board: string }[]
  interests?: readonly InterestKey[]
}

export interface SeedAdAccount extends Omit<NewAdAccount, 'owner_user_id'> {
  roles?: SeedRole[]
  orderLines?: NewOrderLine[]
}

export interface SeedRole {
  /** The username. */
  account: string
  role: BusinessAccessRole
}

export interface SeedBoard {
  name: string
  description: string
  privacy: BoardPrivacy
  sections: string[]
  pins: SeedPin[]
  /** The usernames of those who may pin to it beside its owner: accounts of the plan. */
  collaborators?: readonly string[]
}

export interface SeedPin {
  /** Its name in messages. */
  name: string
  title: string | null
  description: string | null
  alt_text: string | null
  link: string | null
  section?: string
  picture: () => Promise<Buffer>
  /** Numbers of past days. */
  numbers?: readonly SeedDay[]
}

export type SeedDay = Omit<DayNumbers, 'pinId'>

export interface SeedApp {
  id: string
  secret: string
  name: string
  owner: string
  tier: AccessTier
  /** By default all on the standard tier, none on the trial tier. */
  features?: readonly RestrictedFeature[]
  redirectUris: string[]
  loopbackRedirects: boolean
}

export interface SeedToken {
  app: string
  account: string
  scopes: readonly Scope[]
  accessToken: string
  refreshToken?: string
}

/** Through which doors a plan is written. */
export type SeedTarget = People &
  AdsTarget &
  Pick<Domains, 'boards' | 'follows' | 'orderLines' | 'pins' | 'websites'> & { analytics: Pick<Analytics, 'addDays'> }

/** How long tokens of a seed are valid: they are written down somewhere and should go on working. */
const seededTokenTtlSeconds = 10 * 365 * 24 * 60 * 60

/**
 * Writes a plan through the same domains that requests use. `onPin` is called with the number of Pins made so far, and
 * of all.
 */
export async function applySeed(
  plan: SeedPlan,
  target: SeedTarget,
  onPin: (done: number, total: number) => void,
): Promise<void> {
  const ids = new Map<string, number>()
  const pinIds = new Map<string, number>()
  const total = plan.accounts.flatMap(({ boards }) => boards.flatMap(({ pins }) => pins)).length
  let done = 0
  for (const account of plan.accounts) {
    const { id } = await taken(`the account '${account.username}'`, target.accounts.create(account))
    ids.set(account.username, id)
    if (account.websiteUrl) await target.websites.keep(id, account.websiteUrl)
    const viewer: Viewer = { accountId: id, username: account.username, secret: 'write' }
    for (const board of account.boards.toReversed())
      await seedBoard(board, viewer, target, (name, pinId) => {
        pinIds.set(`${account.username} ${name}`, pinId)
        onPin(++done, total)
      })
  }
  const pinIdOf =
    (username: string) =>
    (name: string): number => {
      const id = pinIds.get(`${username} ${name}`)
      if (id === undefined) throw new Error(`The seed names the Pin '${name}', which it does not make.`)
      return id
    }
  const idOf = (username: string): number => {
    const id = ids.get(username)
    if (id === undefined) throw new Error(`The seed names the account '${username}', which it does not make.`)
    return id
  }
  for (const account of plan.accounts) await seedFollows(account, idOf, target)
  for (const account of plan.accounts) await seedCollaborators(account, idOf, target)
  for (const account of plan.accounts) await seedAdAccounts(account, idOf, pinIdOf(account.username), target)
  for (const { owner, ...app } of plan.apps)
    await target.apps.create({ ...app, id: Number(app.id), ownerId: idOf(owner) })
  for (const token of plan.tokens) await seedToken(token, idOf(token.account), target)
}

async function seedFollows(
  { username, follows: given = {} }: SeedAccount,
  idOf: (username: string) => number,
  { collaborators, follows }: SeedTarget,
): Promise<void> {
  const viewer: Viewer = { accountId: idOf(username), username, secret: 'none' }
  const what = `what '${username}' follows`
  for (const key of given.interests?.toReversed() ?? []) await follows.followInterest(viewer.accountId, key)
  for (const { owner, board: name } of given.boards?.toReversed() ?? []) {
    await taken(what, follows.followBoard(viewer.accountId, await seededBoard(idOf(owner), name, collaborators)))
  }
  for (const followed of given.users?.toReversed() ?? []) await taken(what, follows.follow(viewer, followed))
}

async function seedCollaborators(
  { username, boards }: SeedAccount,
  idOf: (username: string) => number,
  { collaborators }: SeedTarget,
): Promise<void> {
  for (const { name, collaborators: invited = [] } of boards)
    for (const each of invited) {
      const board = await seededBoard(idOf(username), name, collaborators)
      await taken(`a collaborator of the board '${name}'`, collaborators.add(board.id, idOf(each)))
    }
}

async function seededBoard(ownerId: number, name: string, collaborators: Collaborators): Promise<BoardRow> {
  const board = await collaborators.boardByName(ownerId, name)
  if (!board) throw new Error(`The seed names the board '${name}', which it does not make.`)
  return board
}

async function seedAdAccounts(
  { username, adAccountRoles = [], adAccountOrderLines = [], adCampaigns = [], adAccounts: further = [] }: SeedAccount,
  idOf: (username: string) => number,
  pinIdOf: (name: string) => number,
  { adAccounts, orderLines, ...target }: AdsTarget & Pick<SeedTarget, 'adAccounts' | 'orderLines'>,
): Promise<void> {
  if (adAccountRoles.length + adAccountOrderLines.length + adCampaigns.length + further.length === 0) return
  const viewer: Viewer = { accountId: idOf(username), username, secret: 'write' }
  const give = async (adAccountId: number, roles: readonly SeedRole[]) => {
    for (const { account, role } of roles) await adAccounts.giveRole({ adAccountId, accountId: idOf(account) }, role)
  }
  const order = async (id: number, lines: readonly NewOrderLine[]) => {
    for (const line of lines) await taken(`the order line '${line.name}'`, orderLines.add({ id }, line))
  }
  const [first] = (await adAccounts.list(viewer, { shared: false }, { before: Number.MAX_SAFE_INTEGER, size: 1 })).items
  if (first) {
    await give(first.row.id, adAccountRoles)
    await order(first.row.id, adAccountOrderLines)
    if (adCampaigns.length > 0) await seedCampaigns(first.row, adCampaigns, pinIdOf, target)
  }
  for (const { roles = [], orderLines: lines = [], ...given } of further) {
    const made = await taken(`the ad account '${given.name}'`, adAccounts.create(viewer, given))
    await give(made.row.id, roles)
    await order(made.row.id, lines)
  }
}

async function seedBoard(
  board: SeedBoard,
  viewer: Viewer,
  { boards, pins, analytics }: SeedTarget,
  onPin: (name: string, id: number) => void,
): Promise<void> {
  const { id } = await taken(`the board '${board.name}'`, boards.create(viewer, board))
  const sections = new Map<string, string>()
  for (const name of board.sections) {
    const making = boards.createSection(viewer, String(id), name)
    const section = await taken(`the section '${name}' of the board '${board.name}'`, making)
    sections.set(name, String(section.id))
  }
  const numbers: DayNumbers[] = []
  for await (const { pin, bytes } of withPictures(board.pins.toReversed())) {
    const { name, picture, section, numbers: days = [], ...words } = pin
    const sectionId = section === undefined ? null : (sections.get(section) ?? null)
    const given = { ...words, board_id: String(id), board_section_id: sectionId }
    const making = pins.create(viewer, { ...given, media_source: { source_type: 'bytes', bytes } })
    const made = await taken(`the Pin '${name}' on the board '${board.name}'`, making)
    for (const day of days) numbers.push({ ...day, pinId: made.id })
    onPin(name, made.id)
  }
  await analytics.addDays(numbers)
}

/** Makes a part of the plan. Throws `ConfigError` for what the rules refuse. */
async function taken<T>(what: string, making: Promise<T>): Promise<T> {
  try {
    return await making
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof SignUpRefused)) throw error
    throw new ConfigError(`The seed cannot be used, because of ${what}: ${error.message}`, { cause: error })
  }
}

/** Yields Pins with the bytes of their pictures. While one is processed, the next one's picture is drawn. */
async function* withPictures(pins: readonly SeedPin[]): AsyncGenerator<{ pin: SeedPin; bytes: Buffer }> {
  let next = pins[0]?.picture()
  for (const [i, pin] of pins.entries()) {
    const bytes = await next
    next = pins[i + 1]?.picture()
    next?.catch(() => {}) // Thrown where it is awaited, in the next round.
    if (bytes) yield { pin, bytes }
  }
}

/** Writes a token of an account, which is valid for ten years. */
export async function seedToken(
  token: SeedToken,
  accountId: number,
  { db, ids, tokens }: Pick<SeedTarget, 'db' | 'ids' | 'tokens'>,
): Promise<void> {
  const grant = {
    app_id: Number(token.app),
    account_id: accountId,
    grant_id: ids.next(),
    scopes: token.scopes.join(' '),
  }
  const { accessToken, refreshToken } = token
  await db.write(async (tx) => {
    const seeded = { grantType: 'authorization_code', ttlSeconds: seededTokenTtlSeconds } as const
    await tokens.keep(tx, { text: accessToken, kind: 'access', ...seeded }, grant)
    if (refreshToken) await tokens.keep(tx, { text: refreshToken, kind: 'refresh', ...seeded }, grant)
  })
}
