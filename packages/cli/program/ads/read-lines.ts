import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Ajv, type ValidateFunction } from 'ajv'
import { makers } from './kinds.ts'

/** A line of a file of things to make. */
export interface Line {
  /** Its number in the file, from 1. */
  number: number
  kind: string
  /** What others in the file call it. */
  ref: string | undefined
  /** What is sent, with the ids of what it refers to still to be filled in. */
  item: Record<string, unknown>
  /** Why it cannot be made. */
  problem?: string
}

/** An id that nothing has, in place of those of what is still to be made. */
const placeholder = '1'
const maker = (kind: string) => (Object.hasOwn(makers, kind) ? makers[kind] : undefined)

/** Reads a file of JSON Lines, and checks each line against the contract, and that it refers to lines before it. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const check = lineCheck()
  const refs = new Set<string>()
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    const content = number === 1 ? text.replace(/^\ufeff/, '') : text
    if (content.trim() === '') continue
    const line = lineOf(content, number)
    const unknown = refsIn(line.item).find((ref) => !refs.has(ref))
    const problem =
      line.problem ??
      (unknown !== undefined ? `It refers to '@${unknown}', which is no line before it.` : undefined) ??
      (line.ref !== undefined && refs.has(line.ref) ? `Another line has the ref '${line.ref}'.` : undefined) ??
      check(line)
    if (problem === undefined && line.ref !== undefined) refs.add(line.ref)
    yield problem === undefined ? line : { ...line, problem }
  }
}

function lineOf(text: string, number: number): Line {
  const broken = (problem: string): Line => ({ number, kind: '', ref: undefined, item: {}, problem })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return broken(`It is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return broken('It is not a JSON object.')
  const { kind, ref, ...item } = value as Record<string, unknown>
  if (typeof kind !== 'string' || !maker(kind))
    return broken(`'kind' must be one of ${Object.keys(makers).join(', ')}.`)
  if (ref !== undefined && typeof ref !== 'string') return { ...broken(`'ref' must be a text.`), kind }
  return { number, kind, ref, item }
}

/** Returns what a line refers to: values of ids that begin with `@`. */
export const refsIn = (item: Record<string, unknown>): string[] =>
  Object.entries(item).flatMap(([name, value]) => (isRef(name, value) ? [value.slice(1)] : []))

/** Returns an item with ids in place of what it refers to. */
export const withIds = (item: Record<string, unknown>, idOf: (ref: string) => string | undefined) =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, isRef(name, value) ? idOf(value.slice(1)) : value]),
  )

const isRef = (name: string, value: unknown): value is string =>
  name.endsWith('_id') && typeof value === 'string' && value.startsWith('@')

/** Returns what says why a line cannot be sent. Each schema is compiled when it is first needed. */
function lineCheck(): (line: Line) => string | undefined {
  const ajv = new Ajv({ strict: false, validateSchema: false, meta: false, discriminator: true })
  ajv.addFormat('date', true)
  const compiled = new Map<string, ValidateFunction>()
  return ({ kind, item }) => {
    const known = compiled.get(kind) ?? ajv.compile(maker(kind)?.schema ?? {})
    compiled.set(kind, known)
    if (known(withIds(item, () => placeholder))) return undefined
    const [error] = known.errors ?? []
    const place = error?.instancePath ? `'${error.instancePath.slice(1).replaceAll('/', '.')}' ` : ''
    const allowed = error?.keyword === 'enum' ? `: ${error.params.allowedValues.join(', ')}` : ''
    return `${place}${error?.message ?? 'is wrong'}${allowed}.`
  }
}
