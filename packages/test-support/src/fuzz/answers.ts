import { Ajv, type ValidateFunction } from 'ajv'
import { closed } from '../response-check.ts'
import type { Description, ErrorBody, Target } from './description.ts'

/** An answer as it came. */
export interface FuzzAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** Returns a function that compares an answer with a description and returns what is wrong with it. */
export function answerChecker(description: Description): (target: Target, answer: FuzzAnswer) => string[] {
  const ajv = new Ajv({ strict: false, discriminator: true, validateSchema: false, meta: false })
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  const validators = new Map<string, ValidateFunction>()

  function check(target: Target, status: number, schema: object, body: unknown): string[] {
    const name = `${target.operationId} ${status}`
    let validate = validators.get(name)
    if (!validate) {
      validate = ajv.compile(closed({ ...schema, components: description.components }) as object)
      validators.set(name, validate)
    }
    if (validate(body)) return []
    return (validate.errors ?? []).slice(0, 3).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)
  }

  return (target, { status, headers, text }) => {
    if (status >= 500) return [`a ${status}`]
    const response = target.responses[status]
    if (!response) return isUnrouted(status, text) ? [] : [`${status} is not declared`]
    if (!headers['x-pinterest-rid']) return ['no x-pinterest-rid']
    const content = response.content?.['application/json']
    if (!content) return text === '' ? [] : ['a body where none is declared']
    const body = readJson(text)
    if (body === undefined) return ['the body is not JSON']
    const problems = check(target, status, content.schema, body)
    if (problems.length > 0 || status < 400) return problems
    const { code, message } = body as ErrorBody
    const declared = Object.values(content.examples ?? {}).map(({ value }) => value)
    const isDeclared = declared.some((error) => error.code === code && message.startsWith(error.message))
    return isDeclared || isUnrouted(status, text) ? [] : ['the error is not declared']
  }
}

/**
 * Returns whether the address matched no operation: an id with a slash, or a very long one, is refused before a route
 * is found.
 */
function isUnrouted(status: number, text: string): boolean {
  const { message = '' } = (readJson(text) ?? {}) as Partial<ErrorBody>
  if (status === 404) return message.startsWith('There is no such operation.')
  return status === 400 && /is exceeding the max param length$|is not a valid url component$/.test(message)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
