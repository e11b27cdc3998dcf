import { type OperationOutput, type resources, sandboxIdleSeconds } from '@pinfold/contract'
import type { Sandbox, SandboxCredentials } from '../control/sandboxes.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Created = OperationOutput<typeof resources.control.createSandbox>

/** The operations on servers inside the server. */
export function sandboxesApi({
  control: { sandboxes, shared },
  publicUrl,
}: Pick<Services, 'control' | 'publicUrl'>): Pick<
  Handlers<typeof resources.control>,
  'createSandbox' | 'listSandboxes' | 'deleteSandbox'
> {
  return {
    async createSandbox({ body: { seed, idle_seconds: idleSeconds = sandboxIdleSeconds.usual } }) {
      await shared.refuseAmongSeveral('A sandbox')
      const made = await sandboxes.create({ seed, idleSeconds })
      return { ...shown(made), ...credentialsOf(made), env: envOf(made, publicUrl()) }
    },

    listSandboxes: () => ({ items: sandboxes.list().map(shown) }),

    deleteSandbox({ params }) {
      sandboxes.remove(params.sandbox_id)
      return undefined
    },
  }
}

const shown = ({ id, url, createdAt, usedAt, idleSeconds, bytes }: Sandbox) => ({
  ...{ id, url, bytes },
  created_at: new Date(createdAt).toISOString(),
  used_at: new Date(usedAt).toISOString(),
  idle_seconds: idleSeconds,
})

const credentialsOf = ({ appId, appSecret, accessToken, refreshToken, username, password }: SandboxCredentials) => ({
  ...{ app_id: appId, app_secret: appSecret, access_token: accessToken, refresh_token: refreshToken, username },
  ...(password !== undefined && { password }),
})

/** Returns what programs read from their environment. The server's own address will do: the credentials say the rest. */
const envOf = (sandbox: SandboxCredentials, url: string): Created['env'] => ({
  PINTEREST_API_URI: url,
  PINTEREST_OAUTH_URI: url,
  PINTEREST_APP_ID: sandbox.appId,
  PINTEREST_APP_SECRET: sandbox.appSecret,
  PINTEREST_ACCESS_TOKEN: sandbox.accessToken,
  PINTEREST_REFRESH_ACCESS_TOKEN: sandbox.refreshToken,
  PINFOLD_USERNAME: sandbox.username,
  ...(sandbox.password !== undefined && { PINFOLD_PASSWORD: sandbox.password }),
  PINFOLD_CONTROL_TOKEN: sandbox.accessToken,
})
