import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { ConfigError } from '../core/errors.ts'

/** The trusted proxies: addresses and networks, or whether the one this many hops away is trusted. */
export type TrustedProxies = string[] | ((address: string, hop: number) => boolean)

/** Names for networks, as Fastify defines them. */
const names = ['loopback', 'linklocal', 'uniquelocal']

/**
 * Reads `--trust-proxy`: how many proxies there are in a row, or their addresses and networks. No other proxy is
 * trusted, since a sender could write any address into the header. Throws `ConfigError`.
 */
export function readTrustProxy(given: string | number): TrustedProxies {
  const text = String(given).trim()
  const count = Number(text)
  if (/^[1-9]\d?$/.test(text)) return (_address, hop) => hop < count
  const parts = text.split(',').map((part) => part.trim())
  for (const part of parts)
    if (!names.includes(part) && !isIP(part) && !isNetwork(part))
      throw new ConfigError(
        `--trust-proxy '${part}' is no proxy: name addresses and networks with commas, such as ` +
          `127.0.0.1,10.0.0.0/8, or ${names.join(', ')}; or say how many proxies there are, such as 1.`,
      )
  return parts
}

const isNetwork = (text: string): boolean => isIP(text.split('/')[0] ?? '') > 0 && ipaddr.isValidCIDR(text)
