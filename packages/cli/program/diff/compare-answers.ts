import { toldKey } from '../calls/told.ts'
import { areAlike, type Kind, kindOf, ownKinds } from './kind-of.ts'

/** Something that two answers to the same call do not have in common. */
export interface Difference {
  /** Where: `status`, a header, or a field of the body, such as `items[].media.images`. */
  field: string
  /** `missing`: Pinfold lacks the field. `extra`: Pinterest does. `kind`: it is something else. `value`: it says something else. */
  is: 'missing' | 'extra' | 'kind' | 'value'
  /** What Pinterest and Pinfold answer: a kind, or a value that cannot be anybody's secret. */
  pinterest: string
  pinfold: string
}

/** An answer, as far as it is compared. */
export interface ComparedAnswer {
  status: number
  contentType: string | undefined
  /** Its JSON; undefined if there is none. */
  body: unknown
}

/** What is known of the calls before. */
export interface Known {
  /** The ids and bookmarks of Pinterest's, with Pinfold's for the same things. Those of these answers are added. */
  ids: Map<string, string>
  /** Pinterest's ids of what the calls themselves made: of those, everything must agree. */
  made: Set<string>
  /** The texts that the calls sent, which answers repeat. */
  sent: ReadonlySet<string>
}

/** Compares two answers to the same call. `makes`: whether the call makes what it is answered with. */
export function compareAnswers(
  pinterest: ComparedAnswer,
  pinfold: ComparedAnswer,
  known: Known,
  { makes }: { makes: boolean },
): Difference[] {
  const found = new Map<string, Difference>()
  const note = (difference: Difference) => {
    const { field, is } = difference
    if (!found.has(`${field} ${is}`)) found.set(`${field} ${is}`, difference)
  }
  if (pinterest.status !== pinfold.status)
    note({ field: 'status', is: 'value', pinterest: String(pinterest.status), pinfold: String(pinfold.status) })
  const [theirType, ourType] = [mediaType(pinterest), mediaType(pinfold)]
  if (theirType !== ourType) note({ field: 'header content-type', is: 'value', pinterest: theirType, pinfold: ourType })
  // What errors and successes say has nothing in common.
  if (isError(pinterest) !== isError(pinfold)) return [...found.values()]
  if (isError(pinterest)) compareErrors(pinterest.body, pinfold.body, known, note)
  else compare({ path: '', name: '', isExact: makes }, pinterest.body, pinfold.body, { known, note, makes })
  return [...found.values()]
}

const isError = ({ status }: ComparedAnswer): boolean => status >= 400
const mediaType = ({ contentType }: ComparedAnswer): string => contentType?.split(';')[0]?.trim() || 'none'

interface Place {
  path: string
  /** The name of the field, or of the list that it is in. */
  name: string
  /** Whether values must agree: whatever it is was made by the calls. */
  isExact: boolean
}

interface Context {
  known: Known
  note: (difference: Difference) => void
  makes: boolean
}

function compare(place: Place, theirs: unknown, ours: unknown, context: Context): void {
  const [theirKind, ourKind] = [kindOf(theirs, place.name), kindOf(ours, place.name)]
  const { path: field } = place
  if (!areAlike(theirKind, ourKind)) {
    // What is empty with one account is not with another.
    const mayBe = !place.isExact && (theirKind === 'null' || ourKind === 'null')
    const is = ourKind === 'nothing' ? 'missing' : theirKind === 'nothing' ? 'extra' : 'kind'
    if (!mayBe || is !== 'kind') context.note({ field: field || 'body', is, pinterest: theirKind, pinfold: ourKind })
  } else if (isList(theirs) && isList(ours)) compareLists(place, theirs, ours, context)
  else if (isObject(theirs) && isObject(ours)) compareObjects(place, theirs, ours, context)
  else compareValues(place, theirKind, theirs, ours, context)
}

