import { isScope, type Scope } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'

/** Reads a list of scopes, separated by commas, spaces or both. Throws a 400 that names an unknown one. */
export function readScopes(text: string): Scope[] {
  const names = [...new Set(text.split(/[\s,+]+/).filter((name) => name !== ''))]
  const unknown = names.filter((name) => !isScope(name))
  if (unknown.length > 0) throw invalid(`'scope': unknown: ${unknown.join(', ').slice(0, 200)}.`)
  if (names.length === 0) throw invalid(`'scope' must name at least one scope, such as boards:read.`)
  return names.filter(isScope)
}
