import { Model, Nullable, operation, PageOf, pageQuery, StringEnum, Tagged, Type } from '@pinfold/contract'

// A small contract of its own, with everything that an operation can have and that few of the real ones do. Its ids
// begin with other words than its tag, as many of Pinterest's do.

const Size = Tagged(
  'kind',
  [
    Model('TextSize', 'A size in words.', { kind: StringEnum(['text']), text: Type.String() }),
    Model('BoxSize', 'A size in numbers.', { kind: StringEnum(['box']), width: Type.Integer({ minimum: 1 }) }),
  ],
  { title: 'Size', description: 'How large it is.' },
)

const shelfParams = Type.Object({ shelf_id: Type.String({ pattern: '^\\d+$', examples: ['1142048512397312'] }) })

const Item = Model(
  'Item',
  'What stands on a shelf.',
  { id: Type.Integer(), name: Type.String({ maxLength: 20 }), size: Type.Optional(Nullable(Size)) },
  { additionalProperties: false, examples: [{ id: 1, name: 'Cup', size: null }] },
)

const Receipt = Model(
  'Receipt',
  'What was put.',
  { stored: Type.Array(Type.Integer()) },
  { examples: [{ stored: [1] }] },
)
const PartReceipt = Model('PartReceipt', 'What was put, and what not.', {
  stored: Type.Array(Type.Integer()),
  refused: Type.Array(Type.Integer()),
})

const common = { tag: 'shelves', auth: { by: 'anyone' }, category: 'catalogs_read', errors: {} } as const

/** Resources of that contract. */
export const declared = {
  shelves: {
    list: operation({
      ...common,
      id: 'get/shelf_items',
      method: 'GET',
      path: '/shelves/{shelf_id}/items',
      summary: 'List items',
      description: 'The items of a shelf, by name.',
      params: shelfParams,
      query: Type.Object(
        {
          ids: Type.Optional(
            Type.Array(Type.Integer({ minimum: 1, examples: [3] }), { maxItems: 3, description: 'Only these.' }),
          ),
          filter: Type.Optional(
            Type.Object(
              {
                name: Type.Optional(Type.String({ examples: ['Cup & saucer'] })),
                least: Type.Optional(Type.Integer({ examples: [2] })),
                colours: Type.Optional(Type.Array(StringEnum(['red', 'blue']))),
                open: Type.Optional(Type.Boolean()),
              },
              { additionalProperties: false, description: 'Only those that fit.' },
            ),
          ),
          order: Type.Optional(StringEnum(['ASCENDING', 'DESCENDING'])),
          ...pageQuery,
        },
        { additionalProperties: false },
      ),
      success: { status: 200, description: 'A page.', schema: PageOf(Item, 'By name.') },
    }),
    putAll: operation({
      ...common,
      id: 'put_shelf_items',
      method: 'PUT',
      path: '/shelves/{shelf_id}/items',
      summary: 'Put items',
      description: 'Puts items on a shelf.',
      category: 'catalogs_write',
      params: shelfParams,
      body: {
        type: 'json',
        schema: Type.Array(Item, { minItems: 1, maxItems: 3, examples: [[{ id: 1, name: 'Cup' }]] }),
      },
      success: { status: 200, description: 'All are there.', schema: Receipt },
      otherSuccesses: [{ status: 206, description: 'Some are there.', schema: PartReceipt }],
    }),
    open: operation({
      ...common,
      id: 'shelves/create',
      method: 'POST',
      path: '/shelves',
      summary: 'Make a shelf',
      description: 'Makes a shelf, unless it is there.',
      category: 'catalogs_write',
      body: { type: 'json', schema: Item },
      success: { status: 201, description: 'It is new.', schema: Item },
      otherSuccesses: [
        { status: 200, description: 'It was there.', schema: Item },
        { status: 204, description: 'It is not wanted.' },
      ],
    }),
  },
} as const
