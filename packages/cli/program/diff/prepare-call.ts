import type { RecordedCall } from '../calls/read-calls.ts'

/** A request for Pinfold, or why the call cannot be sent to it. */
export type PreparedCall = { path: string; body: { type: string; text: string } | undefined } | { cannot: string }

/** Prepares a call for Pinfold: with Pinfold's ids in place of Pinterest's. */
export function prepareCall(call: RecordedCall, ids: ReadonlyMap<string, string>): PreparedCall {
  const { operation, answer, body, url } = call
  if (!operation) return { cannot: 'Pinfold has no such operation.' }
  if (operation.auth.by === 'app') return { cannot: 'It carries secrets of an app.' }
  if (answer.status === 0) return { cannot: 'It was not answered.' }
  if (answer.status === 429 || answer.status >= 500)
    return { cannot: 'Pinterest refused it for its load or its limits.' }
  if (answer.body.kind === 'not kept') return { cannot: 'The file has not its answer.' }
  if (body.kind === 'not kept' || body.kind === 'text') return { cannot: 'The file has not what was sent.' }
  const value = 'value' in body ? body.value : undefined
  if (hasGap([value, [...url.searchParams.values()]])) return { cannot: 'Something secret in it is not in the file.' }
  // Who names what there is not is answered so by both.
  const wasFound = answer.status < 400
  let unknown = false
  const translated = (name: string, id: string): string => {
    const known = ids.get(id)
    if (known === undefined && wasFound && isReference(name, id)) unknown = true
    return known ?? id
  }
  const path = url.pathname
    .split('/')
    .map((part) => (/^\d+$/.test(part) ? translated('id', part) : part))
    .join('/')
  const query = new URLSearchParams(
    [...url.searchParams].map(([name, text]) => [
      name,
      text
        .split(',')
        .map((each) => translated(name, each))
        .join(','),
    ]),
  )
  const translatedBody = translate(value, '', translated)
  if (unknown) return { cannot: 'It names something that no call before it in the file has read or made.' }
  return {
    path: query.size > 0 ? `${path}?${query}` : path,
    body:
      value === undefined
        ? undefined
        : body.kind === 'form'
          ? {
              type: 'application/x-www-form-urlencoded',
              text: new URLSearchParams(translatedBody as Record<string, string>).toString(),
            }
          : { type: 'application/json', text: JSON.stringify(translatedBody) },
  }
}

/** Returns whether a text is one that a server gave to something. */
const isReference = (name: string, text: string): boolean =>
  name === 'bookmark' || (/^\d{6,}$/.test(text) && /(^|_)ids?$/.test(name))

function translate(value: unknown, name: string, translated: (name: string, id: string) => string): unknown {
  if (typeof value === 'string') return translated(name, value)
  if (Array.isArray(value)) return value.map((item) => translate(item, name, translated))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, translate(field, key, translated)]))
}

/** Returns whether something was left out where a text was. */
function hasGap(value: unknown): boolean {
  if (typeof value === 'string') return value === '…'
  return typeof value === 'object' && value !== null && Object.values(value).some(hasGap)
}

/** Adds the texts in a value to `texts`. */
export function gatherTexts(value: unknown, texts: Set<string>): void {
  if (typeof value === 'string') texts.add(value)
  else if (typeof value === 'object' && value !== null)
    for (const field of Object.values(value)) gatherTexts(field, texts)
}
