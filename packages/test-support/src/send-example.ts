import { type ExampleRequest, exampleRequest, type Operation } from '@pinfold/contract'
import type { Answer, RequestOptions, TestServer } from './server.ts'

/** Sends a request of an operation, encoded as clients do. */
export function sendTo(
  server: Pick<TestServer, 'request'>,
  op: Operation,
  { params, query, body }: ExampleRequest,
  options: RequestOptions = {},
): Promise<Answer> {
  const path = op.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const fields = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, String(item)]),
  )
  const search = new URLSearchParams(fields).toString()
  return server.request(op.method, `${op.root ?? ''}${path}${search && `?${search}`}`, {
    ...options,
    ...(body !== undefined && { json: body }),
  })
}

/** Sends the contract's example of an operation, with these values in place of the example's ids. */
export function sendExample(
  server: Pick<TestServer, 'request'>,
  op: Operation,
  values: Readonly<Record<string, unknown>>,
  options?: RequestOptions,
): Promise<Answer> {
  return sendTo(server, op, exampleRequest(op, values), options)
}
