import { DuplicateOfBytes, DuplicatesOfPin } from '../models/duplicate.ts'
import { pinParams } from '../models/pin.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'

const shared = {
  method: 'GET',
  root: '/_pinfold',
  tag: 'web',
  category: 'org_read',
  auth: { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: true },
} as const

/** Whether one has a picture already. Only one's own Pins are looked through, as far as one may see them. */
export const duplicates = {
  /** Your Pins with pictures of certain bytes. */
  ofBytes: operation({
    ...shared,
    id: 'web/find_bytes',
    path: '/web/duplicates',
    summary: 'Find pictures that you have',
    description:
      'Those of your Pins that show these very files, newest first, five at most for each: what is pinned again is known ' +
      'before it is sent. Pins of others are never among them.',
    query: Type.Object({
      sha256: Type.Array(
        Type.String({
          pattern: '^[\\da-f]{64}$',
          examples: ['d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592'],
        }),
        { minItems: 1, maxItems: 25, description: 'The SHA-256 of each file, in lower-case hexadecimal digits.' },
      ),
    }),
    success: {
      status: 200,
      description: 'The Pins.',
      schema: Type.Object({ items: Type.Array(DuplicateOfBytes, { description: 'The Pins, file by file.' }) }),
    },
    errors: {},
  }),
  /** Your other Pins that show what a Pin shows. */
  ofPin: operation({
    ...shared,
    id: 'web/list_duplicates',
    path: '/web/pins/{pin_id}/duplicates',
    summary: 'List your Pins that show the same as a Pin',
    description:
      'Your other Pins that show what a Pin shows, one of yours or anybody’s on a public board: those of the very same ' +
      'file, and apart from them those that look the same. A carousel is compared by the picture that stands for it. Pictures ' +
      'stored by an older version of the server are found once it has looked at them.',
    params: pinParams,
    success: { status: 200, description: 'The Pins.', schema: DuplicatesOfPin },
    errors: { pinNotFound: {} },
  }),
} as const
