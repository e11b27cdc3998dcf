/** What a webhook tells. */
export interface WebhookMessage {
  /** The `webhook-id`: the same when an event comes again, so that it can be passed over. */
  id: string
  /** The type of the event, such as `pin.created`. */
  type: string
  /** When it happened. */
  timestamp: string
  /** What happened. */
  data: Record<string, unknown>
}

/** A message that is not signed with the secret, or too old: whoever sent it, it is to be answered with a 400. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
}

/** A request to a receiver of webhooks. */
export interface WebhookRequest {
  /** Its headers, as `Headers` or as those of Node's `IncomingMessage`. */
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** Its body, byte by byte as it came: not parsed and written again. */
  body: string
}

/** A message may be this old, or from so far in the future, in seconds. */
const toleranceSeconds = 5 * 60

/**
 * Returns what a webhook tells, if the request is signed with its secret as the Standard Webhooks specification has it.
 * Throws `WebhookVerificationError` if it is not, or if it was sent more than five minutes ago.
 *
 * @example
 * const { type, data } = await verifyWebhook(process.env.WEBHOOK_SECRET, { headers: request.headers, body })
 */
export async function verifyWebhook(secret: string, { headers, body }: WebhookRequest): Promise<WebhookMessage> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headers instanceof Headers ? headers.get(name) : headers[name]?.toString(),
  )
  if (!id || !timestamp || !signatures)
    throw new WebhookVerificationError('It lacks webhook-id, webhook-timestamp or webhook-signature.')
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= toleranceSeconds))
    throw new WebhookVerificationError('It was not sent within the last five minutes.')
  const key = await crypto.subtle.importKey('raw', keyBytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ])
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  for (const signature of signatures.split(' ')) {
    const bytes = signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : undefined
    if (bytes && (await crypto.subtle.verify('HMAC', key, bytes, signed))) return { ...JSON.parse(body), id }
  }
  throw new WebhookVerificationError('It is not signed with this secret.')
}

function keyBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(secret.replace(/^whsec_/, ''))
  if (!bytes || bytes.length === 0) throw new TypeError('The secret of a webhook is whsec_ and base64.')
  return bytes
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
