import type { AppLimits, appLimitNames, OperationInput, OperationOutput, resources } from '@pinfold/contract'
import type { AppWithRights } from '../domains/oauth/apps.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Change = OperationInput<typeof resources.control.updateApp>['body']
type App = OperationOutput<typeof resources.control.updateApp>
type Limits = NonNullable<Change['limits']>
type Name = (typeof appLimitNames)[number]

const listName = 'control/list_apps'

/** The operations on the apps of a server, for those who test with it. */
export function controlAppsApi({
  accounts,
  apps,
  bookmarks,
}: Pick<Services, 'accounts' | 'apps' | 'bookmarks'>): Pick<
  Handlers<typeof resources.control>,
  'listApps' | 'updateApp'
> {
  return {
    async listApps({ query }) {
      const { after, size } = bookmarks.readOrdered(listName, query, ['number'])
      const found = await apps.pageWithRights(after?.[0] ?? 0, size + 1)
      const page = found.slice(0, size)
      const owners = await accounts.byIds(page.map(({ row }) => row.owner_id))
      const last = found.length > size ? page.at(-1)?.row.id : undefined
      return {
        items: page.map((app) => shown(app, owners.get(app.row.owner_id)?.username ?? '')),
        bookmark: last === undefined ? null : bookmarks.write(listName, [last]),
      }
    },

    async updateApp({ params, body }) {
      const { tier, features, limits } = body
      const changed = await apps.change(params.app_id, {
        ...(tier && { tier }),
        ...(features !== undefined && { features }),
        ...(limits !== undefined && { limits: limits && fromWire(limits) }),
      })
      return shown(changed, (await accounts.byId(changed.row.owner_id)).username)
    },
  }
}

const shown = ({ row, rights }: AppWithRights, owner: string): App => ({
  ...{ id: String(row.id), name: row.name, owner, tier: rights.tier, features: [...rights.features] },
  features_of_tier: row.features === null,
  limits: rights.limits ? toWire(rights.limits) : null,
})

const fromWire = (limits: Limits): AppLimits =>
  everyLimit(limits, ({ limit, window_seconds: windowSeconds }) => ({ limit, windowSeconds }))

const toWire = (limits: AppLimits): Limits =>
  everyLimit(limits, ({ limit, windowSeconds }) => ({ limit, window_seconds: windowSeconds }))

/** Returns an object with the same names, and each value made from the one that is there. */
function everyLimit<From, To>(
  limits: Partial<Record<Name, From>>,
  make: (limit: From) => To,
): Partial<Record<Name, To>> {
  const names = Object.keys(limits) as Name[]
  return Object.fromEntries(
    names.flatMap((name) => {
      const limit = limits[name]
      return limit === undefined ? [] : [[name, make(limit)]]
    }),
  )
}
