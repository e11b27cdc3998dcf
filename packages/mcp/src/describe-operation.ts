import { errorsOf, exampleRequest, type Operation, successesOf } from '@pinfold/contract'
import { scopesOf } from './operations.ts'

/** Says what an operation takes and answers. `answer`: with the schema of its answer. */
export function describeOperation(op: Operation, { answer }: { answer: boolean }): object {
  const { id, method, path, root = '/v5', summary, description, deprecated, params, query, body, auth } = op
  const { params: exampleParams, query: exampleQuery, body: exampleBody } = exampleRequest(op)
  const errors = [...errorsOf(op)].map(([name, { status, code }]) => `${status} ${name} (code ${code})`)
  return {
    operation: id,
    call_with: method === 'GET' ? 'call_read' : 'call_write',
    http: `${method} ${root}${path}`,
    summary,
    description,
    ...(deprecated && { deprecated }),
    scopes: scopesOf(op),
    ...(auth.by === 'anyone' && { token: 'optional' }),
    ...(params && { params: plain(params) }),
    ...(query && { query: plain(query) }),
    ...(body && { body: plain(body.schema) }),
    example: {
      operation: id,
      ...(params && { params: exampleParams }),
      ...(Object.keys(exampleQuery).length > 0 && { query: exampleQuery }),
      ...(body && { body: exampleBody }),
    },
    errors,
    ...(answer && {
      answers: successesOf(op).map(({ status, schema }) => ({ status, schema: schema && plain(schema) })),
    }),
  }
}

/** Returns a schema without what only documents need. */
const plain = (schema: object): unknown =>
  JSON.parse(
    JSON.stringify(schema, (name, value) => (name === 'examples' || name === 'discriminator' ? undefined : value)),
  )
