import { CommandError } from '../command-error.ts'
import { isHere } from './is-here.ts'

/** Failures that mean that nothing answers at an address. */
const nobodyThere = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** `fetch`, which says what to start when no service answers at `api`. Requests to elsewhere, such as uploads, fail as always. */
export function fetchFrom(api: string): typeof fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init)
    } catch (error) {
      if (!urlOf(input).startsWith(`${api}/`) || !nobodyThere.has(codeOf(error))) throw error
      throw new CommandError(`No service answers at ${api}: ${whatToDo(new URL(api))}`, undefined, { cause: error })
    }
  }
}

const urlOf = (input: Parameters<typeof fetch>[0]): string => (input instanceof Request ? input.url : String(input))

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function whatToDo(url: URL): string {
  return url.protocol === 'http:' && isHere(url)
    ? `start it with pinfold serve --port ${url.port || 80}, or name another with --api or PINTEREST_API_URI.`
    : 'check the address (--api, PINTEREST_API_URI or the profile) and the network.'
}
