import type { FastifyRequest } from 'fastify'

/** Below this path the server is Pinterest's sandbox, where apps on the trial tier may make Pins. */
const sandboxPath = '/sandbox'

/** Returns the address that a request to the sandbox has outside of it; any other as it is. */
export const outsideSandbox = (url: string): string =>
  url.startsWith(`${sandboxPath}/`) ? url.slice(sandboxPath.length) : url

/** Returns whether a request came to the sandbox. */
export const isInSandbox = (request: FastifyRequest): boolean => request.originalUrl.startsWith(`${sandboxPath}/`)
