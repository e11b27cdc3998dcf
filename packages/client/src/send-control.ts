import { ConnectionError } from './errors.ts'
import { errorOf, type TransportOptions } from './transport.ts'

/**
 * Sends a request to a control of the server that is no operation, by its path below `/_pinfold/`, and returns the answer.
 * It may take as long as it needs, and is tried once. Throws as operations do.
 */
export type SendControl = (path: string, init: RequestInit & { method: string }) => Promise<Response>

/** Returns what sends such requests. */
export function controlSender({
  baseUrl,
  fetch,
  token,
}: Pick<TransportOptions, 'baseUrl' | 'fetch' | 'token'>): SendControl {
  return async (path, init) => {
    const url = `${baseUrl}/_pinfold/${path}`
    const headers = { ...init.headers, authorization: `Bearer ${await token()}` }
    const answer = await fetch(url, { ...init, headers }).catch((cause) => {
      init.signal?.throwIfAborted()
      throw new ConnectionError(`The connection failed: ${init.method} ${url}.`, { cause })
    })
    if (!answer.ok) throw errorOf(answer, await answer.text())
    return answer
  }
}

/** Returns the body of an answer. Throws `ConnectionError` when it has none. */
export function bodyOf({ body }: Response): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (!body) throw new ConnectionError('The answer has no body.')
  return body
}
