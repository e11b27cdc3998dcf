import type { LogFilters } from './calls.ts'

/** What somebody typed to narrow the log, as the log takes it; or what is wrong with it. */
export type ReadFilter = { filters: LogFilters } | { unknown: string } | { badStatus: string }

const names = {
  op: 'operation',
  operation: 'operation',
  status: 'status',
  app: 'app',
  account: 'account',
  since: 'since',
} as const

const isName = (name: string): name is keyof typeof names => Object.hasOwn(names, name)

/**
 * Reads a filter: `op:pins/create status:429 app:17 account:demo`, in any order; all other words are looked for together. A
 * word with a colon in quotes is a word.
 */
export function readFilter(typed: string): ReadFilter {
  const filters: LogFilters = {}
  const words: string[] = []
  for (const [part, quoted] of typed.matchAll(/"([^"]*)"?|\S+/g)) {
    const [, name, value] = quoted === undefined ? (/^([a-z]+):(?!\/\/)(.*)$/i.exec(part) ?? []) : []
    if (name === undefined || value === undefined) words.push(quoted ?? part)
    else if (!isName(name)) return { unknown: name }
    // Whoever has typed no more than the name so far goes on.
    else if (value !== '') filters[names[name]] = value
  }
  if (filters.status !== undefined && !/^[1-5](\d\d|xx)$/.test(filters.status)) return { badStatus: filters.status }
  if (filters.app !== undefined && !/^\d+$/.test(filters.app)) return { filters: { ...filters, app: '0' } }
  const text = words.join(' ').trim()
  return { filters: { ...filters, ...(text.length >= 2 && { text: text.slice(0, 200) }) } }
}
