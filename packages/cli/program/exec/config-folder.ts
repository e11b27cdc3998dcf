import { chmod, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = NodeJS.ProcessEnv

/** Returns the folder where `pinfold` stores files for this user: `~/.config/pinfold`, or where the system puts it. */
export function configFolderPath(env: Environment = process.env): string {
  if (process.platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'pinfold')
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'pinfold')
}

/** Makes the folder if it does not exist, readable by this user only. */
export async function openConfigFolder(): Promise<string> {
  const path = configFolderPath()
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  return path
}
