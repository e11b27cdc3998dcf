import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import {
  type AccessTier,
  type AccountType,
  accessTiers,
  accountTypes,
  allScopes,
  type BoardPrivacy,
  type BusinessAccessRole,
  boardPrivacies,
  businessAccessRoles,
  type Country,
  type Currency,
  countries,
  currencies,
  type InterestKey,
  interestKeys,
  isScope,
  orderLinePaidTypes,
  orderLineStatuses,
  type RestrictedFeature,
  restrictedFeatures,
  type Scope,
} from '@pinfold/contract'
import { Ajv, type ValidateFunction } from 'ajv'
import { ConfigError } from '../../core/errors.ts'
import { readJsonFile } from '../../core/json-file.ts'
import type { NewOrderLine } from '../../domains/ads/order-lines.ts'
import { largestPicture, pictureLimits } from '../../domains/media/limits.ts'
import { redirectUriProblem } from '../../domains/oauth/redirect-uri.ts'
import type { SeedAccount, SeedPin, SeedPlan } from './seed.ts'

interface SeedFileRole {
  account: string
  role: BusinessAccessRole
}

interface SeedFile {
  accounts: {
    username: string
    password?: string
    account_type?: AccountType
    business_name?: string
    about?: string
    website_url?: string
    follows?: { users?: string[]; boards?: { owner: string; board: string }[]; interests?: InterestKey[] }
    ad_account_roles?: SeedFileRole[]
    ad_account_order_lines?: NewOrderLine[]
    ad_accounts?: {
      name: string
      country?: Country
      currency?: Currency
      time_zone?: string
      roles?: SeedFileRole[]
      order_lines?: NewOrderLine[]
    }[]
    boards?: {
      name: string
      description?: string
      privacy?: BoardPrivacy
      sections?: string[]
      collaborators?: string[]
      pins?: {
        title?: string
        description?: string
        alt_text?: string
        link?: string
        section?: string
        image: string
      }[]
    }[]
  }[]
  apps?: {
    id: string
    secret: string
    name: string
    owner: string
    tier?: AccessTier
    features?: RestrictedFeature[]
    redirect_uris?: string[]
    loopback_redirects?: boolean
  }[]
  tokens?: { app: string; account: string; scopes?: Scope[]; access_token: string; refresh_token?: string }[]
}

const text = (maxLength: number, minLength = 0) => ({ type: 'string', minLength, maxLength })
const record = (required: string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})
const list = (items: object) => ({ type: 'array', items })

const pin = record(['image'], {
  title: text(100),
  description: text(800),
  alt_text: text(500),
  link: { ...text(2048), pattern: '^https?://' },
  section: text(180, 1),
  image: { type: 'string', minLength: 1 },
})
const board = record(['name'], {
  name: text(180, 1),
  description: text(500),
  privacy: { enum: boardPrivacies },
  sections: list(text(180, 1)),
  collaborators: list(text(30)),
  pins: list(pin),
})
const follows = record([], {
  users: list(text(30)),
  boards: list(record(['owner', 'board'], { owner: text(30), board: text(180, 1) })),
  interests: list({ enum: interestKeys }),
})
const roles = list(
  record(['account', 'role'], {
    account: text(30),
    role: { enum: businessAccessRoles.filter((role) => role !== 'OWNER') },
  }),
)
const micros = { type: 'integer', minimum: 0 }
const seconds = { type: 'integer', minimum: 0 }
const orderLines = list(
  record(['name'], {
    name: text(255, 1),
    status: { enum: orderLineStatuses },
    budget: micros,
    paid_budget: micros,
    paid_type: { enum: orderLinePaidTypes },
    purchase_order_id: text(255),
    start_time: seconds,
    end_time: seconds,
  }),
)
const adAccount = record(['name'], {
  name: text(256, 1),
  country: { enum: countries },
  currency: { enum: currencies },
  time_zone: text(64, 1),
  roles,
  order_lines: orderLines,
})
const account = record(['username'], {
  username: { type: 'string', pattern: '^[A-Za-z0-9_]{3,30}$' },
  password: text(200, 8),
  account_type: { enum: accountTypes },
  business_name: text(200),
  about: text(500),
  website_url: text(2048),
  follows,
  ad_account_roles: roles,
  ad_account_order_lines: orderLines,
  ad_accounts: list(adAccount),
  boards: list(board),
})
const app = record(['id', 'secret', 'name', 'owner'], {
  id: { type: 'string', pattern: '^[1-9]\\d{0,14}$' },
  secret: text(200, 16),
  name: text(100, 1),
  owner: text(30),
  tier: { enum: accessTiers },
  features: list({ enum: restrictedFeatures }),
  redirect_uris: list({ type: 'string', pattern: '^[a-zA-Z][a-zA-Z0-9+.-]*:[^\\s#]+$', maxLength: 2048 }),
  loopback_redirects: { type: 'boolean' },
})
const token = record(['app', 'account', 'access_token'], {
  app: text(15),
  account: text(30),
  scopes: list({ enum: allScopes }),
  access_token: { ...text(200, 24), pattern: '^pina_[A-Za-z0-9_-]+$' },
  refresh_token: { ...text(200, 24), pattern: '^pinr_[A-Za-z0-9_-]+$' },
})
const schema = record(['accounts'], { accounts: list(account), apps: list(app), tokens: list(token) })

