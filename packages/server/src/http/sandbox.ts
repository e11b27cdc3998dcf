import type { FastifyRequest } from 'fastify'

/** Requests below this path go to Pinterest's sandbox, where apps on the trial tier may make Pins. */
const sandboxPath = '/sandbox'

/** Returns the address of a sandbox request outside of the sandbox; any other address unchanged. */
export const outsideSandbox = (url: string): string =>
  url.startsWith(`${sandboxPath}/`) ? url.slice(sandboxPath.length) : url

/** Returns whether a request came to the sandbox. */
export const isInSandbox = (request: FastifyRequest): boolean => request.originalUrl.startsWith(`${sandboxPath}/`)
