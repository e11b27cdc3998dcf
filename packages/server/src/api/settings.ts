import type { OperationOutput, resources } from '@pinfold/contract'
import { wireTime } from '../core/clock.ts'
import { ApiError, invalid } from '../core/errors.ts'
import { parseId } from '../core/ids.ts'
import type { Caller, SessionRef } from '../core/viewer.ts'
import { type AccountRow, SignUpRefused } from '../domains/accounts/accounts.ts'
import { avatarPath } from '../domains/accounts/avatar.ts'
import type { Handlers } from '../http/handlers.ts'
import { views } from './render/views.ts'
import type { Services } from './services.ts'

type Settings = typeof resources.settings
type SettingsServices = Pick<
  Services,
  'accounts' | 'bookmarks' | 'clock' | 'follows' | 'mediaUrl' | 'profilePictures' | 'throttles' | 'tokens'
>

const minute = 60_000
/** So long after sign-in somebody need not prove again that they are the account's owner. */
const freshMs = 10 * minute

/** The operations with which people change their own accounts, and see who follows whom. */
export function settingsApi(services: SettingsServices): Handlers<Settings> {
  const { accounts, clock, mediaUrl, profilePictures, tokens } = services
  const isFresh = ({ createdAt }: SessionRef) => clock.now() - createdAt < freshMs
  const provePassword = passwordProof(services)

  const shown = (account: AccountRow, caller: Caller): OperationOutput<Settings['get']> => ({
    username: account.username,
    account_type: account.account_type,
    name: account.business_name ?? '',
    about: account.about,
    website_url: account.website_url,
    profile_image: mediaUrl() + avatarPath(account, 600),
    has_picture: account.avatar_key !== null,
    needs_password: !isFresh(sessionOf(caller)),
  })

  return {
    get: async ({ caller }) => shown(await accounts.byId(caller.accountId), caller),

    update: async ({ caller, body }) => {
      const { account_type: accountType, website_url: websiteUrl, name, about } = body
      return shown(await accounts.changeProfile(caller.accountId, { accountType, websiteUrl, name, about }), caller)
    },

    setPicture: async ({ caller, viewer, body, pictureBytes }) =>
      shown(await profilePictures.set(viewer, pictureBytes(body.data), body.crop), caller),

    removePicture: async ({ caller, viewer }) => shown(await profilePictures.remove(viewer), caller),

    setPassword: async ({ caller, body }) => {
      await provePassword(caller, body.current_password)
      await accounts.setPassword(caller.accountId, body.new_password, sessionOf(caller).id).catch(asInvalid)
      return undefined
    },

    listSessions: async ({ caller }) => {
      const sessions = await accounts.sessionsOf(caller.accountId)
      const { id: own } = sessionOf(caller)
      return {
        items: sessions.map(({ id, createdAt, userAgent }) => ({
          id,
          user_agent: userAgent,
          created_at: wireTime(createdAt),
          is_this: id === own,
        })),
      }
    },

    endSessions: async ({ caller, body }) => {
      const session = sessionOf(caller)
      if (!isFresh(session) || body.current_password !== undefined) await provePassword(caller, body.current_password)
      if (body.session_id === undefined) await accounts.endOtherSessions(caller.accountId, session.id)
      else await accounts.endSessionOf(caller.accountId, body.session_id)
      return undefined
    },

    listApps: async ({ caller }) => ({
      items: (await tokens.connectedApps(caller.accountId)).map(({ id, name, scopes, since }) => ({
        id: String(id),
        name,
        scopes,
        connected_at: wireTime(since),
      })),
    }),

    removeApp: async ({ caller, params }) => {
      const id = parseId(params.app_id)
      if (id !== undefined) await tokens.disconnect(caller.accountId, id)
      return undefined
    },

    ...followsApi(services),
  }
}

function followsApi(services: SettingsServices): Pick<Handlers<Settings>, 'listFollowers' | 'listFollowing'> {
  const { bookmarks, follows } = services
  const { accountOf, person } = views(services)
  const list = async (
    which: 'followers' | 'following',
    { params, query }: { params: { username: string }; query: { bookmark?: string; page_size?: number } },
  ) => {
    const { id } = await accountOf(params.username)
    const listName = `web/list_${which} ${id}`
    const { items, next } = await follows.people(id, which, bookmarks.read(listName, query))
    return bookmarks.render(listName, { items: items.map((account) => JSON.stringify(person(account))), next })
  }
  return {
    listFollowers: (call) => list('followers', call),
    listFollowing: (call) => list('following', call),
  }
}

/**
 * Returns a function that checks somebody's password. Throws `forbidden` if it is not right, and `rateLimited` after too
 * many tries.
 */
function passwordProof({ accounts, throttles }: Pick<Services, 'accounts' | 'throttles'>) {
  const tries = throttles('password', { burst: 10, everyMs: 1.5 * minute })
  return async ({ accountId, username }: Caller, password: string | undefined): Promise<void> => {
    if (password === undefined) throw new ApiError('forbidden', { detail: `Send the password as 'current_password'.` })
    const key = String(accountId)
    const wait = tries.waitSeconds(key)
    if (wait > 0) throw new ApiError('rateLimited', { headers: { 'retry-after': String(wait) } })
    tries.failed(key)
    if (!(await accounts.withPassword(username, password)))
      throw new ApiError('forbidden', { detail: 'The current password is not right.' })
    tries.succeeded(key)
  }
}

/** Returns the session of somebody who is signed in in a browser, as the contract has them alone call this. */
function sessionOf({ session }: Caller): SessionRef {
  if (!session) throw new ApiError('forbidden')
  return session
}

function asInvalid(error: unknown): never {
  throw error instanceof SignUpRefused ? invalid(error.message) : error
}
