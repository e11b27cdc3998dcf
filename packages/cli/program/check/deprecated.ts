import type { RecordedCall } from '../calls/read-calls.ts'
import { checkScalar, formsOf, type Schema } from './fields.ts'
import type { Found } from './finding.ts'

/** Returns what is deprecated in a call: the operation as a whole, parameters, fields and values, each once. */
export function checkDeprecated({ operation, notServed, url, body }: RecordedCall): Found[] {
  const found = new Map<string, Found>()
  const add = (about: string, description = '') => {
    const text = `${about} is deprecated. ${description}`.trimEnd()
    if (!found.has(about)) found.set(about, { problem: 'deprecated', about, text })
  }
  const called = operation ?? notServed
  if (called?.deprecated) add(called.id, operation?.description)
  const { properties = {} } = (operation?.query ?? {}) as Schema
  for (const [name, schema] of Object.entries(properties))
    for (const value of url.searchParams.getAll(name))
      if (schema.deprecated) add(`query ${name}`, schema.description)
      else
        for (const each of schema.items ? value.split(',') : [value])
          look(schema.items ?? schema, each, `query ${name}`, add)
  const inBody = (operation?.body?.schema ?? notServed?.deprecatedInBody) as Schema | undefined
  if (inBody && 'value' in body) look(inBody, body.value, '', add)
  return [...found.values()]
}

type Add = (about: string, description?: string) => void

function look(schema: Schema, value: unknown, path: string, add: Add): void {
  const forms = formsOf(schema, value).filter((form) => fits(form, value))
  const [first] = forms
  if (first && forms.every(({ deprecated }) => deprecated)) {
    add(path, first.description)
    return
  }
  if (typeof value === 'string')
    for (const { 'x-deprecated-values': values } of forms)
      if (values && Object.hasOwn(values, value)) add(`${path} ${value}`, values[value])
  if (typeof value !== 'object' || value === null) return
  for (const { items, properties = {} } of forms) {
    if (Array.isArray(value)) for (const item of items ? value : []) look(items ?? {}, item, `${path}[]`, add)
    else
      for (const [name, part] of Object.entries(properties))
        if (Object.hasOwn(value, name)) look(part, Reflect.get(value, name), path ? `${path}.${name}` : name, add)
  }
}

/** Whether a value may have this form, as far as its type and its values say. */
function fits(form: Schema, value: unknown): boolean {
  if (Array.isArray(value)) return form.items !== undefined || form.type === undefined
  if (typeof value === 'object' && value !== null)
    return form.type === undefined || [form.type].flat().includes('object')
  const problems: Found[] = []
  checkScalar(form, value, '', problems)
  return problems.length === 0
}
