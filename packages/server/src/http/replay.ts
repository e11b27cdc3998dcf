import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { requestHeadersIn } from '../control/kept-headers.ts'
import { isForm } from '../control/open-call.ts'
import type { LoggedCall } from '../control/request-log.ts'
import { openBody, openText, withoutSecrets } from '../control/secrets-in-calls.ts'
import { invalid } from '../core/errors.ts'

/** Calls that are being sent again: each has a secret in place of its token, which is good for as long as it takes. */
export interface Replays {
  /** Returns the hash of the token of the call that one with this Authorization header repeats, if it repeats one. */
  tokenHash(authorization: string | undefined): string | undefined
  /** Returns the number of the call that one with these headers repeats, if it repeats one. */
  of(headers: IncomingHttpHeaders): number | undefined
  /** Says that a call with these headers is in the log. */
  logged(headers: IncomingHttpHeaders, call: LoggedCall): void
  /** Sends a call again to the server, and returns it as logged. Throws a 400 when not all of it is kept. */
  send(call: LoggedCall): Promise<LoggedCall>
}

/** Where a server listens. */
export interface ServerAddress {
  host: string
  port: number
}

/** The header with the secret of a call that is sent again. */
const replayHeader = 'x-pinfold-replay'
/** How long the log may take after the connection has ended. */
const logMs = 2000
/** Longer ones are given up. */
const longestMs = 30_000
/** Those that belong to a connection and not to a request. */
const ofConnection =
  /^(connection|content-length|transfer-encoding|accept-encoding|expect|upgrade|te|cookie|x-pinfold-replay|.*authorization)$/i

/** Makes what sends calls again to the server that listens at an address, below `basePath`. */
export function replaysOf(address: () => ServerAddress, basePath = ''): Replays {
  const underWay = new Map<string, { call: LoggedCall; logged: (call: LoggedCall) => void }>()
  const repeated = (pass: unknown) => (underWay.size > 0 ? underWay.get(String(pass)) : undefined)
  return {
    tokenHash(authorization) {
      if (underWay.size === 0) return undefined
      const sender = repeated(authorization?.replace(scheme, ''))?.call.sender
      return sender?.by === 'token' ? sender.tokenHash : undefined
    },

    of: (headers) => repeated(headers[replayHeader])?.call.id,

    logged: (headers, call) => repeated(headers[replayHeader])?.logged(call),

    async send(call) {
      checkKept(call)
      const pass = randomBytes(24).toString('base64url')
      const { promise, resolve } = Promise.withResolvers<LoggedCall>()
      underWay.set(pass, { call, logged: resolve })
      try {
        const sent = sendAgain({ ...call, url: basePath + call.url }, address(), pass).catch(() => {})
        return await Promise.race([promise, sent.then(() => delay(logMs)).then(throwLost)])
      } finally {
        underWay.delete(pass)
      }
    },
  }
}

const scheme = /^Replay /

function throwLost(): never {
  throw invalid('It was sent again, and is not in the log: the server may have been too busy.')
}

/** Throws unless everything of a call is there that it takes to send it again. */
function checkKept({ sender, request, requestHeaders, url, secrets }: LoggedCall): void {
  const lacks = (what: string) => invalid(`This request cannot be sent again: ${what}`)
  if (sender.by === 'app') throw lacks('the secret of the app is not kept.')
  if (sender.by === 'session') throw lacks('it came from somebody signed in in a browser, whose session is not kept.')
  if (sender.by === 'unknown') throw lacks('what it authenticated with was not accepted, and is not kept.')
  if (request.note !== undefined) throw lacks(request.note)
  const { text = '' } = request
  const isSecret = openBody(text, isForm(requestHeaders)).isShortened || openText(url) !== url
  if (isSecret || withoutSecrets(url + text, secrets) !== url + text)
    throw lacks('it has secrets, which are for nobody to send.')
}

async function sendAgain(
  { method, url, requestHeaders, request, sender }: LoggedCall,
  { host, port }: ServerAddress,
  pass: string,
): Promise<void> {
  const headers = requestHeadersIn(requestHeaders).flatMap(({ name, value }) =>
    ofConnection.test(name) ? [] : [name, value],
  )
  const body = request.text === undefined ? undefined : Buffer.from(request.text)
  headers.push(replayHeader, pass)
  if (sender.by === 'token') headers.push('authorization', `Replay ${pass}`)
  if (body) headers.push('content-length', String(body.length))
  // Loaded here: to import a value of this module would load a whole HTTP client at each start.
  const { request: open } = process.getBuiltinModule('node:http')
  const sent = open({ host, port, method, path: url, headers, agent: false, signal: AbortSignal.timeout(longestMs) })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  await once(answer.resume(), 'end')
}
