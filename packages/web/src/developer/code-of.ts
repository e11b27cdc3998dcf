import type { RequestDetail } from './calls.ts'

export const codeLanguages = ['curl', 'fetch', 'Python'] as const
export type CodeLanguage = (typeof codeLanguages)[number]

/** Headers that the program adds by itself, or that belong to a connection. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|accept-encoding|accept-language|user-agent|cookie|expect|te|upgrade|sec-.*|x-pinfold-.*|.*authorization)$/i

/** Returns a program that sends a request again, with the token in the variable `PINTEREST_ACCESS_TOKEN`. */
export function codeOf(call: RequestDetail, language: CodeLanguage, origin: string): string {
  if (language === 'curl') return call.curl
  const headers = call.request.headers.filter(({ name }) => !ownHeaders.test(name))
  const needsToken = call.request.headers.some(({ name }) => name.toLowerCase() === 'authorization')
  const request = { method: call.method, url: origin + call.path, headers, body: call.request.body, needsToken }
  return language === 'fetch' ? fetchCode(request) : pythonCode(request)
}

interface Request {
  method: string
  url: string
  headers: RequestDetail['request']['headers']
  body: string | null
  needsToken: boolean
}

function fetchCode({ method, url, headers, body, needsToken }: Request): string {
  const lines = [
    ...(needsToken ? [`    authorization: \`Bearer \${process.env.PINTEREST_ACCESS_TOKEN}\`,`] : []),
    ...headers.map(({ name, value }) => `    ${text(name.toLowerCase())}: ${text(value)},`),
  ]
  return [
    `const answer = await fetch(${text(url)}, {`,
    `  method: ${text(method)},`,
    ...(lines.length > 0 ? ['  headers: {', ...lines, '  },'] : []),
    ...(body === null ? [] : [`  body: ${text(body)},`]),
    '})',
    'console.log(answer.status, await answer.text())',
  ].join('\n')
}

function pythonCode({ method, url, headers, body, needsToken }: Request): string {
  const lines = [
    ...(needsToken ? [`        "authorization": "Bearer " + os.environ["PINTEREST_ACCESS_TOKEN"],`] : []),
    ...headers.map(({ name, value }) => `        ${text(name.toLowerCase())}: ${text(value)},`),
  ]
  return [
    ...(needsToken ? ['import os'] : []),
    'import requests',
    '',
    'answer = requests.request(',
    `    ${text(method)},`,
    `    ${text(url)},`,
    ...(lines.length > 0 ? ['    headers={', ...lines, '    },'] : []),
    ...(body === null ? [] : [`    data=${text(body)}.encode(),`]),
    ')',
    'print(answer.status_code, answer.text)',
  ].join('\n')
}

/** A string of JSON is one of JavaScript and of Python too. */
const text = (value: string): string => JSON.stringify(value)
