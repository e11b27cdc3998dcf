import { Pin } from '../models/pin.ts'
import { operation } from '../operation.ts'
import { Id, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

export const related = {
  /** Pins that go with a Pin, the closest first. */
  listPins: operation({
    id: 'related/list_pins',
    method: 'GET',
    root: '/_pinfold',
    path: '/pins/{pin_id}/related',
    tag: 'related',
    summary: 'List related Pins',
    description:
      'At most 100 Pins that go with a Pin, the closest first: those that share boards with it and with its saves, have ' +
      'words in common with it, or its colour. They are public, your own, or on boards that you are on. Each picture is shown once.',
    auth: { by: 'anyone', scopes: ['boards:read', 'pins:read'] },
    category: 'org_read',
    params: Type.Object({
      pin_id: Id('The Pin: your own, on a board that you are on, or anybody’s on a public board.'),
    }),
    query: Type.Object(pageQuery),
    success: { status: 200, description: 'A page of Pins.', schema: PageOf(Pin, 'The Pins, the closest first.') },
    errors: { pinNotFound: {}, forbidden: {} },
  }),
} as const