/**
 * Reads a seed file: accounts with boards, Pins and what they follow, apps, and tokens with a text of one's own. Pictures are named by
 * paths from the file's folder. Throws `ConfigError` with the place of what is wrong.
 */
export async function readSeedFile(path: string): Promise<SeedPlan> {
  const folder = dirname(resolve(path))
  return planOf(readJsonFile(path, 'seed'), path, async (name) => {
    const image = resolve(folder, name)
    await checkPicture(image, path)
    return () => readFile(image)
  })
}

const pictureAddress = /^data:image\/[a-z.+-]+;base64,/

/**
 * Reads the content of a seed file that has its pictures in it, as `data:` addresses: a sender names no files of this
 * machine. Throws `ConfigError` with the place of what is wrong.
 */
export function readGivenSeed(value: object): Promise<SeedPlan> {
  return planOf(value, 'The seed', async (image) => {
    if (!pictureAddress.test(image))
      throw new ConfigError(
        `The seed: the picture '${image.slice(0, 100)}' must be a data: address, such as data:image/png;base64,… – \`pinfold seed FILE\` makes them of a file's pictures.`,
      )
    const bytes = Buffer.from(image.replace(pictureAddress, ''), 'base64')
    if (bytes.length > pictureLimits.bytes)
      throw new ConfigError(`The seed: a picture is larger than ${largestPicture}.`)
    return async () => bytes
  })
}

/** Finds a picture by its name in a seed, and returns what reads it. Throws `ConfigError`. */
type FindPicture = (name: string) => Promise<() => Promise<Buffer>>

let compiled: ValidateFunction<SeedFile> | undefined

/** Returns what validates a seed. It is compiled once, when the first is read. */
function seedCheck(): ValidateFunction<SeedFile> {
  compiled ??= new Ajv({ strict: false, validateSchema: false, meta: false }).compile<SeedFile>(schema)
  return compiled
}

/** Turns the content of a seed file into a plan; `path` names it in messages. Throws `ConfigError`. */
async function planOf(value: unknown, path: string, findPicture: FindPicture): Promise<SeedPlan> {
  const validate = seedCheck()
  if (!validate(value)) {
    const [error] = validate.errors ?? []
    const extra = error?.keyword === 'additionalProperties' ? `: '${error.params.additionalProperty}'` : ''
    throw new ConfigError(`${path}: ${error?.instancePath || 'the file'} ${error?.message}${extra}.`)
  }
  checkReferences(path, value)
  return {
    accounts: await Promise.all(value.accounts.map((given) => toAccount(given, findPicture))),
    apps: (value.apps ?? []).map((given) => ({
      ...given,
      tier: given.tier ?? 'standard',
      redirectUris: given.redirect_uris ?? [],
      loopbackRedirects: given.loopback_redirects ?? false,
    })),
    tokens: (value.tokens ?? []).map((given) => ({
      app: given.app,
      account: given.account,
      scopes: given.scopes?.filter(isScope) ?? allScopes,
      accessToken: given.access_token,
      ...(given.refresh_token !== undefined && { refreshToken: given.refresh_token }),
    })),
  }
}

