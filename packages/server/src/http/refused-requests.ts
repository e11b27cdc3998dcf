import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ApiError, invalid } from '../core/errors.ts'
import { type ErrorCodes, renderError } from './render-error.ts'

export interface RefusedRequestsOptions {
  newRequestId: () => string
  errorCodes: ErrorCodes
}

/** Answers requests that Node would answer itself. */
export type RefusedRequests = ReturnType<typeof refusedRequests>

type ConnectionError = Error & { code?: string }

/**
 * Answers requests that Node would answer itself, in no form that clients of Pinterest can read: what is not HTTP, what
 * is too long or too slow, and requests for something that no operation has.
 */
export function refusedRequests({ newRequestId, errorCodes }: RefusedRequestsOptions) {
  const answers = new WeakMap<Duplex, ServerResponse>()
  const render = (error: ApiError) => {
    const { status, body } = renderError(error, undefined, errorCodes)
    const text = JSON.stringify(body)
    const headers = {
      'x-pinterest-rid': newRequestId(),
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      connection: 'close',
    }
    return { status, headers, text }
  }
  const refuse = (error: ApiError, socket: Duplex) => {
    const { status, headers, text } = render(error)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    // To import a value of this module would load everything that it can give, with a whole HTTP client for `fetch`.
    const { STATUS_CODES } = process.getBuiltinModule('node:http')
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`)
  }

  return {
    /** Records the answer that a connection waits for now. */
    note(answer: ServerResponse): void {
      if (answer.socket) answers.set(answer.socket, answer)
    },

    /**
     * Answers bytes that are not a request, and closes the connection. Some clients send a stray body after a DELETE,
     * without a length, which the parser takes for the beginning of a malformed request: complete requests before it
     * are answered all the same.
     */
    connectionError(error: ConnectionError, socket: Duplex): void {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
      const before = answers.get(socket)
      if (before?.req.complete && !before.writableFinished) return void before.once('close', () => socket.end())
      refuse(toApiError(error), socket)
    },

    /** Answers a request with an unknown `Expect` header. */
    expectation({ headers }: IncomingMessage, answer: ServerResponse): void {
      const detail = `Expect may be 100-continue, and not '${headers.expect?.slice(0, 50)}'.`
      const { status, headers: rendered, text } = render(new ApiError('expectationFailed', { detail }))
      answer.writeHead(status, rendered).end(text)
    },

    /** Answers a request for a tunnel. */
    tunnel(_request: IncomingMessage, socket: Duplex): void {
      refuse(new ApiError('routeNotFound', { detail: 'This is no proxy.' }), socket)
    },
  }
}

function toApiError({ code }: ConnectionError): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ApiError('headersTooLarge', { detail: 'They may have 16 KB together.' })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ApiError('requestTimeout')
  return invalid('This is not valid HTTP.')
}
