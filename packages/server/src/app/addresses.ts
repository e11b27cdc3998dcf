import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ConfigError } from '../core/errors.ts'
import type { Settings } from './config.ts'

/** The addresses of a server: known once it listens, unless its configuration sets them. */
export interface Addresses {
  /** Returns the address at which clients reach the server, without a slash at the end. */
  publicUrl(): string
  /** Returns the beginning of the addresses of pictures and videos, without a slash at the end. */
  mediaUrl(): string
  /** Sets the port that the server listens on. */
  listensOn(port: number): void
}

/** Makes the addresses of a server that does not listen yet. */
export function addressesOf(settings: Settings): Addresses {
  let publicUrl = withoutSlash(settings.publicUrl) ?? ''
  const mediaUrl = withoutSlash(settings.mediaUrl)
  return {
    publicUrl: () => publicUrl,
    mediaUrl: () => mediaUrl ?? publicUrl,
    listensOn(port) {
      publicUrl ||= `http://${hostInUrl(settings.host)}:${port}`
    },
  }
}

/** Listens, and returns the port. Throws `ConfigError` when the address is not available. */
export async function listen(app: FastifyInstance, settings: Settings): Promise<number> {
  const { host, port } = settings
  await app.listen({ host, port }).catch((error: unknown) => {
    throw asConfigError(error, settings)
  })
  return (app.server.address() as AddressInfo).port
}

/** Returns where a server listens, for requests of its own. */
export function listeningAddress(app: FastifyInstance): { host: string; port: number } {
  const { address, port } = app.server.address() as AddressInfo
  return { host: address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address, port }
}

/**
 * Checks that the address is available, before a start spends time on the data. Throws `ConfigError` when it is not.
 */
export async function checkAddress(settings: Settings): Promise<void> {
  if (settings.port === 0) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const probe = createServer().once('error', reject)
  probe.listen({ host: settings.host, port: settings.port }, () => probe.close(() => resolve()))
  await promise.catch((error: unknown) => {
    throw asConfigError(error, settings)
  })
}

/** Turns the error of an address that is not available into a `ConfigError`; returns other errors unchanged. */
function asConfigError(error: unknown, { host, port }: Settings): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new ConfigError(`Port ${port} on ${host} is taken. Name another with --port, or 0 for a free one.`)
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new ConfigError(`Cannot listen on ${host}:${port}: ${message}`)
  return error
}

const withoutSlash = (url: string | undefined): string | undefined => url?.replace(/\/+$/, '')
const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host)