function compareObjects(
  place: Place,
  theirs: Record<string, unknown>,
  ours: Record<string, unknown>,
  context: Context,
) {
  const { known, makes } = context
  const id = typeof theirs.id === 'string' ? theirs.id : undefined
  if (id !== undefined && typeof ours.id === 'string') {
    if (!known.ids.has(id)) known.ids.set(id, ours.id)
    if (makes && place.path === '') known.made.add(id)
  }
  const isExact = id === undefined ? place.isExact : known.made.has(id)
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const told = toldKey(name)
    // The keys of a map, such as dates, are nobody's fields.
    if (told === '*' && !(name in theirs && name in ours)) continue
    const path = place.path === '' ? told : `${place.path}.${told}`
    compare({ path, name, isExact }, theirs[name], ours[name], context)
  }
}

function compareLists(place: Place, theirs: unknown[], ours: unknown[], context: Context): void {
  const items = { ...place, path: `${place.path}[]` }
  if (place.isExact && theirs.length !== ours.length)
    context.note({
      field: place.path || 'body',
      is: 'value',
      pinterest: `${theirs.length} items`,
      pinfold: `${ours.length} items`,
    })
  // What is known to be the same is compared wherever it is, and the rest in order.
  const idOf = (item: unknown) => (isObject(item) && typeof item.id === 'string' ? item.id : undefined)
  const known = theirs.map((item) => context.known.ids.get(idOf(item) ?? ''))
  const rest = ours.filter((item) => !known.includes(idOf(item) ?? ''))
  for (const [at, item] of theirs.entries()) {
    const id = known[at]
    const counterpart = id === undefined ? rest.shift() : ours.find((one) => idOf(one) === id)
    if (counterpart !== undefined) compare(items, item, counterpart, context)
  }
}

function compareValues(place: Place, kind: Kind, theirs: unknown, ours: unknown, { known, note }: Context): void {
  if (theirs === ours) return
  if (ownKinds.has(kind)) {
    if ((kind === 'id' || kind === 'bookmark') && !known.ids.has(String(theirs)))
      known.ids.set(String(theirs), String(ours))
    return
  }
  if (!place.isExact) return
  // Texts that nobody sent are the server's own: names of accounts, colours of pictures.
  if (kind === 'text' && !known.sent.has(String(theirs)) && !isConstant(theirs)) return
  note({ field: place.path || 'body', is: 'value', pinterest: told(theirs), pinfold: told(ours) })
}

function compareErrors(theirs: unknown, ours: unknown, known: Known, note: Context['note']): void {
  if (!isObject(theirs) || !isObject(ours)) return
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const field = toldKey(name)
    if (!(name in ours)) note({ field, is: 'missing', pinterest: kindOf(theirs[name]), pinfold: 'nothing' })
    else if (!(name in theirs)) note({ field, is: 'extra', pinterest: 'nothing', pinfold: kindOf(ours[name]) })
  }
  if ('code' in theirs && 'code' in ours && theirs.code !== ours.code)
    note({ field: 'code', is: 'value', pinterest: told(theirs.code), pinfold: told(ours.code) })
  const [their, our] = [toldMessage(theirs.message, known), toldMessage(ours.message, known)]
  if (their !== our) note({ field: 'message', is: 'value', pinterest: their, pinfold: our })
}

/** Returns an error's message without what it quotes. */
export function toldMessage(message: unknown, { sent }: Pick<Known, 'sent'>): string {
  if (typeof message !== 'string') return kindOf(message)
  return [...sent]
    .filter(({ length }) => length > 2)
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '…'), message)
    .replaceAll(/(["'`]).*?\1/g, '$1…$1')
    .replaceAll(/https?:\/\/\S+/g, '…')
    .replaceAll(/[\w.+-]+@[\w.-]+/g, '…')
    .replaceAll(/\b(?=\w*\d)\w{5,}\b/g, '…')
    .slice(0, 300)
}

/** Returns a value if it cannot be anybody's secret, and else what it is. */
function told(value: unknown): string {
  if (typeof value === 'string') return isConstant(value) ? value : `a text of ${value.length} characters`
  return String(value)
}

/** Returns whether a value is one of the API's own words, such as `PUBLIC`. */
const isConstant = (value: unknown): boolean => typeof value === 'string' && /^[A-Z][A-Z_]{1,40}$/.test(value)

const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
