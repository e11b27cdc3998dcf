import { Id, Model, Nullable } from '../schema.ts'
import { Type } from '../type.ts'
import { Pin } from './pin.ts'

const exampleDuplicate = {
  pin: { id: '1142048512397440', title: 'Salt-glazed cup', dominant_color: '#6e7874' },
  board: { id: '1142048512397312', name: 'Ceramics' },
}

export const Duplicate = Model(
  'Duplicate',
  'A Pin of yours that shows what another one shows.',
  {
    pin: Pin,
    board: Nullable(
      Type.Object(
        { id: Id('The board.'), name: Type.String({ description: 'Its name.' }) },
        { description: 'The board that it is on; null if you may not see the board any more.' },
      ),
    ),
  },
  { examples: [exampleDuplicate] },
)

export const DuplicateOfBytes = Model(
  'DuplicateOfBytes',
  'A Pin of yours that shows a picture which you asked about.',
  {
    sha256: Type.String({ description: 'The picture, as you named it.' }),
    ...Duplicate.properties,
  },
  { examples: [{ sha256: 'd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592', ...exampleDuplicate }] },
)

export const DuplicatesOfPin = Model(
  'DuplicatesOfPin',
  'Your other Pins that show what a Pin shows.',
  {
    same: Type.Array(Duplicate, { description: 'Those of the very same file, newest first, five at most.' }),
    similar: Type.Array(Duplicate, {
      description:
        'Those that look the same, by their shapes and colours: likely, not certain. Newest first, five at most.',
    }),
  },
  { examples: [{ same: [exampleDuplicate], similar: [] }] },
)
