import type { resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations on words that go together. */
export function termsApi({ terms }: Pick<Services, 'terms'>): Handlers<typeof resources.terms> {
  return {
    listRelated: async ({ query }) => {
      const lists = []
      for (const term of query.terms) lists.push({ term, related_terms: await terms.related(term) })
      return {
        id: query.terms[0] ?? '',
        related_term_count: lists.reduce((sum, { related_terms }) => sum + related_terms.length, 0),
        related_terms_list: lists,
      }
    },

    suggest: ({ query: { term, limit = 4 } }) => terms.suggest(term, limit),
  }
}
