import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { videoLimits } from './limits.ts'

/** The fields that the signature is over, in this order: the names are those that clients of Pinterest's know. */
const signed = [
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-algorithm',
  'key',
  'policy',
  'x-amz-credential',
  'Content-Type',
] as const

/** What is sent before the file: each field of the form with its value. */
export type UploadParameters = Record<(typeof signed)[number] | 'x-amz-signature', string>

/** Makes and checks what allows one upload. */
export interface UploadSigner {
  /** Returns what the upload `id` must be sent with, from `now` on for `videoLimits.parametersTtlMs`. */
  make(id: number, now: number): UploadParameters
  /** Returns the upload that fields are for. Throws `forbidden` when they are not as they were made, or too old. */
  check(fields: ReadonlyMap<string, string>, now: number): number
}

/** Makes the signer. `key`: a secret of the installation. */
export function uploadSigner(key: Buffer): UploadSigner {
  const signingKey = hash('sha256', Buffer.concat([Buffer.from('uploads'), key]), 'buffer')
  const sign = (values: readonly (string | undefined)[]): string =>
    createHmac('sha256', signingKey).update(JSON.stringify(values)).digest('hex')

  return {
    make(id, now) {
      const date = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
      const name = `uploads/video/${id}`
      const policy = {
        expiration: new Date(now + videoLimits.parametersTtlMs).toISOString(),
        conditions: [{ key: name }, ['content-length-range', 0, videoLimits.uploadBytes]],
      }
      const fields = {
        'x-amz-date': date,
        'x-amz-security-token': randomBytes(16).toString('base64url'),
        'x-amz-algorithm': 'AWS4-HMAC-SHA256',
        key: name,
        policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
        'x-amz-credential': `pinfold/${date.slice(0, 8)}/local/s3/aws4_request`,
        'Content-Type': 'multipart/form-data',
      }
      const signature = sign(signed.map((field) => fields[field]))
      return { ...fields, 'x-amz-signature': signature }
    },

    check(fields, now) {
      const signature = Buffer.from(fields.get('x-amz-signature') ?? '')
      const expected = Buffer.from(sign(signed.map((field) => fields.get(field))))
      if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
        throw refused('The fields before the file must be the upload_parameters, unchanged.')
      const { expiration } = JSON.parse(Buffer.from(fields.get('policy') ?? '', 'base64').toString()) as {
        expiration: string
      }
      if (Date.parse(expiration) <= now) throw refused('The upload_parameters have expired: register the upload anew.')
      return parseId((fields.get('key') ?? '').replace(/^.*\//, '')) ?? 0
    },
  }
}

/** Makes the error for an upload that is not taken. */
export function refused(detail: string): ApiError {
  return new ApiError('forbidden', { detail })
}
