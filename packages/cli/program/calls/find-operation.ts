import { type Operation, operations } from '@pinfold/contract'

/** Returns the operation of Pinterest's that a method and a path mean, and the parameters in the path. */
export function findOperation(
  method: string,
  pathname: string,
): { operation: Operation | undefined; params: Record<string, string> } {
  const path = pathname.replace(/^\/sandbox(?=\/)/, '').replace(/(?<=.)\/$/, '')
  for (const { operation, pattern } of patterns) {
    if (operation.method !== method) continue
    const match = pattern.exec(path)
    if (match) return { operation, params: { ...match.groups } }
  }
  return { operation: undefined, params: {} }
}

/** The operations with the patterns of their paths; those with words where others have parameters come first. */
const patterns = (operations as readonly Operation[])
  .filter(({ root }) => root === undefined)
  .map((operation) => ({
    operation,
    pattern: new RegExp(`^/v5${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    parameters: operation.path.split('{').length,
  }))
  .toSorted((a, b) => a.parameters - b.parameters)
