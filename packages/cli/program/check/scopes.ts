import type { Operation, Scope } from '@pinfold/contract'
import type { RecordedCall } from '../calls/read-calls.ts'
import type { Found } from './finding.ts'

/** Follows which scopes tokens have, as far as the file says. */
export interface ScopeCheck {
  /** Returns the scopes that a call lacks. */
  of(call: RecordedCall): Found[]
}

/** Makes a check of scopes. `given`: the scopes of the program's tokens; undefined: those that the calls were given. */
export function scopeCheck(given: readonly string[] | undefined): ScopeCheck {
  let granted = given && new Set(given)
  return {
    of(call) {
      const { operation, answer } = call
      if (!operation) return []
      if (operation.id === 'oauth/token') {
        const scope = answer.status < 300 && 'value' in answer.body ? fieldOf(answer.body.value, 'scope') : undefined
        if (given === undefined && typeof scope === 'string') granted = new Set(scope.split(/[\s,]+/))
        return []
      }
      const needed = scopesOf(operation)
      const lacking = granted ? needed.filter((scope) => !granted?.has(scope)) : refusedFor(call, needed)
      return lacking.map((scope) => ({
        problem: 'missing scope',
        about: scope,
        text: `The token lacks ${scope}, which ${operation.id} needs. Ask for it when somebody signs in.`,
      }))
    },
  }
}

const scopesOf = ({ auth }: Operation): readonly Scope[] => (auth.by === 'token' ? auth.scopes : [])

/** Returns the scopes for lack of which a call was refused, as far as its answer names them. */
function refusedFor({ answer }: RecordedCall, needed: readonly Scope[]): readonly string[] {
  if (answer.status !== 401 && answer.status !== 403) return []
  const message = 'value' in answer.body ? fieldOf(answer.body.value, 'message') : undefined
  if (typeof message !== 'string' || !/scope|missing/i.test(message)) return []
  const named = message.match(/\b[a-z_]+:(?:read|write)(?:_secret)?\b/g)
  return named ? [...new Set(named)] : needed
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