/** Throws if a reference has no target, or names that must be unique are not. */
function checkReferences(path: string, { accounts, apps = [], tokens = [] }: SeedFile): void {
  const twice = firstTwice(apps.map(({ id }) => id))
  if (twice !== undefined) throw new ConfigError(`${path}: the app id '${twice}' is there twice.`)
  if (firstTwice(tokens.flatMap(({ access_token, refresh_token = [] }) => [access_token, refresh_token].flat())))
    throw new ConfigError(`${path}: two tokens have the same text.`)
  const usernames = new Set(accounts.map(({ username }) => username))
  const appIds = new Set(apps.map(({ id }) => id))
  for (const { id, owner } of apps)
    if (!usernames.has(owner))
      throw new ConfigError(`${path}: the owner of app ${id}, '${owner}', is no account in it.`)
  for (const { id, redirect_uris: uris = [] } of apps)
    for (const uri of uris) {
      const problem = redirectUriProblem(uri)
      if (problem) throw new ConfigError(`${path}: the redirect URI '${uri}' of app ${id} cannot be used: ${problem}.`)
    }
  for (const { username, ad_account_roles = [], ad_accounts = [] } of accounts)
    for (const { account } of [...ad_account_roles, ...ad_accounts.flatMap(({ roles = [] }) => roles)])
      if (!usernames.has(account) || account === username)
        throw new ConfigError(
          `${path}: a role in an ad account of '${username}' names '${account}', which is no other account in it.`,
        )
  for (const { account_type, username, ad_account_roles, ad_account_order_lines, ad_accounts } of accounts)
    if ((ad_account_roles || ad_account_order_lines || ad_accounts) && account_type !== 'BUSINESS')
      throw new ConfigError(`${path}: '${username}' has ad accounts, so its account_type must be BUSINESS.`)
  for (const { app, account } of tokens)
    if (!appIds.has(app) || !usernames.has(account))
      throw new ConfigError(`${path}: a token names app '${app}' and account '${account}', which are not both in it.`)
  for (const { boards = [] } of accounts)
    for (const { name, sections = [], pins = [] } of boards)
      for (const { section } of pins)
        if (section !== undefined && !sections.includes(section))
          throw new ConfigError(`${path}: the board '${name}' has no section '${section}'.`)
  for (const { username, boards = [] } of accounts)
    for (const { name, collaborators = [] } of boards)
      for (const each of collaborators)
        if (!usernames.has(each) || each === username)
          throw new ConfigError(
            `${path}: the board '${name}' of '${username}' names the collaborator '${each}', which is no other account in it.`,
          )
  for (const given of accounts) checkFollows(path, given, accounts)
}

function checkFollows(
  path: string,
  { username, follows }: SeedFile['accounts'][number],
  accounts: SeedFile['accounts'],
) {
  const boardsOf = new Map(accounts.map((each) => [each.username, each.boards ?? []]))
  for (const followed of follows?.users ?? [])
    if (!boardsOf.has(followed))
      throw new ConfigError(`${path}: '${username}' follows '${followed}', who is no account in it.`)
  for (const { owner, board } of follows?.boards ?? []) {
    const found = boardsOf.get(owner)?.find(({ name }) => name === board)
    if ((found?.privacy ?? 'PUBLIC') !== 'PUBLIC' || !found)
      throw new ConfigError(`${path}: '${username}' follows '${board}', which is no public board of '${owner}' in it.`)
  }
}

const firstTwice = (values: readonly string[]) => values.find((value, i) => values.indexOf(value) !== i)

async function toAccount(given: SeedFile['accounts'][number], findPicture: FindPicture): Promise<SeedAccount> {
  return {
    username: given.username,
    password: given.password ?? null,
    accountType: given.account_type ?? 'PINNER',
    ...(given.business_name !== undefined && { businessName: given.business_name }),
    about: given.about ?? '',
    websiteUrl: given.website_url ?? '',
    ...(given.follows && { follows: given.follows }),
    adAccountRoles: given.ad_account_roles ?? [],
    adAccountOrderLines: given.ad_account_order_lines ?? [],
    adAccounts: (given.ad_accounts ?? []).map(({ order_lines, ...each }) => ({
      ...each,
      orderLines: order_lines ?? [],
    })),
    boards: await Promise.all(
      (given.boards ?? []).map(async (board) => ({
        name: board.name,
        description: board.description ?? '',
        privacy: board.privacy ?? 'PUBLIC',
        sections: board.sections ?? [],
        collaborators: board.collaborators ?? [],
        pins: await Promise.all(
          (board.pins ?? []).map(async (pin): Promise<SeedPin> => {
            const picture = await findPicture(pin.image)
            return {
              name: pin.image.slice(0, 100),
              title: pin.title ?? null,
              description: pin.description ?? null,
              alt_text: pin.alt_text ?? null,
              link: pin.link ?? null,
              ...(pin.section !== undefined && { section: pin.section }),
              picture,
            }
          }),
        ),
      })),
    ),
  }
}

async function checkPicture(image: string, path: string): Promise<void> {
  try {
    const { size } = await stat(image)
    if (size > pictureLimits.bytes)
      throw new ConfigError(`${path}: the picture ${image} is larger than ${largestPicture}.`)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`${path}: cannot read the picture ${image}: ${(error as Error).message}`)
  }
}
