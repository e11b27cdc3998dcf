import { errorCatalogue, scopes } from '@pinfold/contract'
import { textOf } from './answer-text.ts'
import { describeOperation } from './describe-operation.ts'
import type { McpHost } from './host.ts'
import { operationOf, operationsOf } from './operations.ts'

/** Something that a client reads by its address. */
interface Resource {
  uri: string
  name: string
  description: string
  mimeType: 'text/markdown' | 'application/json' | 'text/plain'
  read(host: McpHost): string
}

const resources: readonly Resource[] = [
  {
    uri: 'pinfold://operations',
    name: 'Operations',
    description: 'Every operation that can be called, one a line.',
    mimeType: 'text/plain',
    read: (host) =>
      operationsOf(host)
        .map(({ op }) => `${op.id}\t${op.method}\t${op.summary}`)
        .join('\n'),
  },
  {
    uri: 'pinfold://errors',
    name: 'Errors',
    description: 'Every error of the API: its name, status and code, and what it means.',
    mimeType: 'text/plain',
    read: () =>
      Object.entries(errorCatalogue)
        .map(([name, { status, code, message }]) => `${name}\t${status}\tcode ${code}\t${message}`)
        .join('\n'),
  },
  {
    uri: 'pinfold://scopes',
    name: 'Scopes',
    description: 'Every scope of a token, and what it permits.',
    mimeType: 'text/plain',
    read: (host) =>
      Object.entries(scopes)
        .map(
          ([name, meaning]) =>
            `${name}\t${host.scopes ? (host.scopes.has(name) ? 'granted' : 'not granted') : ''}\t${meaning}`,
        )
        .join('\n'),
  },
]

const operationAddress = 'pinfold://operations/'

/** The list of resources. */
export const listedResources = resources.map(({ read: _, ...listed }) => listed)

/** The addresses that are made of a name. */
export const resourceTemplates = [
  {
    uriTemplate: `${operationAddress}{+operation}`,
    name: 'Operation',
    description: 'What an operation takes and answers, such as pinfold://operations/pins/create.',
    mimeType: 'application/json',
  },
]

/** Reads a resource; undefined if there is none. */
export function readResource(host: McpHost, uri: string): { uri: string; mimeType: string; text: string } | undefined {
  const found = resources.find((each) => each.uri === uri)
  if (found) return { uri, mimeType: found.mimeType, text: found.read(host) }
  if (!uri.startsWith(operationAddress)) return undefined
  const { op } = operationOf(host, uri.slice(operationAddress.length))
  return { uri, mimeType: 'application/json', text: textOf(describeOperation(op, { answer: true })) }
}
