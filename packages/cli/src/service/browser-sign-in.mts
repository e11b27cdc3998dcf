import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type OAuth, pkce, type Tokens } from '@pinfold/client'
import { exitCodes } from '../exit-codes.mts'
import { CommandProblem } from '../problem.mts'

export interface BrowserSignInOptions {
  scopes: readonly string[]
  /** Where to catch the redirect; 0 takes a free port. */
  port: number
  /** Whether to open a browser; the address is printed in any case. */
  browser: boolean
}

/**
 * Sends somebody to the consent page and catches the redirect on loopback: `http://localhost:PORT/callback`, which the
 * app must have among its redirect URIs. The `state` and the PKCE verifier (RFC 7636) are this sign-in's alone.
 */
export async function signInByBrowser(oauth: OAuth, { scopes, port, browser }: BrowserSignInOptions): Promise<Tokens> {
  const state = randomBytes(24).toString('base64url')
  const { codeVerifier, codeChallenge } = await pkce()
  const redirect = await catchRedirect(port, state)
  try {
    const { redirectUri } = redirect
    const url = oauth.authorizationUrl({ scopes, redirectUri, state, codeChallenge })
    process.stderr.write(`Open this page, and approve:\n${url}\n`)
    if (browser) openBrowser(url)
    return await oauth.exchangeCode(await redirect.code, { redirectUri, codeVerifier })
  } finally {
    redirect.close()
  }
}

async function catchRedirect(port: number, state: string) {
  const { promise: code, resolve, reject } = Promise.withResolvers<string>()
  code.catch(() => {})
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET' || url.pathname !== '/callback') return answer(response, 404, 'There is nothing here.')
    // Whoever does not know the state was not sent here by the consent page.
    if (url.searchParams.get('state') !== state) return answer(response, 400, 'This is not the sign-in that was begun.')
    const given = url.searchParams.get('code')
    if (given) {
      answer(response, 200, 'You are signed in. This page can be closed.')
      return resolve(given)
    }
    answer(response, 200, 'It was not approved. This page can be closed.')
    const reason = url.searchParams.get('error') ?? 'no code'
    reject(new CommandProblem(`The sign-in was not approved: ${reason}.`, exitCodes.notPermitted))
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is in use: name another with --port.` : error.message
      failed(new CommandProblem(`The sign-in cannot be caught: ${reason}`))
    })
    server.listen(port, '127.0.0.1', listening)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    redirectUri: `http://localhost:${taken}/callback`,
    code,
    close() {
      server.close()
      server.closeIdleConnections()
    },
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${text}\n`)
}

const openers: Partial<Record<NodeJS.Platform, [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens the page if there is something to open it with; the address stands on the terminal anyhow. */
function openBrowser(url: string): void {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
