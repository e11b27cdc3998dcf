/** A shape as it was observed: see `readShapes`. */
export type Shape = string | readonly Shape[] | { readonly [name: string]: Shape }

/**
 * Reads a file of observed answers: a line for each operation with its id, a blank and the shape as JSON. In a shape, texts stand for
 * values: `integer`, `string(digits)`, `null`, a constant or several, with `|` between alternatives; a name with `?`
 * was not always there.
 */
export function readShapes(text: string): Map<string, Shape> {
  const lines = text.matchAll(/^([a-z_]+(?:\/[a-z_]+)+) ([[{"].*)$/gm)
  return new Map([...lines].map(([, id = '', json = '']) => [id, JSON.parse(json)]))
}

/** Returns how an answer differs from an observed shape, each as `place: what`; empty if it does not. */
export function differencesFrom(shape: Shape, answer: unknown): string[] {
  return [...new Set(compare(shape, answer, ''))].sort()
}

function compare(shape: Shape, value: unknown, place: string): string[] {
  if (typeof shape === 'string') return isOfKind(shape, value) ? [] : [`${place}: is ${show(value)}, not ${shape}`]
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${place}: is ${show(value)}, no list`]
    // Of an empty list nothing is known.
    const [item] = shape
    return item === undefined ? [] : value.flatMap((each) => compare(item, each, `${place}[]`))
  }
  if (!isRecord(value)) return [`${place}: is ${show(value)}, no object`]
  const names = Object.keys(shape)
  return names.some(isVariable) ? compareMap(shape, value, place) : compareRecord(shape, value, place)
}

/** Objects of which only the fields are known, not their names: series by days. */
function compareMap(shape: { readonly [name: string]: Shape }, value: Record<string, unknown>, place: string) {
  const [item = ''] = Object.values(shape)
  return Object.values(value).flatMap((each) => compare(item, each, `${place}{}`))
}

function compareRecord(shape: { readonly [name: string]: Shape }, value: Record<string, unknown>, place: string) {
  const wanted = new Map(Object.entries(shape).map(([name, inner]) => [name.replace(/\?$/, ''), inner]))
  // An object that was always empty says nothing of its fields.
  if (wanted.size === 0) return []
  const at = (name: string) => (place === '' ? name : `${place}.${name}`)
  const missing = Object.keys(shape).filter((name) => !name.endsWith('?') && !(name in value))
  return [
    ...missing.map((name) => `${at(name)}: is missing`),
    ...Object.entries(value).flatMap(([name, each]) => {
      const inner = wanted.get(name)
      if (inner === undefined) return [`${at(name)}: was not observed`]
      // Whether there is a next page is no matter of kind.
      return name === 'bookmark' && (each === null || typeof each === 'string') ? [] : compare(inner, each, at(name))
    }),
  ]
}

const isVariable = (name: string): boolean => name.startsWith('<') || /^\d{4}-\d\d-\d\d$/.test(name)
const isList = (shape: Shape): shape is readonly Shape[] => Array.isArray(shape)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts: Record<string, RegExp> = {
  'string(digits)': /^\d+$/,
  'string(url)': /^https?:\/\//,
  'string(YYYY-MM-DD)': /^\d{4}-\d\d-\d\d$/,
  'string(YYYY-MM-DDTHH:MM:SS)': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  'string(YYYY-MM-DDTHH:MM:SS.ffffff)': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/,
}

/** Whether a value is of one of the kinds. What was always null may be anything; constants stand for any text. */
function isOfKind(kinds: string, value: unknown): boolean {
  if (kinds === 'null') return true
  return kinds.split('|').some((given) => {
    const kind = given.trim()
    if (kind === 'null') return value === null
    if (kind === 'integer') return Number.isInteger(value)
    if (kind === 'number' || kind === 'boolean') return typeof value === kind
    return typeof value === 'string' && (texts[kind]?.test(value) ?? true)
  })
}

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
