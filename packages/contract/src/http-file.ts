import type { Operation } from './operation.ts'
import { operations } from './operations/index.ts'
import { byTag, pathVariables, type RequestTemplate, requestTemplate, type TemplateField } from './request-template.ts'
import { commonVariables, type RequestCredentials, unknownCredentials } from './request-variables.ts'

/**
 * Returns a request of each operation, or of those in `described`, as a `.http` file: for the REST Client of VS Code and
 * the HTTP Client of JetBrains. `serverUrl`: the server's address, without `/v5`.
 */
export function httpFile(
  serverUrl: string,
  credentials: RequestCredentials = unknownCredentials,
  described: readonly Operation[] = operations,
): string {
  const ids = pathVariables(described)
  const settings = [
    ...commonVariables(serverUrl, credentials).flatMap(({ name, value, description }) => [
      `# ${description}`,
      `@${name} = ${value}`,
    ]),
    '# What requests are about: put ids of yours here.',
    ...[...ids].map(([name, value]) => `@${name} = ${value}`),
  ]
  const requests = byTag(described).flatMap(({ tag, description, operations: those }) => [
    `### ${tag}\n${comment(description)}`.trimEnd(),
    ...those.map((op) => requestText(requestTemplate(op, ids.keys()))),
  ])
  return `${['# Pinfold: one request for each operation of the API.', settings.join('\n'), ...requests].join('\n\n')}\n`
}

function requestText({ op, query, body }: RequestTemplate): string {
  const path = `${op.root ?? '/v5'}${op.path.replaceAll(/\{(\w+)\}/g, '{{$1}}')}`
  const search = query.filter(({ required }) => required).map(({ name, value }) => `${name}=${encoded(value)}`)
  const optional = query.filter(({ required }) => !required)
  return [
    `### ${op.summary}`,
    `# @name ${op.id.replaceAll(/\W/g, '_')}`,
    comment(op.description),
    ...(optional.length > 0 ? [comment(`The query may have: ${optional.map(optionalText).join(', ')}.`)] : []),
    `${op.method} {{baseUrl}}${path}${search.length > 0 ? `?${search.join('&')}` : ''}`,
    `Authorization: ${authorization(op)}`,
    ...bodyText(op, body),
  ].join('\n')
}

const optionalText = ({ name, value }: TemplateField): string =>
  value === '' ? `\`${name}\`` : `\`${name}=${encoded(value)}\``

function authorization({ auth: { by } }: Operation): string {
  if (by === 'app') return 'Basic {{appId}} {{appSecret}}'
  return `Bearer {{${by === 'control' ? 'controlToken' : 'accessToken'}}}`
}

function bodyText(op: Operation, body: unknown): string[] {
  if (!op.body) return []
  if (op.body.type === 'json') return ['Content-Type: application/json', '', JSON.stringify(body, null, 2)]
  const fields = Object.entries(body as Record<string, unknown>).map(([name, value]) => `${name}=${encoded(value)}`)
  return ['Content-Type: application/x-www-form-urlencoded', '', fields.join('&')]
}

/** Percent-encodes a value, but leaves variables and what needs no encoding alone. */
const encoded = (value: unknown): string =>
  String(value)
    .split(/(\{\{\w+\}\})/)
    .map((part, i) => (i % 2 === 1 ? part : encodeURIComponent(part).replaceAll('%2C', ',').replaceAll('%3A', ':')))
    .join('')

/** Writes a text as a comment of one line. */
const comment = (text: string): string => (text === '' ? '' : `# ${text.replaceAll(/\s+/g, ' ')}`)
