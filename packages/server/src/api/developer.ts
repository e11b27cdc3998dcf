import type { OperationOutput, resources } from '@pinfold/contract'
import { wireTime } from '../core/clock.ts'
import { ApiError } from '../core/errors.ts'
import type { OwnApp } from '../domains/oauth/own-apps.ts'
import type { OwnToken } from '../domains/oauth/own-tokens.ts'
import type { Handlers, Sender } from '../http/handlers.ts'
import { ownAppReviewApi } from './app-review.ts'
import type { Services } from './services.ts'

type Developer = typeof resources.developer

/** The operations with which people make apps and tokens of their own. */
export function developerApi({
  bookmarks,
  control,
  ownApps,
  ownTokens,
}: Pick<Services, 'bookmarks' | 'control' | 'ownApps' | 'ownTokens'>): Handlers<Developer> {
  return {
    ...ownAppReviewApi({ control, ownApps }),

    async listApps({ caller, query, sender }) {
      const list = `developer/list_apps ${caller.accountId}`
      const { items, next } = await ownApps.page(caller.accountId, bookmarks.read(list, query))
      const bookmark = next === undefined ? null : bookmarks.write(list, next)
      return { items: items.map(shownApp), bookmark, may_approve: sender.mayControl() }
    },

    async createApp({ caller, body, sender }) {
      mayApprove(body, sender)
      const { app, secret } = await ownApps.create(caller.accountId, {
        name: body.name,
        redirectUris: body.redirect_uris ?? [],
        loopbackRedirects: body.loopback_redirects ?? false,
        tier: body.tier ?? (sender.mayControl() ? 'standard' : 'trial'),
        features: body.features ?? null,
      })
      return { app: shownApp(app), secret }
    },

    async updateApp({ caller, params, body, sender }) {
      mayApprove(body, sender)
      const { name, redirect_uris: redirectUris, loopback_redirects: loopbackRedirects, tier, features } = body
      const change = {
        ...(name !== undefined && { name }),
        ...(redirectUris !== undefined && { redirectUris }),
        ...(loopbackRedirects !== undefined && { loopbackRedirects }),
        ...(tier !== undefined && { tier }),
        ...(features !== undefined && { features }),
      }
      return shownApp(await ownApps.change(caller.accountId, params.app_id, change))
    },

    async rotateSecret({ caller, params }) {
      const { app, secret } = await ownApps.rotateSecret(caller.accountId, params.app_id)
      return { app: shownApp(app), secret }
    },

    async removeApp({ caller, params }) {
      await ownApps.remove(caller.accountId, params.app_id)
      return undefined
    },

    async listTokens({ caller, query }) {
      const list = `developer/list_tokens ${caller.accountId}`
      const { items, next } = await ownTokens.page(caller.accountId, bookmarks.read(list, query))
      return { items: items.map(shownToken), bookmark: next === undefined ? null : bookmarks.write(list, next) }
    },

    async createToken({ caller, body: { app_id: appId, name, scopes, days = 30 } }) {
      const { token, text } = await ownTokens.create(caller.accountId, { appId, name, scopes, days })
      return { token: shownToken(token), access_token: text }
    },

    async removeToken({ caller, params }) {
      await ownTokens.remove(caller.accountId, params.token_id)
      return undefined
    },
  }
}

/** Throws when somebody decides what the operator of the server alone may: what an app is approved for. */
function mayApprove({ tier, features }: { tier?: unknown; features?: unknown }, { mayControl }: Sender): void {
  if ((tier !== undefined || features !== undefined) && !mayControl())
    throw new ApiError('forbidden', {
      detail: 'The operator of this server decides on tiers and restricted features: pinfold apps set.',
    })
}

const shownApp = (app: OwnApp): OperationOutput<Developer['updateApp']> => ({
  ...{ id: String(app.id), name: app.name, redirect_uris: [...app.redirectUris], tier: app.tier },
  ...{ loopback_redirects: app.loopbackRedirects, features: app.features && [...app.features] },
  ...{ created_at: wireTime(app.createdAt), connected_accounts: app.connectedAccounts },
})

const shownToken = (token: OwnToken): OperationOutput<Developer['listTokens']>['items'][number] => ({
  ...{ id: String(token.id), name: token.name, ending: token.ending, scopes: token.scopes },
  app: { id: String(token.app.id), name: token.app.name },
  ...{ created_at: wireTime(token.createdAt), expires_at: wireTime(token.expiresAt) },
})
