import { App, AppChange } from '../models/app.ts'
import { operation } from '../operation.ts'
import { Id, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const shared = { root: '/_pinfold', tag: 'control', auth: { by: 'control' }, category: 'org_write' } as const

/** What those who test do with the apps of a server. */
export const controlApps = {
  /** The apps of the server, oldest first. */
  listApps: operation({
    ...shared,
    id: 'control/list_apps',
    method: 'GET',
    path: '/apps',
    summary: 'List the apps',
    description: 'The apps of the server, oldest first, with their tiers, restricted features and limits of their own.',
    query: Type.Object(pageQuery),
    success: { status: 200, description: 'A page of the apps.', schema: PageOf(App, 'The apps, oldest first.') },
    errors: {},
  }),
  /** Changes the tier, the restricted features or the limits of an app: as Pinterest does when it approves one. */
  updateApp: operation({
    ...shared,
    id: 'control/update_app',
    method: 'PATCH',
    path: '/apps/{app_id}',
    summary: 'Change an app',
    description:
      'Sets the tier, the restricted features and the limits of an app, from the next request on. `limits` replaces all that ' +
      'it has of its own, and null leaves it with those of the server; they hold even if the server has none. Its ' +
      'tokens stay as they are.',
    params: Type.Object({ app_id: Id('The id of the app.') }),
    body: { type: 'json', schema: AppChange },
    success: { status: 200, description: 'The app, as it is now.', schema: App },
    errors: { appNotFound: {} },
  }),
} as const
