import { Id, Model, Nullable } from '../schema.ts'
import { Type } from '../type.ts'

export const ListState = Model(
  'ListState',
  'What tells whether a list of Pins is as it was.',
  {
    version: Type.String({
      description: 'The same as long as nothing came, went or moved. What it is made of may change.',
    }),
    newest_id: Nullable(Id('The Pin that was made last; null if there is none.')),
  },
  { examples: [{ version: 'n0Yc3WmWc2uVZ4rQ', newest_id: '1142048512397440' }] },
)
