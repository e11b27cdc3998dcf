import { writeFile } from 'node:fs/promises'
import { ConfigError } from '../core/errors.ts'
import { demoCredentials } from './seed/demo-credentials.ts'

/**
 * Writes the variables that clients of Pinterest read from their environment, with the credentials if they are the
 * demo's. Only the server's user can read the file. Throws `ConfigError`.
 */
export async function writeEnvFile(path: string, url: string, seed: string | undefined): Promise<void> {
  const { appId, appSecret, accessToken, refreshToken, username, password } = demoCredentials
  const values = {
    PINTEREST_API_URI: url,
    PINTEREST_OAUTH_URI: url,
    ...(seed === 'demo' && {
      PINTEREST_APP_ID: appId,
      PINTEREST_APP_SECRET: appSecret,
      PINTEREST_ACCESS_TOKEN: accessToken,
      PINTEREST_REFRESH_ACCESS_TOKEN: refreshToken,
      PINFOLD_USERNAME: username,
      PINFOLD_PASSWORD: password,
    }),
  }
  // Exported, so that a shell that reads the file passes them on; other programs that read such files accept the word
  // too.
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${value}\n`)
  try {
    await writeFile(path, lines.join(''), { mode: 0o600 })
  } catch (error) {
    throw new ConfigError(`Cannot write the env file ${path}: ${(error as Error).message}`)
  }
}
