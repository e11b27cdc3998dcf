import { errorCatalogue, type Operation } from '@pinfold/contract'
import { Ajv } from 'ajv'
import type { FastifyInstance } from 'fastify'

type Json = Record<string, unknown>

/**
 * Holds every answer of a server against the contract: status, schema (no field more than it names), error shape and
 * codes, and the headers that every answer has. `violations` grows; a test fails when it is not empty.
 */
export function checkResponses(app: FastifyInstance, violations: string[]): void {
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: true })
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  const validators = new Map<string, ReturnType<Ajv['compile']>>()
  const knownCodes = new Set<number>(Object.values(errorCatalogue).map(({ code }) => code))

  app.addHook('onSend', async (request, reply, payload) => {
    const op = request.routeOptions.config.operation
    const where = `${request.method} ${request.url} → ${reply.statusCode}`
    if (!reply.getHeader('x-pinterest-rid')) violations.push(`${where}: no x-pinterest-rid`)
    if (reply.statusCode >= 500 && reply.statusCode !== 503) violations.push(`${where}: ${String(payload)}`)
    if (!op) return payload
    if (reply.statusCode === 304 && op.hasEtag && !payload) return payload
    if (reply.statusCode === op.success.status) {
      for (const problem of successProblems(op, payload)) violations.push(`${where}: ${problem}`)
    } else {
      for (const problem of errorProblems(op, payload)) violations.push(`${where}: ${problem}`)
    }
    return payload
  })

  function successProblems(op: Operation, payload: unknown): string[] {
    if (!op.success.schema)
      return payload === undefined || payload === '' || payload === null ? [] : ['a body where none is due']
    let validate = validators.get(op.id)
    if (!validate) {
      validate = ajv.compile(closed(op.success.schema) as object)
      validators.set(op.id, validate)
    }
    const body = JSON.parse(String(payload))
    if (validate(body)) return []
    return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)
  }

  function errorProblems(op: Operation, payload: unknown): string[] {
    const body = JSON.parse(String(payload)) as Json
    const own = Object.values(op.errors).flatMap(({ code }) => (code === undefined ? [] : [code]))
    const problems: string[] = []
    if (!Number.isInteger(body.code)) problems.push('code is no integer')
    else if (!knownCodes.has(Number(body.code)) && !own.includes(Number(body.code)))
      problems.push(`code ${body.code} is not in the catalogue`)
    if (typeof body.message !== 'string' || body.message === '') problems.push('no message')
    return problems
  }
}

/** The schema with every object closed, so that a field it does not name is found. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy: Json = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  if (copy.properties && copy.additionalProperties === undefined) copy.additionalProperties = false
  return copy
}
