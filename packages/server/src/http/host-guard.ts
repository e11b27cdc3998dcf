import { ApiError } from '../core/errors.ts'
import { isLoopbackHost } from '../core/loopback.ts'

/**
 * Returns a guard that refuses requests under a foreign host name: a web page elsewhere could have its own name resolve
 * to this machine and so read a development server (DNS rebinding). It throws `misdirectedHost`.
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
