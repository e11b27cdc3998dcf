/** At most this many statements are prepared on each connection: each costs the server some ten kilobytes. */
const mostNames = 500
/** The texts that were seen once are forgotten after so many. */
const mostSeen = 2000
/** After so many refusals none is prepared: a pooler between does not keep them. */
const mostRefusals = 20

/** The names of prepared statements, which PostgreSQL has to plan once only. */
export interface StatementNames {
  /** Returns the name of a statement, if it comes again and again. */
  nameOf(text: string): string | undefined
  /** Gives all that come from now on other names: the database did not do what was prepared. */
  refuse(): void
}

/** Makes the names for the connections of a pool. */
export function statementNames(): StatementNames {
  const names = new Map<string, string>()
  const seen = new Set<string>()
  let made = 0
  let refusals = 0
  return {
    nameOf(text) {
      const name = names.get(text)
      if (name !== undefined) return name
      if (names.size >= mostNames || refusals > mostRefusals) return undefined
      if (!seen.has(text)) {
        if (seen.size >= mostSeen) seen.clear()
        seen.add(text)
        return undefined
      }
      seen.delete(text)
      const fresh = `pinfold_${++made}`
      names.set(text, fresh)
      return fresh
    },
    refuse() {
      refusals++
      names.clear()
    },
  }
}
