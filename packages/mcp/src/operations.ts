import { type Operation, resources } from '@pinfold/contract'
import type { McpHost } from './host.ts'
import { ToolError } from './tool.ts'

/** An operation of the contract, and the method of the client that calls it. */
export interface Callable {
  op: Operation
  resource: string
  method: string
}

/** Those that tools do not call: what gives tokens, and what waits for changes. */
const leftOut = new Set(['oauth', 'live'])

const callable: ReadonlyMap<string, Callable> = new Map(
  Object.entries(resources)
    .filter(([resource]) => !leftOut.has(resource))
    .flatMap(([resource, methods]) =>
      Object.entries(methods).map(([method, op]: [string, Operation]) => ({ op, resource, method })),
    )
    .filter(({ op }) => op.auth.by !== 'app' && !op.sessionOnly)
    .map((each) => [each.op.id, each]),
)

/** Returns the scopes that an operation needs. */
export const scopesOf = ({ auth }: Operation): readonly string[] => ('scopes' in auth && auth.scopes) || []

/** Returns whether a host can call an operation: its token must have the scopes. */
function isOffered({ op }: Callable, { isPinterest, scopes, readOnly, controller, toolsets }: McpHost): boolean {
  const controls = controller !== undefined && (!toolsets || toolsets.includes('control'))
  return (
    !(isPinterest && op.root !== undefined) &&
    !(op.auth.by === 'control' && !controls) &&
    !(readOnly && op.method !== 'GET') &&
    (scopes === undefined || scopesOf(op).every((scope) => scopes.has(scope)))
  )
}

/** Returns the operations that a host can call. */
export const operationsOf = (host: McpHost): Callable[] =>
  [...callable.values()].filter((each) => isOffered(each, host))

const writing = [...callable.values()].filter(({ op }) => op.method !== 'GET')

/** Returns whether a host can call an operation that changes something. */
export const canWrite = (host: McpHost): boolean => writing.some((each) => isOffered(each, host))

/** Returns the operation of an id. Throws `ToolError` when the host cannot call it. */
export function operationOf(host: McpHost, id: string): Callable {
  const known = callable.get(id)
  if (known && isOffered(known, host)) return known
  if (!known)
    throw new ToolError(`There is no operation ${JSON.stringify(id)}: search_operations finds those there are.`)
  if (host.readOnly && known.op.method !== 'GET')
    throw new ToolError(`${id} changes something, and these tools only read.`)
  if (known.op.auth.by === 'control') throw new ToolError(`${id} controls the server, which is not allowed here.`)
  if (host.isPinterest && known.op.root) throw new ToolError(`${id} is Pinfold's own: Pinterest does not have it.`)
  throw new ToolError(`${id} needs the scopes ${scopesOf(known.op).join(', ')}, and the token has not all of them.`)
}

/** What an operation is called with. */
export interface CallInput {
  params?: Record<string, string> | undefined
  query?: Record<string, unknown> | undefined
  body?: object | undefined
}

/** Calls an operation by the client's method. Throws `ToolError`, and what the client throws. */
export async function call(
  { client, controller }: McpHost,
  { op, resource, method }: Callable,
  { params = {}, query = {}, body = {} }: CallInput,
  signal: AbortSignal,
): Promise<object> {
  const ids = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const value = params[name]
    if (value === undefined || value === '')
      throw new ToolError(`params lacks ${name}, which is in the path ${op.path}.`)
    return value
  })
  const speaker = op.auth.by === 'control' ? (controller ?? client) : client
  const run: unknown = Reflect.get(Reflect.get(speaker, resource), method)
  if (typeof run !== 'function') throw new Error(`The client has no method for ${op.id}.`)
  const given = op.body ? [body, query] : [query]
  const answer: unknown = await run(...ids, ...given, { signal })
  if (typeof answer !== 'object' || answer === null) return { done: op.id }
  if ('items' in answer && 'bookmark' in answer) return { items: answer.items, bookmark: answer.bookmark }
  return Array.isArray(answer) ? { items: answer } : answer
}
