import type { Operation, TSchema } from '@pinfold/contract'
import type { RecordedCall } from '../calls/read-calls.ts'
import { toldKey } from '../calls/told.ts'
import type { Found } from './finding.ts'

/** A JSON schema, as far as it is looked at here. */
export interface Schema {
  type?: string | readonly string[]
  properties?: Record<string, Schema>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  enum?: readonly unknown[]
  oneOf?: readonly Schema[]
  anyOf?: readonly Schema[]
  allOf?: readonly Schema[]
  discriminator?: { propertyName: string }
  deprecated?: boolean
  description?: string
  /** The deprecated ones of its values, each with what to do instead. */
  'x-deprecated-values'?: Readonly<Record<string, string>>
}

/** Returns what the query and the body of a call have that its operation does not know, and what they lack. */
export function checkFields({ operation, url, body }: RecordedCall): Found[] {
  if (!operation) return []
  const found = checkQuery(operation, url)
  if (operation.body && 'value' in body) checkValue(asSchema(operation.body.schema), body.value, '', found)
  else if (operation.body && body.kind === 'none') checkValue(asSchema(operation.body.schema), {}, '', found)
  return found
}

const asSchema = (schema: TSchema): Schema => schema as Schema

function checkQuery({ query }: Operation, { searchParams }: URL): Found[] {
  const { properties = {}, required = [] } = query ? asSchema(query) : {}
  const found: Found[] = []
  const given = new Set([...searchParams.keys()].map((name) => name.replace(/\[.*$/s, '')))
  for (const name of given) {
    const schema = properties[name]
    if (!schema) found.push(unknown(`query ${toldKey(name)}`, Object.keys(properties)))
    else if (schema.enum || asItems(schema).enum)
      for (const text of searchParams.getAll(name).flatMap((value) => (schema.items ? value.split(',') : value)))
        checkEnum(schema.items ?? schema, text, `query ${name}`, found)
  }
  for (const name of required) if (!given.has(name)) found.push(missing(`query ${name}`))
  return found
}

const asItems = ({ items = {} }: Schema): Schema => items

function checkValue(schema: Schema, value: unknown, path: string, found: Found[]): void {
  if (Array.isArray(value)) {
    const list = formsOf(schema, value).find(({ items }) => items)
    if (list?.items) for (const item of value) checkValue(list.items, item, `${path}[]`, found)
    return
  }
  if (typeof value !== 'object' || value === null) {
    const forms = formsOf(schema, value)
    const [only] = forms
    if (only && forms.length === 1) checkScalar(only, value, path, found)
    return
  }
  const forms = formsOf(schema, value).filter(
    ({ properties, additionalProperties }) => properties || additionalProperties,
  )
  if (forms.length === 0) return
  const place = (name: string) => (path === '' ? name : `${path}.${name}`)
  const names = new Set(forms.flatMap(({ properties = {} }) => Object.keys(properties)))
  for (const [name, field] of Object.entries(value)) {
    const own = forms.flatMap(({ properties = {} }) => properties[name] ?? [])
    const [first] = own
    if (own.length === 1 && first) checkValue(first, field, place(name), found)
    else if (own.length > 1) checkValue({ anyOf: own }, field, place(name), found)
    else if (!forms.some(({ additionalProperties }) => typeof additionalProperties === 'object'))
      found.push(unknown(place(toldKey(name)), [...names]))
  }
  for (const name of names)
    if (!(name in value) && forms.every(({ required = [] }) => required.includes(name)))
      found.push(missing(place(name)))
}

/** Returns the forms that a value may have, with each form's own fields; with a discriminator the one that it names. */
export function formsOf(schema: Schema, value: unknown): Schema[] {
  const { oneOf, anyOf, allOf, discriminator, ...own } = schema
  const variants = oneOf ?? anyOf
  const tag = discriminator && (value as Record<string, unknown> | null)?.[discriminator.propertyName]
  if (variants) {
    const named =
      tag === undefined
        ? variants
        : variants.filter(({ properties }) => properties?.[discriminator?.propertyName ?? '']?.enum?.includes(tag))
    const forms = (named.length > 0 ? named : variants).flatMap((variant) => formsOf(variant, value))
    return forms.map((form) => merged(own, form))
  }
  if (allOf) return [allOf.reduce<Schema>((all, part) => merged(all, formsOf(part, value)[0] ?? {}), own)]
  return [own]
}

const merged = (a: Schema, b: Schema): Schema => ({
  ...a,
  ...b,
  ...((a.properties || b.properties) && { properties: { ...a.properties, ...b.properties } }),
  required: [...(a.required ?? []), ...(b.required ?? [])],
})

/** Adds what is wrong with a value that is neither a list nor an object. */
export function checkScalar(schema: Schema, value: unknown, path: string, found: Found[]): void {
  const types = [schema.type ?? []].flat()
  const type = value === null ? 'null' : typeof value
  const fits =
    types.length === 0 ||
    types.includes(type) ||
    (type === 'number' && types.includes('integer') && Number.isInteger(value)) ||
    // A form has texts alone, and what was secret is a text in the file.
    (typeof value === 'string' && value === '…')
  if (!fits)
    found.push({
      problem: 'wrong value',
      about: path,
      text: `${path} is ${type === 'null' ? 'null' : `a ${type}`}; it must be ${types.join(' or ')}.`,
    })
  else checkEnum(schema, value, path, found)
}

function checkEnum(schema: Schema, value: unknown, path: string, found: Found[]): void {
  if (!schema.enum || schema.enum.includes(value) || value === '…') return
  // Numbers and flags in a query are texts.
  if (schema.enum.some((one) => String(one) === value)) return
  const allowed = schema.enum.filter((one) => one !== null).join(', ')
  found.push({ problem: 'wrong value', about: path, text: `${path} has a value that is none of ${allowed}.` })
}

const missing = (about: string): Found => ({
  problem: 'missing field',
  about,
  text: `${about} is missing, and must be there.`,
})

function unknown(about: string, known: readonly string[]): Found {
  const name = about.replace(/^query /, '').replace(/^.*\./, '')
  const near = known.find((each) => each.toLowerCase().replaceAll('_', '') === name.toLowerCase().replaceAll('_', ''))
  return {
    problem: 'unknown field',
    about,
    text: `${about} is not known here, and is passed over or refused.${near ? ` Do you mean ${near}?` : ''}`,
  }
}
