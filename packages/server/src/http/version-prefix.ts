import type { IncomingMessage } from 'node:http'
import { type Operation, operations } from '@pinfold/contract'
import { outsideSandbox } from './sandbox.ts'

/**
 * Returns the path to route a request to: an operation below `/v5` even if its path lacks `/v5`, as with clients that
 * take it for a part of the service's address (Pinterest's own SDK for Python). Pages never collide, whatever their
 * names: a browser that wants a page says so, and then the path is used unchanged.
 */
export function withVersion(request: IncomingMessage): string {
  const { url = '/' } = request
  const inner = outsideSandbox(url)
  const rewritten = versioned(inner, request)
  // The sandbox only has operations.
  return inner === url || rewritten.startsWith('/v5/') ? rewritten : url
}

function versioned(url: string, { headers }: IncomingMessage): string {
  if (url.startsWith('/v5/') || !operationPath.test(url)) return url
  return headers.accept?.includes('text/html') ? url : `/v5${url}`
}

/** The path of any of Pinterest's operations, without `/v5`. Where an id is wanted, only digits will do. */
const operationPath = new RegExp(
  `^(?:${(operations as readonly Operation[])
    .filter(({ root }) => root === undefined)
    .map(({ path, params }) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameterPattern(params, name)))
    .join('|')})/?(?:\\?|$)`,
)

function parameterPattern(params: Operation['params'], name: string): string {
  const { pattern } = (params?.properties[name] ?? {}) as { pattern?: string }
  return pattern === '^\\d+$' ? '\\d+' : '[^/?]+'
}
