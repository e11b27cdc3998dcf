import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { errorsOf, guideErrorCodes, type Operation, type Success, successesOf } from '@pinfold/contract'
import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'

type Json = Record<string, unknown>

const ajv = new Ajv({ strict: false, allErrors: true, discriminator: true, validateSchema: false, meta: false })
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/)

/** What checks the answers of an operation, by its name and status: compiled once for all servers of this process. */
const validators = new Map<string, ReturnType<Ajv['compile']>>()

/**
 * Compares every answer of a server with the contract: status, schema (no undeclared field), errors (the declared ones,
 * with their codes and words), and the headers of every answer. Adds to `violations`; a test fails when it is not
 * empty.
 */
export function checkResponses(app: FastifyInstance, violations: string[]): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const op = request.routeOptions.config.operation
    const where = `${request.method} ${request.url} → ${reply.statusCode}`
    if (!reply.getHeader('x-pinterest-rid')) violations.push(`${where}: no x-pinterest-rid`)
    if (reply.statusCode >= 500 && reply.statusCode !== 503) violations.push(`${where}: ${String(payload)}`)
    if (!op) return payload
    if (reply.statusCode === 304 && op.hasEtag && !payload) return payload
    const success = successesOf(op).find(({ status }) => status === reply.statusCode)
    const sent = decoded(payload, reply.getHeader('content-encoding'))
    const problems = success ? successProblems(op, success, sent) : errorProblems(op, reply.statusCode, sent)
    for (const problem of problems) violations.push(`${where}: ${problem}`)
    return payload
  })
}

function successProblems(op: Operation, { status, schema }: Success, payload: unknown): string[] {
  if (!schema) return payload === undefined || payload === '' || payload === null ? [] : ['a body where none is due']
  const name = `${op.id} ${status}`
  let validate = validators.get(name)
  if (!validate) {
    validate = ajv.compile(closed(schema) as object)
    validators.set(name, validate)
  }
  const body = JSON.parse(String(payload))
  if (validate(body)) return []
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)
}

/** Returns a body as it was before it was compressed. */
function decoded(payload: unknown, encoding: unknown): unknown {
  if (!Buffer.isBuffer(payload) || encoding === undefined) return payload
  return (encoding === 'br' ? brotliDecompressSync : gunzipSync)(payload).toString()
}

/** Returns what is wrong with an error answer: it must be one that the operation declares. */
export function errorProblems(op: Operation, status: number, payload: unknown): string[] {
  const { code, message } = JSON.parse(String(payload)) as Json
  if (!Number.isInteger(code)) return ['code is no integer']
  if (typeof message !== 'string' || message === '') return ['no message']
  const isDeclared = [...errorsOf(op).values()].some(
    (entry) =>
      entry.status === status &&
      (entry.code === code || guideErrorCodes[entry.kind] === code) &&
      message.startsWith(entry.message),
  )
  return isDeclared ? [] : [`${op.id} declares no such error: code ${code}, ${message}`]
}

/** Returns the schema with every object closed, so that undeclared fields are found. */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy: Json = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  if (copy.properties && copy.additionalProperties === undefined) copy.additionalProperties = false
  return copy
}
