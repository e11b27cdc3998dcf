import { Id, Model, Nullable, Timestamp } from '../schema.ts'
import { Type } from '../type.ts'
import { Pin } from './pin.ts'

export const TrashedPin = Model(
  'TrashedPin',
  'A Pin in the trash, as it was when it was deleted.',
  {
    pin: Pin,
    deleted_at: Timestamp('When it was deleted.'),
    gone_at: Timestamp('When it is deleted for good.'),
  },
  {
    examples: [
      {
        pin: { id: '1142048512397440', title: 'Salt-glazed cup', dominant_color: '#6e7874' },
        deleted_at: '2026-03-14T09:26:53',
        gone_at: '2026-04-13T09:26:53',
      },
    ],
  },
)

export const PinRestore = Model(
  'PinRestore',
  'Where to put a Pin that comes back.',
  {
    board_id: Type.Optional(
      Nullable(Id('The board. Without one it goes where it was, and into its section if that is still there.')),
    ),
  },
  { examples: [{ board_id: '1142048512397312' }] },
)
