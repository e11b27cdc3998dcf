'use strict'
// Loaded through NODE_OPTIONS by every Node under `pinfold exec`, so it is written for old ones too and does one thing:
// a TLS connection to one of Pinterest's hosts goes to Pinfold's port on this machine. Node 20 knows no proxies; newer ones
// use them for their own agents alone, and a program that makes one of its own would reach Pinterest itself.
const { PINFOLD_EXEC_TLS_PORT, PINFOLD_EXEC_HOSTS } = process.env
if (PINFOLD_EXEC_TLS_PORT && PINFOLD_EXEC_HOSTS) {
  const hosts = new Set(PINFOLD_EXEC_HOSTS.split(','))
  const tls = require('node:tls')
  const connect = tls.connect

  /** The forms of its arguments: (options), (port, host, options) or (port, options), each with a callback or without. */
  const connectOrRedirect = (...args) => {
    const options = Object.assign({}, ...args.filter((arg) => typeof arg === 'object'))
    if (typeof args[0] !== 'object') options.port = args[0]
    if (typeof args[1] === 'string') options.host = args[1]
    // One with a socket goes through the proxy; one with a path is no network connection.
    const isElsewhere = options.socket || options.path || !hosts.has(String(options.host).toLowerCase())
    if (isElsewhere) return connect(...args)
    const { host, localAddress, lookup, ...rest } = options
    const redirected = { servername: host, ...rest, host: '127.0.0.1', port: Number(PINFOLD_EXEC_TLS_PORT) }
    if (!redirected.servername) redirected.servername = host
    return connect(redirected, ...args.filter((arg) => typeof arg === 'function'))
  }
  tls.connect = connectOrRedirect
  require('node:module').syncBuiltinESMExports()
}
