import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tokens } from '@pinfold/client'
import { CommandError } from '../command-error.ts'
import { configFolderPath, openConfigFolder } from '../exec/config-folder.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeWhole } from './atomic-file.ts'

/** A stored sign-in: the service, the account and the tokens. */
export interface Profile {
  /** The service's address, without `/v5`. */
  api: string
  username: string
  accessToken: string
  /** Milliseconds since 1970, like that of the refresh token. */
  accessTokenExpiresAt?: number
  refreshToken?: string
  refreshTokenExpiresAt?: number
  clientId?: string
  clientSecret?: string
  /** What the tokens permit, if the service said so. */
  scopes?: readonly string[]
}

/** Each profile is its own file, so that two commands that renew tokens at once do not undo each other's changes. */
const pathOf = (folder: string, name: string) => join(folder, 'profiles', `${name}.json`)

/** Reads the profile of that name; undefined if there is none. */
export async function readProfile(name: string): Promise<Profile | undefined> {
  const path = pathOf(configFolderPath(), name)
  try {
    const profile: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isProfile(profile)) return profile
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new CommandError(`${path} is damaged: sign in again with pinfold login.`, exitCodes.notPermitted)
}

function isProfile(value: unknown): value is Profile {
  if (typeof value !== 'object' || value === null) return false
  return ['api', 'username', 'accessToken'].every((name) => typeof Reflect.get(value, name) === 'string')
}

/** Stores a profile, readable by this user only. */
export async function writeProfile(name: string, profile: Profile): Promise<void> {
  const folder = await openConfigFolder()
  await mkdir(join(folder, 'profiles'), { recursive: true, mode: 0o700 })
  await writeWhole(pathOf(folder, name), `${JSON.stringify(profile, null, 2)}\n`, 0o600)
}

export async function removeProfile(name: string): Promise<void> {
  await rm(pathOf(configFolderPath(), name), { force: true })
}

/** Returns a profile with new tokens; fields that they lack stay. */
export function withTokens(profile: Profile, tokens: Tokens): Profile {
  const { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt, scopes } = tokens
  return {
    ...profile,
    accessToken,
    accessTokenExpiresAt,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(refreshTokenExpiresAt !== undefined && { refreshTokenExpiresAt }),
    ...(scopes.length > 0 && { scopes }),
  }
}
