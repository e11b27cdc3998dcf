type Environment = NodeJS.ProcessEnv

/** Hosts that are never reached through a proxy, whatever the environment says. */
export const loopbackNames = ['localhost', '127.0.0.1', '::1']

/** Returns the entries of `NO_PROXY`. */
export function noProxyEntries(env: Environment): string[] {
  return (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
}

/**
 * Returns whether an entry of `NO_PROXY` covers a host: the host itself, a domain above it (with or without a dot), or
 * all.
 */
export function coversHost(entry: string, hostname: string, port?: string): boolean {
  if (entry === '*') return true
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(entry)
  const plain = /^([^:]*):(\d+)$/.exec(entry)
  const [, name = entry, onlyPort] = bracketed ?? plain ?? []
  if (onlyPort !== undefined && port !== undefined && onlyPort !== port) return false
  const domain = name.toLowerCase().replace(/^\*?\./, '')
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '')
  return host === domain || host.endsWith(`.${domain}`)
}

/**
 * Returns the proxy that the user's environment names for an address, as curl reads it; undefined for none. Throws if
 * it cannot be used.
 */
export function userProxyFor(target: URL, env: Environment): URL | undefined {
  const name = target.protocol === 'http:' ? 'http_proxy' : 'https_proxy'
  const value = env[name] || env[name.toUpperCase()]
  if (!value) return undefined
  const port = target.port || (target.protocol === 'http:' ? '80' : '443')
  if ([...loopbackNames, ...noProxyEntries(env)].some((entry) => coversHost(entry, target.hostname, port)))
    return undefined
  const proxy = URL.parse(/^[a-z0-9]+:\/\//i.test(value) ? value : `http://${value}`)
  if (!proxy || !/^https?:$/.test(proxy.protocol))
    throw new Error(`${name.toUpperCase()} must be the address of an http or https proxy.`)
  return proxy
}
