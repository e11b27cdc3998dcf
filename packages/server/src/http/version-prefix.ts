import type { IncomingMessage } from 'node:http'
import { type Operation, operations } from '@pinfold/contract'
import { outsideSandbox } from './sandbox.ts'

/**
 * Where a request goes: to an operation below `/v5` also when its path leaves `/v5` out, as it does for clients that
 * take it for a part of the service's address (Pinterest's own SDK for Python). Pages are not in the way, whatever
 * they will be called: a browser that wants one says so, and then a path means what it says.
 */
export function withVersion(request: IncomingMessage): string {
  const { url = '/' } = request
  const inner = outsideSandbox(url)
  const rewritten = versioned(inner, request)
  // Only operations are in the sandbox.
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
