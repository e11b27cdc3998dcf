import { spawn } from 'node:child_process'

/** Opens an address in this machine's browser. Prints it too, in case there is no browser or it is the wrong one. */
export function openInBrowser(url: string): void {
  process.stderr.write(`Open this page to sign in:\n${url}\n`)
  const [command, args] = commandFor(url)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  // There may be no browser: the address is printed.
  child.on('error', () => {})
  child.unref()
}

/**
 * Returns the command that opens an address. On Windows it avoids a shell, which would read the address's `&` as its
 * own.
 */
function commandFor(url: string): [command: string, args: string[]] {
  if (process.platform === 'darwin') return ['open', [url]]
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  return ['xdg-open', [url]]
}
