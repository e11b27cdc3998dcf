import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { videoLimits } from './limits.ts'

/** The signed fields, in order, under the names that clients of Pinterest know. */
const signed = [
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-algorithm',
  'key',
  'policy',
  'x-amz-credential',
  'Content-Type',
] as const

/** The fields of the form before the file, with their values. */
export type UploadParameters = Record<(typeof signed)[number] | 'x-amz-signature', string>

/** Makes and checks the permission for one upload. */
export interface UploadSigner {
  /** Returns the fields for the upload `id`, valid from `now` on for `videoLimits.parametersTtlMs`. */
  make(id: number, now: number): UploadParameters
  /** Returns the id of the upload that fields permit. Throws `forbidden` when they were changed or have expired. */
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

/** Returns the error for an upload that is refused. */
export function refused(detail: string): ApiError {
  return new ApiError('forbidden', { detail })
}
