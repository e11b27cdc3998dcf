/** Credentials that a test can use, and the account they act for. */
export interface Credentials {
  username: string
  password?: string
  appId: string
  appSecret: string
  accessToken: string
  refreshToken?: string
}

/** The parts of a seed file that let somebody sign in. */
interface SeedFile {
  accounts?: { username: string; password?: string }[]
  apps?: { id: string; secret: string }[]
  tokens?: { app: string; account: string; access_token: string; refresh_token?: string }[]
}

/** Returns a seed file with only the demo account, its app and its token. */
export function emptySeed(demo: Required<Credentials>): SeedFile {
  const { appId, appSecret, accessToken, refreshToken, username, password } = demo
  const account = { username, password, account_type: 'BUSINESS', business_name: 'Demo Studio' }
  const app = { id: appId, secret: appSecret, name: 'Demo app', owner: username, loopback_redirects: true }
  const token = { app: appId, account: username, access_token: accessToken, refresh_token: refreshToken }
  return { accounts: [account], apps: [app], tokens: [token] }
}

/** Returns the credentials in a seed file: one entry per token, in the order of the file. */
export function credentialsOf({ accounts = [], apps = [], tokens = [] }: SeedFile): Credentials[] {
  return tokens.map(({ app: appId, account: username, access_token: accessToken, refresh_token: refreshToken }) => {
    const password = accounts.find((account) => account.username === username)?.password
    const appSecret = apps.find(({ id }) => id === appId)?.secret ?? ''
    return {
      username,
      ...(password !== undefined && { password }),
      appId,
      appSecret,
      accessToken,
      ...(refreshToken !== undefined && { refreshToken }),
    }
  })
}
