import { usernameParams } from '../models/follow.ts'
import { ListState } from '../models/live.ts'
import { operation } from '../operation.ts'
import { Id } from '../schema.ts'
import { Type } from '../type.ts'

/** How pages that are open learn what others do meanwhile. */
export const live = {
  /** Whether a list of Pins that is shown has changed; waits until it does. */
  watch: operation({
    root: '/_pinfold',
    tag: 'web',
    id: 'live/watch',
    method: 'GET',
    path: '/web/changes',
    summary: 'Wait for a list of Pins to change',
    description:
      'The state of a list: of the Pins that a board has, of those of an account, or without either of the newest public ones. With ' +
      'the `version` that you know it is answered when the list has another, about a second after a change, or else after ' +
      '25 seconds. Of an account, of the newest, and of the order of a board the first 60 count. An account, or the network of whoever is not signed in, ' +
      'waits with 32 requests at once: the next answers the oldest early.',
    auth: { by: 'anyone', scopes: ['boards:read', 'pins:read'] },
    category: 'org_read',
    query: Type.Object({
      board_id: Type.Optional(Id('The board.')),
      username: Type.Optional(usernameParams.properties.username),
      since: Type.Optional(Type.String({ maxLength: 64, description: 'The version that you know.' })),
    }),
    success: { status: 200, description: 'The state of the list.', schema: ListState },
    errors: { boardNotFound: {}, userNotFound: {} },
  }),
} as const
