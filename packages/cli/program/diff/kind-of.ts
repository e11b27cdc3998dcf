/** What a value is, as far as two servers can agree on it. */
export type Kind =
  | 'nothing'
  | 'null'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'id'
  | 'bookmark'
  | 'date'
  | 'time'
  | 'time with a zone'
  | 'address'
  | 'text'
  | 'list'
  | 'object'

/** Returns what a value is; `name` is that of its field. */
export function kindOf(value: unknown, name = ''): Kind {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'boolean':
      return 'boolean'
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number'
    case 'string':
      return kindOfText(value, name)
    default:
      return 'object'
  }
}

function kindOfText(text: string, name: string): Kind {
  if (name === 'bookmark') return 'bookmark'
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return 'date'
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)) return 'time'
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return 'time with a zone'
  if (/^https?:\/\/\S+$/.test(text)) return 'address'
  if (/^\d{1,20}$/.test(text) && (name === '' || /(^|_)ids?$/.test(name))) return 'id'
  return 'text'
}

/** Kinds whose values never agree between two servers. */
export const ownKinds: ReadonlySet<Kind> = new Set<Kind>([
  'id',
  'bookmark',
  'date',
  'time',
  'time with a zone',
  'address',
])

/** Returns whether two kinds are alike: a number may be whole by chance. */
export const areAlike = (a: Kind, b: Kind): boolean =>
  a === b || (['integer', 'number'].includes(a) && ['integer', 'number'].includes(b))
