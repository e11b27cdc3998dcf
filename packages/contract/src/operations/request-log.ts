import { HarFile, LoggedRequest, LoggedRequestDetail, logFilters } from '../models/request-log.ts'
import { operation } from '../operation.ts'
import { PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const shared = { root: '/_pinfold', tag: 'control', auth: { by: 'control' }, category: 'org_read' } as const

const params = Type.Object({
  request_id: Type.String({
    pattern: '^\\d{1,20}$',
    description: "The request's number in the log, or the `x-pinterest-rid` of its answer.",
    examples: ['17'],
  }),
})

const logged = 'Calls of operations of the API are logged, not those of `control`, and no pages. '

/** What programs really sent, and why it was answered so. */
export const requestLog = {
  /** The requests of the log, newest first. */
  listRequests: operation({
    ...shared,
    id: 'control/list_requests',
    method: 'GET',
    path: '/requests',
    summary: 'List the requests',
    description: `The last 10,000 requests at most, newest first, and why each was answered so. ${logged}`,
    query: Type.Object({ ...logFilters, ...pageQuery }),
    success: {
      status: 200,
      description: 'The requests.',
      schema: PageOf(LoggedRequest, 'The requests, newest first.'),
    },
    errors: {},
  }),
  /** Waits until so many requests have come, and returns them, oldest first. */
  waitForRequests: operation({
    ...shared,
    id: 'control/wait_for_requests',
    method: 'GET',
    path: '/requests/wait',
    summary: 'Wait for requests',
    description:
      'Waits until the log has so many requests that match, those included that it has already, and returns them, oldest ' +
      'first. If the time is over before, it returns those there are. Name `since` to wait for what comes from now on. ' +
      'A hundred may wait at once.',
    query: Type.Object({
      ...logFilters,
      count: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 250, default: 1, description: 'How many to wait for.' }),
      ),
      timeout_seconds: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 60, default: 30, description: 'How long to wait at most.' }),
      ),
    }),
    success: {
      status: 200,
      description: 'The requests.',
      schema: Type.Object({
        items: Type.Array(LoggedRequest, { description: 'The requests that match, oldest first.' }),
        is_complete: Type.Boolean({ description: 'Whether there are as many as were waited for.' }),
      }),
    },
    errors: {},
  }),
  /** The requests of the log as a HAR file. */
  exportRequests: operation({
    ...shared,
    id: 'control/export_requests',
    method: 'GET',
    path: '/requests.har',
    summary: 'Export the requests',
    description: 'The requests that match as a HAR 1.2 file, oldest first, without secrets and pictures.',
    query: Type.Object(logFilters),
    success: { status: 200, description: 'The file.', schema: HarFile },
    errors: {},
  }),
  /** A request with its headers and bodies. */
  getRequest: operation({
    ...shared,
    id: 'control/get_request',
    method: 'GET',
    path: '/requests/{request_id}',
    summary: 'Get a request',
    description:
      'A request with headers and bodies, both without secrets. Bodies longer than 64 KB are not kept, and of pictures in ' +
      'base64 the SHA-256 alone.',
    params,
    success: { status: 200, description: 'The request.', schema: LoggedRequestDetail },
    errors: { requestNotFound: {} },
  }),
  /** Sends a request again. */
  replayRequest: operation({
    ...shared,
    id: 'control/replay_request',
    method: 'POST',
    path: '/requests/{request_id}/replay',
    summary: 'Replay a request',
    description:
      'Sends a request again to this server, with the token that it had, if that is still valid. That cannot be done where ' +
      "the request had secrets or pictures in its body, an app's secret, or came from somebody signed in in a browser: " +
      'these are not kept.',
    params,
    success: { status: 200, description: 'The request that was sent, and its answer.', schema: LoggedRequestDetail },
    errors: { requestNotFound: {} },
  }),
  /** Empties the log. */
  clearRequests: operation({
    ...shared,
    id: 'control/clear_requests',
    method: 'DELETE',
    path: '/requests',
    summary: 'Empty the log',
    description: 'Forgets all requests. Numbers go on.',
    success: { status: 204, description: 'There are none.' },
    errors: {},
  }),
} as const
