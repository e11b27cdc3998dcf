import { type Operation, operation } from '@pinfold/contract'
import { Type } from 'typebox'

/**
 * A small contract of its own, with everything that an operation can have and that few of the real ones do. Its ids
 * begin with other words than its tag, as many of Pinterest's do.
 */
const Item = Type.Object(
  {
    id: Type.String(),
    name: Type.String({ maxLength: 20 }),
    /** Nothing, a text, or a size. */
    size: Type.Optional(
      Type.Unsafe<null | { kind: 'text'; text: string } | { kind: 'box'; width: number }>({
        anyOf: [
          {
            type: 'object',
            discriminator: { propertyName: 'kind' },
            required: ['kind'],
            oneOf: [
              {
                type: 'object',
                required: ['kind', 'text'],
                properties: { kind: { type: 'string', enum: ['text'] }, text: { type: 'string' } },
              },
              {
                type: 'object',
                required: ['kind', 'width'],
                properties: { kind: { type: 'string', enum: ['box'] }, width: { type: 'integer' } },
              },
            ],
          },
          { type: 'null' },
        ],
      }),
    ),
  },
  { title: 'Item', additionalProperties: false },
)
