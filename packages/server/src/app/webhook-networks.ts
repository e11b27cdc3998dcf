import ipaddr from 'ipaddr.js'
import { ConfigError } from '../core/errors.ts'
import type { Network, Reach } from '../core/fetch-guard.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import type { Settings } from './config.ts'

/** Names of networks. */
const named: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/**
 * Returns what webhooks may be sent to beyond the public internet: the networks of `--webhook-networks`, and this machine
 * while the server is for it alone: through a proxy strangers would reach what is only for this machine. Throws
 * `ConfigError`.
 */
export function reachOfWebhooks({ host, publicUrl, trustProxy, webhookNetworks }: Settings): Reach {
  const isPublic = publicUrl !== undefined && !isLoopbackHost(URL.parse(publicUrl)?.hostname ?? '')
  return {
    allowLoopback: isLoopbackHost(host) && trustProxy === undefined && !isPublic,
    networks: webhookNetworks === undefined ? [] : readNetworks(webhookNetworks),
  }
}

function readNetworks(text: string): Network[] {
  const parts = text.split(',').map((part) => part.trim())
  return parts.flatMap((part) => named[part] ?? [part]).map(readNetwork)
}

function readNetwork(text: string): Network {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  if (!ipaddr.isValid(text))
    throw new ConfigError(
      `--webhook-networks '${text}' is no network: name addresses and networks with commas, such as 10.0.0.0/8, or ` +
        `${Object.keys(named).join(' or ')}.`,
    )
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
