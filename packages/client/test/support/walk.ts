import { exampleRequest, type Operation } from '@pinfold/contract'

/** A request of a client, as the service reads it. */
interface Sent {
  method: string
  path: string
  query: Record<string, string>
  body: unknown
}

type Methods = Record<string, Record<string, (...args: unknown[]) => PromiseLike<unknown>>>

/**
 * Calls the method of each operation with the operation's example, on a client that `clientWith` makes. Returns what
 * each sent, and what the contract says it should have sent.
 */
export async function walk(
  resources: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
  clientWith: (send: typeof fetch) => object,
): Promise<{ sent: Record<string, Sent | undefined>; declared: Record<string, Sent> }> {
  let last: Sent | undefined
  const client = clientWith(async (input, { method = 'GET', body } = {}) => {
    const { pathname, searchParams } = new URL(String(input))
    const json = typeof body === 'string' ? JSON.parse(body) : undefined
    last = { method, path: pathname, query: Object.fromEntries(searchParams), body: json }
    return method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json({ items: [], bookmark: null })
  }) as Methods
  const sent: Record<string, Sent | undefined> = {}
  const declared: Record<string, Sent> = {}
  for (const [resource, operations] of Object.entries(resources))
    for (const [name, op] of Object.entries(operations)) {
      const { params, query, body } = exampleRequest(op)
      last = undefined
      const ids = Object.values(params)
      await client[resource]?.[name]?.(...ids, ...(op.body ? [body] : []), query)
      sent[`${resource}.${name}`] = last
      declared[`${resource}.${name}`] = {
        method: op.method,
        path: (op.root ?? '/v5') + op.path.replace(/\{(\w+)\}/g, (_, id: string) => params[id] ?? ''),
        query: asTexts(query),
        body,
      }
    }
  return { sent, declared }
}

/** Returns a query as texts: lists with commas, objects by their fields. */
function asTexts(query: Record<string, unknown>): Record<string, string> {
  const fields = Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([field, inner]) => [`${name}[${field}]`, String(inner)])
      : [[name, String(value)]],
  )
  return Object.fromEntries(fields)
}
