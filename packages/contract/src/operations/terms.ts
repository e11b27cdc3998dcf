import { RelatedTerms, termQuery } from '../models/term.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'

const auth = { by: 'token', scopes: ['ads:read'], clientCredentials: false } as const

export const terms = {
  /** What stands together with some terms in public Pins. */
  listRelated: operation({
    id: 'terms_related/list',
    method: 'GET',
    path: '/terms/related',
    tag: 'terms',
    summary: 'List related terms',
    description:
      'For each term the words that stand together with it most often, in the newest thousand Pins that have it; at most ' +
      '20, of public Pins alone.',
    auth,
    category: 'ads_read',
    query: Type.Object({
      terms: Type.Array(termQuery('A word or several.'), {
        minItems: 1,
        maxItems: 10,
        description: 'The terms, with commas between them.',
        examples: [['cup', 'salt glaze']],
      }),
    }),
    success: { status: 200, description: 'The related terms.', schema: RelatedTerms },
    errors: { invalidRequest: { code: 400, message: 'Invalid terms related parameters.' } },
  }),
  /** How a term can be gone on with, by what is in public Pins. */
  suggest: operation({
    id: 'terms_suggested/list',
    method: 'GET',
    path: '/terms/suggested',
    tag: 'terms',
    summary: 'Suggest terms',
    description:
      'Terms of one to three words that begin with the given one, the most frequent first, as they stand in titles ' +
      'and descriptions of the newest thousand Pins with it; of public Pins alone.',
    auth,
    category: 'ads_read',
    query: Type.Object({
      term: termQuery('What the terms begin with.'),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 10, default: 4, description: 'The most terms to suggest.' }),
      ),
    }),
    success: {
      status: 200,
      description: 'The terms.',
      schema: Type.Array(Type.String(), { examples: [['cup', 'cupboard']] }),
    },
    errors: { invalidRequest: { code: 400, message: 'Invalid terms suggested parameters.' } },
  }),
} as const
