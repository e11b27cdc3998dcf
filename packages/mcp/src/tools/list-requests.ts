import { Type } from '@pinfold/contract'
import { ToolError, tool } from '../tool.ts'
import { Bookmark, strict } from './fields.ts'

/** Reads what programs sent to a Pinfold server, and why it was answered so. */
export const listRequests = tool({
  name: 'list_requests',
  title: 'Read the requests',
  description:
    'The last requests that programs sent to the Pinfold server, newest first, and why each was answered so: fault, limit, scope, field, rule. With `request`: one with headers and bodies.',
  toolset: 'control',
  effect: 'reads',
  scopes: [],
  input: Type.Object(
    {
      request: Type.Optional(
        Type.String({
          pattern: '^\\d{1,20}$',
          description: 'A number of the list, or the x-pinterest-rid of an answer.',
        }),
      ),
      operation: Type.Optional(Type.String({ maxLength: 100, description: 'Such as pins/create.' })),
      status: Type.Optional(Type.String({ pattern: '^[1-5](\\d\\d|xx)$', description: 'Such as 429 or 4xx.' })),
      account: Type.Optional(Type.String({ maxLength: 100 })),
      text: Type.Optional(Type.String({ minLength: 2, maxLength: 200, description: 'In address, bodies or reason.' })),
      since: Type.Optional(Type.String({ maxLength: 40, description: 'After this number or time.' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
      bookmark: Bookmark,
    },
    strict,
  ),
  async run({ request, limit = 20, ...filters }, { host: { controller }, signal }) {
    if (!controller) throw new ToolError('This service cannot be controlled from here.')
    if (request !== undefined) return { value: await controller.control.getRequest(request, undefined, { signal }) }
    const { items, bookmark } = await controller.control.listRequests({ ...filters, page_size: limit }, { signal })
    const requests = items.map(({ request_id: _, replay_of, why, app, ...row }) => ({
      ...row,
      ...(app !== null && { app }),
      ...(replay_of !== null && { replay_of }),
      ...(why && { why }),
    }))
    return { value: { requests, bookmark } }
  },
})
