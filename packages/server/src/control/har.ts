import type { CallDetail } from './told-call.ts'

/** Returns a call as an entry of a HAR 1.2 file. */
export function harEntry(call: CallDetail, baseUrl: string): Record<string, unknown> {
  const { request, answer, method, path, duration_ms: ms } = call
  const address = URL.parse(baseUrl + path)
  const message = (headers: CallDetail['request']['headers'], body: string | null) => ({
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers,
    headersSize: -1,
    bodySize: body === null ? 0 : -1,
  })
  const typeOf = (headers: CallDetail['request']['headers']) =>
    headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
  return {
    startedDateTime: new Date(Date.parse(call.time) - ms).toISOString(),
    time: ms,
    request: {
      method,
      url: address?.href ?? baseUrl + path,
      ...message(request.headers, request.body),
      queryString: [...(address?.searchParams ?? [])].map(([name, value]) => ({ name, value })),
      ...(request.body !== null && { postData: { mimeType: typeOf(request.headers), text: request.body } }),
    },
    response: {
      status: call.status ?? 0,
      statusText: '',
      ...message(answer.headers, answer.body),
      content: {
        size: answer.body?.length ?? 0,
        mimeType: typeOf(answer.headers),
        ...(answer.body !== null && { text: answer.body }),
      },
      redirectURL: '',
    },
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    _pinfold: { id: call.id, request_id: call.request_id, operation: call.operation, app: call.app, why: call.why },
  }
}
