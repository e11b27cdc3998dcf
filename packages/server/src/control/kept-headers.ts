import type { CallDetail } from './told-call.ts'

type Headers = CallDetail['request']['headers']

/** Returns the headers of a request from the text that they are kept as: names and values in turn, each on a line. */
export function requestHeadersIn(text: string): Headers {
  if (text === '') return []
  const lines = text.split('\n')
  return lines.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: lines[at + 1] ?? '' }] : []))
}

/** The connection's, not the answer's. */
const ofConnection = /^(connection|date|keep-alive|transfer-encoding)$/i

/** Returns the headers of an answer from the text that they are kept as: as they were sent. */
export function answerHeadersIn(text: string): Headers {
  return text.split('\r\n').flatMap((line) => {
    const [, name = '', value = ''] = /^([^:\s]+): *(.*)$/.exec(line) ?? []
    return name === '' || ofConnection.test(name) ? [] : [{ name, value }]
  })
}
