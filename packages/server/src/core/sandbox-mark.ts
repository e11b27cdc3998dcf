// How a sandbox is known by: its id is in each of its tokens and at the beginning of its addresses. That says where a
// request goes and no more: what it may do there is decided there.

const id = '[0-9a-f]{20}'

/** Returns what the tokens of a sandbox have before their secret part. */
export const sandboxMark = (sandboxId: string): string => `sandbox_${sandboxId}_`

/** Returns the path of a sandbox's base address. */
export const sandboxPath = (sandboxId: string): string => `/_pinfold/sandboxes/${sandboxId}`

const bearer = new RegExp(`^bearer +pin[acr]_sandbox_(${id})_`, 'i')

/** Returns the id of the sandbox whose token an `Authorization` header has. */
export const sandboxOfBearer = (header: string): string | undefined => bearer.exec(header)?.[1]

const below = new RegExp(`^/_pinfold/sandboxes/(${id})(?=/)`)

/** Returns the id of the sandbox below whose base address a path is, and the path inside of it. */
export function sandboxOfPath(path: string): { id: string; inside: string } | undefined {
  const [base = '', found] = below.exec(path) ?? []
  return found === undefined ? undefined : { id: found, inside: path.slice(base.length) }
}
