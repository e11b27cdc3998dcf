import { Type } from '@pinfold/contract'
import { describeOperation } from '../describe-operation.ts'
import { call, operationOf } from '../operations.ts'
import { ToolError, tool } from '../tool.ts'
import { Confirm, strict } from './fields.ts'

const OperationName = Type.String({ maxLength: 100, description: 'Its name, such as trending_keywords/list.' })
const anything = (description: string) =>
  Type.Optional(Type.Unsafe<Record<string, unknown>>({ type: 'object', description }))
const params = Type.Optional(
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What stands in braces in the path.',
  }),
)

/** Describes an operation. */
export const describeOperationTool = tool({
  name: 'describe_operation',
  title: 'Describe an operation',
  description: 'What an operation takes, needs and answers, with an example. Read it before the first call.',
  toolset: 'operations',
  effect: 'reads',
  scopes: [],
  input: Type.Object(
    {
      operation: OperationName,
      answer: Type.Optional(Type.Boolean({ description: 'The schema of its answer too, which can be long.' })),
    },
    strict,
  ),
  async run({ operation, answer = false }, { host }) {
    return { value: describeOperation(operationOf(host, operation).op, { answer }) }
  },
})

/** Calls an operation that changes nothing. */
export const callRead = tool({
  name: 'call_read',
  title: 'Call an operation that reads',
  description: 'Calls an operation that changes nothing (GET).',
  toolset: 'operations',
  effect: 'reads',
  scopes: [],
  input: Type.Object({ operation: OperationName, params, query: anything('The query.') }, strict),
  async run({ operation, ...input }, { host, signal }) {
    const callable = operationOf(host, operation)
    if (callable.op.method !== 'GET') throw new ToolError(`${operation} changes something: use call_write.`)
    return { value: await call(host, callable, input, signal) }
  },
})

/** Operations that take something away, though their method does not say so. */
const takesAway = /delete|discard|empty|merge|reset|seed|restore_snapshot/

/** Calls an operation that changes something; one that deletes asks first. */
export const callWrite = tool({
  name: 'call_write',
  title: 'Call an operation that changes something',
  description: 'Calls an operation that makes, changes or deletes something. One that deletes asks the person first.',
  toolset: 'operations',
  effect: 'writes',
  scopes: [],
  input: Type.Object(
    { operation: OperationName, params, query: anything('The query.'), body: anything('The body.'), confirm: Confirm },
    strict,
  ),
  async run({ operation, confirm, ...input }, { host, signal, consent }) {
    const callable = operationOf(host, operation)
    const { method, summary, path } = callable.op
    if (method === 'GET') throw new ToolError(`${operation} changes nothing: use call_read.`)
    if (method === 'DELETE' || takesAway.test(operation))
      consent(`${summary}? ${method} ${path} ${JSON.stringify(input.params ?? {})}`, confirm)
    return { value: await call(host, callable, input, signal) }
  },
})
