import { ApiFailure } from '../api/call.ts'
import { type Words, words } from './index.ts'

/** What the server says in English, and the words for it, which take the numbers in it. */
const reasons: readonly [RegExp, keyof Words['reasons']][] = [
  [/in a range that is not fetched from/, 'privateAddress'],
  [/must be an http or https address|must be a web address|'link' must/, 'noAddress'],
  [/redirects more than/, 'redirects'],
  [/answered with status (\d+)/, 'status'],
  [/host name is not known/, 'unknownHost'],
  [/connection (?:was refused|failed)/, 'noConnection'],
  [/did not answer within (\d+) seconds/, 'tooSlow'],
  [/neither a page nor/, 'noPage'],
  [/none of JPEG/, 'noPicture'],
  [/larger than (\d+) MB/, 'tooLarge'],
  [/longer than (\d+) minutes/, 'tooLong'],
  [/no video in it|has no pictures|It is empty/, 'noVideo'],
  [/H\.26[45]/, 'otherVideo'],
  [/processing (?:took too long|broke off)/, 'notProcessed'],
  [/pixels/, 'pixels'],
  [/has (\d+) Pins at most/, 'fullBoard'],
  [/has (\d+) sections at most/, 'manySections'],
  [/for advertising only cannot be merged/, 'adsOnly'],
  [/damaged|cut off|could not be processed/, 'damaged'],
]

/** Says in the page's language why a request was refused; in the server's English where the app has no words for it. */
export function sayFailure(error: unknown): string {
  if (!(error instanceof ApiFailure)) return words.failed.title
  const { status, message, entry } = error
  if (status === 0) return words.pinning.notSent
  if (status === 429) return words.tooFast.title
  if (status >= 500) return words.failed.title
  return sayReason(message) ?? sayEntry(entry) ?? (message || words.failed.title)
}

/** Says the reason that the server gives; undefined if the app has no words for it. */
export function sayReason(message: string): string | undefined {
  for (const [pattern, name] of reasons) {
    const found = pattern.exec(message)
    if (found) return words.reasons[name](found[1] ?? '')
  }
  return undefined
}

const sayEntry = (entry: string): string | undefined =>
  Object.hasOwn(words.refusals, entry) ? words.refusals[entry as keyof Words['refusals']] : undefined
