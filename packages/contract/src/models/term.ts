import { Model } from '../schema.ts'
import { Type } from '../type.ts'

/** Longer than any term; what is longer is none. */
const maxTermLength = 200

export const termQuery = (description: string) =>
  Type.String({ minLength: 1, maxLength: maxTermLength, description, examples: ['cup'] })

export const RelatedTerms = Model(
  'RelatedTerms',
  'Words that stand together with others in public Pins.',
  {
    id: Type.Optional(Type.String({ description: 'The first of the terms that were asked for.' })),
    related_term_count: Type.Optional(Type.Integer({ description: 'How many related terms there are in all lists.' })),
    related_terms_list: Type.Optional(
      Type.Array(
        Type.Object({
          term: Type.Optional(Type.String({ description: 'The term that was asked for.' })),
          related_terms: Type.Optional(
            Type.Array(Type.String(), { description: 'What is related to it, the most frequent first.' }),
          ),
        }),
        { description: 'A list for each term, in the order of the question.' },
      ),
    ),
  },
  {
    examples: [
      {
        id: 'cup',
        related_term_count: 2,
        related_terms_list: [{ term: 'cup', related_terms: ['glazed', 'salt'] }],
      },
    ],
  },
)
