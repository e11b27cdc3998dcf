import type { Static, TProperties, TSchema } from 'typebox'
import { Type } from './type.ts'

/** Returns the schema of a string that is one of `values`. */
export function StringEnum<const T extends readonly string[]>(values: T, options: Record<string, unknown> = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

/**
 * Returns the schema of `schema` or null. A simple one becomes a list of types, which validators and generators handle
 * better than a union; a union or a model becomes a union, since a list of types would lose its contents.
 */
export function Nullable<T extends TSchema>(schema: T) {
  const { type, enum: values, ...rest } = schema as { type?: string; enum?: unknown[] } & Record<string, unknown>
  if (type === undefined || 'oneOf' in rest || 'title' in rest)
    return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [type, 'null'], ...(values && { enum: [...values, null] }) })
}

/** Returns the schema of a union whose variants are distinguished by `property`, a constant in each. */
export function Tagged<T extends TSchema[]>(property: string, variants: [...T], options: Record<string, unknown> = {}) {
  return Type.Unsafe<Static<T[number]>>({
    type: 'object',
    discriminator: { propertyName: property },
    required: [property],
    oneOf: variants,
    ...options,
  })
}

/**
 * Returns a schema with a name, under which the API description lists it once. Unknown fields are ignored; with
 * `additionalProperties: false` in the options they are refused.
 */
export function Model<T extends TProperties>(
  name: string,
  description: string,
  properties: T,
  options: Record<string, unknown> = {},
) {
  return Type.Object(properties, { title: name, description, ...options })
}

/** Returns the schema of an object with any keys, whose values all fit `value`. */
export function MapOf<T extends TSchema>(value: T, options: Record<string, unknown> = {}) {
  return Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: value, ...options })
}

/** Identifiers are positive integers below 2⁵³, written as decimal strings. */
export const Id = (description: string) =>
  Type.String({ pattern: '^\\d+$', description, examples: ['1142048512397312'] })

/** UTC without a time zone, `YYYY-MM-DDTHH:MM:SS`, in some places with microseconds. */
export const Timestamp = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-03-14T09:26:53'] })

/** One page of a list: its items in order, and the bookmark of the next page. */
export const PageOf = <T extends TSchema>(item: T, description: string) =>
  Type.Object({
    items: Type.Array(item, { description }),
    bookmark: Nullable(
      Type.String({ description: 'Pass it on as `bookmark` to get the next page. Null on the last page.' }),
    ),
  })

export const pageQuery = {
  bookmark: Type.Optional(
    // The longest bookmark is that of a list by name: 180 characters of four bytes, in base64.
    Type.String({ maxLength: 1024, description: 'Where to go on: the `bookmark` of the page before.' }),
  ),
  page_size: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 250, default: 25, description: 'The most items that a page may hold.' }),
  ),
}

export const adAccountQuery = {
  ad_account_id: Type.Optional(
    Type.String({
      pattern: '^\\d+$',
      maxLength: 18,
      description: 'Act as the account that owns this ad account. The token must have access to it.',
    }),
  ),
}
