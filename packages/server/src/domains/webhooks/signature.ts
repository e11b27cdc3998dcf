import { createHmac, randomBytes } from 'node:crypto'

/** Returns a new salt, from which a secret follows. */
export const newSalt = (): string => randomBytes(24).toString('base64url')

/** Returns the bytes of the secret of a salt: `key` is that of the installation. */
function secretBytes(key: Buffer, salt: string): Buffer {
  return createHmac('sha256', key).update(`webhook secret ${salt}`).digest()
}

/** Returns the secret of a salt, as it is shown. */
export const secretOf = (key: Buffer, salt: string): string => `whsec_${secretBytes(key, salt).toString('base64')}`

/** What is signed. */
export interface SignedMessage {
  id: string
  /** When it is sent, in seconds since 1970. */
  timestamp: number
  body: string
}

/** Returns the header `webhook-signature`, with a signature for each salt, as the Standard Webhooks specification has it. */
export function signatureOf(key: Buffer, salts: readonly string[], { id, timestamp, body }: SignedMessage): string {
  const signed = `${id}.${timestamp}.${body}`
  return salts
    .map((salt) => `v1,${createHmac('sha256', secretBytes(key, salt)).update(signed).digest('base64')}`)
    .join(' ')
}
