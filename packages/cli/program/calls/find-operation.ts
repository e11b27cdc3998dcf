import { type Operation, operations } from '@pinfold/contract'
import { type NotServedOperation, notServed } from '@pinfold/contract/not-served'

/** Returns the operation of Pinterest's that a method and a path mean, and the parameters in the path. */
export function findOperation(
  method: string,
  pathname: string,
): { operation: Operation | undefined; params: Record<string, string> } {
  const { found, params } = find(served, method, pathname)
  return { operation: found, params }
}

/** Returns the operation of Pinterest's that Pinfold does not serve, if a method and a path mean one. */
export const findNotServed = (method: string, pathname: string): NotServedOperation | undefined =>
  find(others, method, pathname).found

function find<T extends NotServedOperation>(among: readonly Pattern<T>[], method: string, pathname: string) {
  const path = pathname.replace(/^\/sandbox(?=\/)/, '').replace(/(?<=.)\/$/, '')
  for (const { operation, pattern } of among) {
    const match = operation.method === method ? pattern.exec(path) : null
    if (match) return { found: operation, params: { ...match.groups } }
  }
  return { found: undefined, params: {} }
}

type Pattern<T> = { operation: T; pattern: RegExp; parameters: number }

/** Returns operations with the patterns of their paths; those with words where others have parameters come first. */
const patternsOf = <T extends NotServedOperation>(all: readonly T[]): Pattern<T>[] =>
  all
    .map((operation) => ({
      operation,
      pattern: new RegExp(`^/v5${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
      parameters: operation.path.split('{').length,
    }))
    .toSorted((a, b) => a.parameters - b.parameters)

const served = patternsOf((operations as readonly Operation[]).filter(({ root }) => root === undefined))
const others = patternsOf(notServed)
