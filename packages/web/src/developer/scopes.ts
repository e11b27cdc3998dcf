import type { Scope } from './calls.ts'

/** Every scope. The compiler names one that is missing. */
const every: Record<Scope, true> = {
  'ads:read': true,
  'ads:write': true,
  'billing:read': true,
  'billing:write': true,
  'biz_access:read': true,
  'biz_access:write': true,
  'boards:read': true,
  'boards:read_secret': true,
  'boards:write': true,
  'boards:write_secret': true,
  'catalogs:read': true,
  'catalogs:write': true,
  'msot:write': true,
  'pins:read': true,
  'pins:read_secret': true,
  'pins:write': true,
  'pins:write_secret': true,
  'user_accounts:read': true,
  'user_accounts:write': true,
}

/** Every scope, by name. */
export const allScopes = Object.keys(every) as readonly Scope[]

/** Those that change nothing. */
export const readingScopes: readonly Scope[] = allScopes.filter((scope) => scope.includes(':read'))
