import { ApiError } from '../../core/errors.ts'
import { largestPicture, pictureLimits } from './limits.ts'
import { makeRenditions } from './renditions.ts'

/**
 * Returns why a server would refuse a picture, found as a server does: by making all its renditions. Undefined if it is
 * accepted.
 */
export async function pictureProblem(bytes: Buffer): Promise<string | undefined> {
  if (bytes.length > pictureLimits.bytes) return `It is larger than ${largestPicture}.`
  try {
    await makeRenditions(bytes)
    return undefined
  } catch (error) {
    if (error instanceof ApiError && error.entry === 'imageInvalid') return error.detail ?? error.message
    throw error
  }
}
