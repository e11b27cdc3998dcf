import { InvalidArgumentError } from 'commander'

/** Reads the largest number of items to list. */
export function toLimit(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a number from 0 on.')
  return Number(text)
}

/** Returns the value to send for an option: null for an empty text, which clears the field. */
export const textOrNull = (text: string | undefined): string | null | undefined => (text === '' ? null : text)

/** Returns the page size for `limit` items: a page has at most 250. */
export const pageSize = (limit: number | undefined): number => Math.min(Math.max(limit ?? 250, 1), 250)

/** Returns a parser for a number in a range. */
export function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
    return number
  }
}

/** Reads a Pin's id, or its web address (`https://www.pinterest.com/pin/123/`), of Pinterest or of a Pinfold. */
export function toPinId(text: string): string {
  if (/^\d+$/.test(text)) return text
  const url = URL.parse(text)
  const [, id] =
    /^\/pin\/(?:[^/]*--)?(\d+)(?:\/|$)/.exec(url && /^https?:$/.test(url.protocol) ? url.pathname : '') ?? []
  if (id === undefined)
    throw new InvalidArgumentError('It must be an id, such as 1142048512397440, or a Pin’s address.')
  return id
}

/** Reads the name or the id of a thing: any text but an empty one. */
export function toName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.')
  return text
}
