import type { PinsQuery } from '../api/calls.ts'
import { readHex } from './colours.ts'

/** What a page of results shows. */
export type SearchTab = 'pins' | 'boards' | 'people'

/** What is searched for, as the address of the results has it. */
export interface Wanted {
  query: string
  /** Whether only one's own things are meant. */
  mine: boolean
  /** What narrows Pins down. */
  kind?: PinsQuery['kind']
  board?: string
  site?: string
  hasLink?: boolean
  added?: Added
  /** The colour that Pins are near to, as six hexadecimal digits. */
  color?: string
}

/** How long ago a Pin was added at most. */
export const addedWithin = ['week', 'month', 'year'] as const
export type Added = (typeof addedWithin)[number]
const days: Record<Added, number> = { week: 7, month: 30, year: 365 }

const kinds = ['image', 'video', 'carousel'] as const

/** Reads the query string of an address; what it does not know it leaves out. */
export function readWanted(search: string): Wanted {
  const given = new URLSearchParams(search)
  const kind = kinds.find((each) => each === given.get('kind'))
  const added = addedWithin.find((each) => each === given.get('added'))
  const color = readHex(given.get('color') ?? '')
  const [board, site] = [given.get('board'), given.get('site')]
  return {
    query: given.get('q') ?? '',
    mine: given.has('mine'),
    ...(kind && { kind }),
    ...(added && { added }),
    ...(board && { board }),
    ...(site && { site }),
    ...(given.has('link') && { hasLink: true }),
    ...(color && { color }),
  }
}

/** Returns the address of the results. */
export function searchHref(tab: SearchTab, { query, mine, kind, board, site, hasLink, added, color }: Wanted): string {
  const given = new URLSearchParams({
    q: query,
    ...(mine && { mine: '1' }),
    ...(kind && { kind }),
    ...(board && { board }),
    ...(site && { site }),
    ...(hasLink && { link: '1' }),
    ...(added && { added }),
    ...(color && { color }),
  })
  return `/search${tab === 'pins' ? '' : `/${tab}`}?${given}`
}

/** Returns the query of the API. */
export function pinsQueryOf({ query, mine, kind, board, site, hasLink, added, color }: Wanted): PinsQuery {
  return {
    query,
    ...(mine && { scope: 'mine' }),
    ...(kind && { kind }),
    ...(board && { board_id: board }),
    ...(site && { site: hostIn(site) }),
    ...(hasLink && { has_link: true }),
    ...(color && { color }),
    ...(added && { since: new Date(Date.now() - days[added] * 86_400_000).toISOString().slice(0, 10) }),
  }
}

/** Whether anything narrows the Pins down. */
export const isNarrowed = ({ kind, board, site, hasLink, added, color }: Wanted): boolean =>
  Boolean(kind || board || site || hasLink || added || color)

/** Returns the host of what somebody typed: a host, or an address. */
export const hostIn = (typed: string): string =>
  (URL.parse(typed.includes('://') ? typed : `http://${typed}`)?.hostname ?? typed).replace(/^www\./, '')
