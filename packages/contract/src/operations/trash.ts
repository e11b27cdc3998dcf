import { Pin, pinParams } from '../models/pin.ts'
import { PinRestore, TrashedPin } from '../models/trash.ts'
import { operation } from '../operation.ts'
import { PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const shared = { root: '/_pinfold', tag: 'web', category: 'org_write' } as const
// Pins of secret boards are in it too, and nothing tells whose board is secret by now.
const reads = ['boards:read', 'boards:read_secret', 'pins:read', 'pins:read_secret'] as const
const read = { by: 'token', scopes: reads, clientCredentials: false } as const
const write = {
  by: 'token',
  scopes: [...reads, 'boards:write', 'boards:write_secret', 'pins:write', 'pins:write_secret'],
  clientCredentials: false,
} as const

/** The trash, from which Pins that were deleted in the web app come back for 30 days. Only their account knows of them. */
export const trash = {
  /** What is in your trash, deleted last first. */
  list: operation({
    ...shared,
    id: 'trash/list',
    method: 'GET',
    path: '/trash',
    summary: 'List the trash',
    description: 'The Pins in your trash, deleted last first.',
    auth: read,
    category: 'org_read',
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of the trash.',
      schema: PageOf(TrashedPin, 'The Pins, deleted last first.'),
    },
    errors: { invalidBookmark: {} },
  }),
  /** Moves a Pin of yours to the trash. To everybody else, and everywhere else, it is deleted. */
  put: operation({
    ...shared,
    id: 'trash/put',
    method: 'POST',
    path: '/trash/{pin_id}',
    summary: 'Move a Pin to the trash',
    description:
      'Deletes a Pin of yours in a way that can be undone for 30 days. Everywhere else it is gone at once, its numbers and ' +
      'product tags too. The trash holds the 10,000 Pins that were deleted last.',
    auth: write,
    params: pinParams,
    success: { status: 204, description: 'It is in the trash.' },
    errors: { pinNotFound: {}, forbidden: {} },
  }),
  /** Puts a Pin of the trash back on its board, or on another. */
  restore: operation({
    ...shared,
    id: 'trash/restore',
    method: 'POST',
    path: '/trash/{pin_id}/restore',
    summary: 'Restore a Pin',
    description:
      'Puts a Pin back, with its id, its words and its media. Its board is not found once it was deleted: name another.',
    auth: write,
    params: pinParams,
    body: { type: 'json', schema: PinRestore },
    success: { status: 200, description: 'The Pin, as it is again.', schema: Pin },
    errors: { pinNotFound: {}, boardNotFound: {}, sectionNotFound: {}, forbidden: {} },
  }),
  /** Deletes a Pin of the trash for good. */
  discard: operation({
    ...shared,
    id: 'trash/discard',
    method: 'DELETE',
    path: '/trash/{pin_id}',
    summary: 'Delete a Pin for good',
    description: 'Deletes a Pin of your trash for good.',
    auth: write,
    params: pinParams,
    success: { status: 204, description: 'It is gone.' },
    errors: { pinNotFound: {} },
  }),
  /** Deletes everything in your trash for good. */
  empty: operation({
    ...shared,
    id: 'trash/empty',
    method: 'DELETE',
    path: '/trash',
    summary: 'Empty the trash',
    description: 'Deletes every Pin in your trash for good.',
    auth: write,
    success: { status: 204, description: 'The trash is empty.' },
    errors: {},
  }),
} as const
