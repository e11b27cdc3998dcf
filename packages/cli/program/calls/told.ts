import type { RecordedCall } from './read-calls.ts'

/** Returns a call's method and path without what is somebody's: ids, names and parameters. */
export function toldPath({ method, url, operation, notServed }: RecordedCall): string {
  const known = operation ?? notServed
  if (known) return `${method} /v5${known.path}`
  return `${method} ${url.pathname
    .split('/')
    .map((part) => (/^[a-z_]{0,40}$|^v\d$/.test(part) ? part : '…'))
    .join('/')}`
}

/** Returns the name of a field that may be told: those of maps can be dates, addresses or names of people. */
export const toldKey = (key: string): string => (/^[a-z_][a-z0-9_]{0,60}$/i.test(key) ? key : '*')
