import type { KeptSender } from './request-log.ts'
import type { CallDetail } from './told-call.ts'

/** Headers that curl, or the way there, sets by itself, and those of a browser. */
const own =
  /^(host|content-length|connection|accept-encoding|transfer-encoding|user-agent|expect|cookie|.*authorization|sec-.*|origin|referer)$/i

/** Returns the command that sends a call again, with a variable where the token was. */
export function curlOf(
  { method, path, request }: Pick<CallDetail, 'method' | 'path' | 'request'>,
  sender: KeptSender['by'],
  baseUrl: string,
): string {
  const parts = [`curl -X ${method} ${quoted(baseUrl + path)}`, ...credentials(request.headers, sender)]
  for (const { name, value } of request.headers) if (!own.test(name)) parts.push(`-H ${quoted(`${name}: ${value}`)}`)
  if (request.body !== null) parts.push(`--data-raw ${quoted(request.body)}`)
  return parts.join(' \\\n  ')
}

function credentials(headers: CallDetail['request']['headers'], sender: KeptSender['by']): string[] {
  if (sender === 'app') return ['-u "$PINTEREST_APP_ID:$PINTEREST_APP_SECRET"']
  const hasToken = headers.some(({ name }) => name.toLowerCase() === 'authorization')
  return sender === 'token' || sender === 'session' || hasToken
    ? ['-H "Authorization: Bearer $PINTEREST_ACCESS_TOKEN"']
    : []
}

/** A text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
