/** The parts of an OpenAPI document that requests and answers are made from and compared with. */
export interface Description {
  servers: { url: string }[]
  paths: Record<string, Record<string, DescribedOperation>>
  components: { schemas: Record<string, Schema> }
}

export interface DescribedOperation {
  operationId: string
  tags: string[]
  servers?: { url: string }[]
  security: Record<string, unknown>[]
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<
    string,
    { content?: Record<string, { schema: Schema; examples?: Record<string, { value: ErrorBody }> }> }
  >
}

export interface ErrorBody {
  code: number
  message: string
}

export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  examples?: unknown[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  oneOf?: Schema[]
  anyOf?: Schema[]
}

/** One operation of a description, with its method and address. */
export interface Target extends DescribedOperation {
  method: string
  /** With parameters in braces. */
  url: string
}

/** Returns every operation of a description. */
export function targetsOf({ servers, paths }: Description): Target[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, op]) => ({
      ...op,
      method: method.toUpperCase(),
      url: ((op.servers ?? servers)[0]?.url ?? '') + path,
    })),
  )
}

/** Returns the schema that a reference leads to. */
export function resolve(schema: Schema, { components }: Description): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (components.schemas[name] ?? {})
}
