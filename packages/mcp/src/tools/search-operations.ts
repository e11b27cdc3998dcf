import { Type } from '@pinfold/contract'
import { operationsOf, scopesOf } from '../operations.ts'
import { tool } from '../tool.ts'
import { strict } from './fields.ts'

/** Finds operations of the API by words. */
export const searchOperations = tool({
  name: 'search_operations',
  title: 'Find an operation',
  description:
    'Finds operations of the API for what no other tool does: trends, ad accounts, websites, follows, media …',
  toolset: 'operations',
  effect: 'reads',
  scopes: [],
  input: Type.Object(
    {
      words: Type.String({ maxLength: 200, description: 'Words for what you want to do.' }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 12 })),
    },
    strict,
  ),
  async run({ words, limit = 12 }, { host }) {
    const wanted = words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    const all = operationsOf(host)
    const scored = all
      .map(({ op }) => ({
        op,
        score: scoreOf(`${op.id} ${op.summary} ${op.path}`, wanted) * 3 + scoreOf(op.description, wanted),
      }))
      .filter(({ score }) => score > 0 || wanted.length === 0)
      .toSorted((a, b) => b.score - a.score)
    const operations = scored.slice(0, limit).map(({ op }) => ({
      operation: op.id,
      does: op.summary,
      call_with: op.method === 'GET' ? 'call_read' : 'call_write',
      scopes: scopesOf(op),
    }))
    return { value: { operations, found: scored.length, of: all.length } }
  },
})

/** Returns how many of the words, or their stems, a text has. */
function scoreOf(text: string, wanted: readonly string[]): number {
  const lower = text.toLowerCase()
  return wanted.filter((word) => lower.includes(word.length > 4 ? word.replace(/(ing|ed|es|s)$/, '') : word)).length
}
