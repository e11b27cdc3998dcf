import { ApiError } from '../core/errors.ts'
import { isLoopbackHost } from '../core/loopback.ts'

/**
 * Refuses requests under a host name that is not ours: a web page elsewhere could have its own name resolve to this
 * machine and so read a development server (DNS rebinding). Throws `misdirectedHost`.
 */
export function hostGuard(publicUrl: () => string): (host: string | undefined) => void {
  const known = new Set<string>()
  return (host = '') => {
    if (known.has(host)) return
    const name = URL.parse(`http://${host}`)?.hostname ?? ''
    const isOurs = isLoopbackHost(name) || name === new URL(publicUrl()).hostname
    if (!isOurs)
      throw new ApiError('misdirectedHost', {
        detail: `It answers to localhost, 127.0.0.1, [::1] and ${new URL(publicUrl()).host}; see --public-url.`,
      })
    if (known.size < 100) known.add(host)
  }
}
