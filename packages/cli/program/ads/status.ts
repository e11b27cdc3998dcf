import { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { plain } from '../output/print.ts'
import { connect } from '../service/service.ts'
import { type AdAccountOptions, adAccountOf, toId, withAdAccountOptions } from './ad-account.ts'
import { kindsOf } from './kinds.ts'

interface StatusOptions extends AdAccountOptions {
  json?: boolean
}

interface Result {
  id: string
  kind: string | null
  status: string | null
  reason?: string
}

const verbs = {
  pause: { does: 'Pause', done: 'paused', status: 'PAUSED' },
  resume: { does: 'Resume', done: 'active', status: 'ACTIVE' },
} as const

/** As many changes go into one request. */
const batchSize = 30

/** `pinfold ads pause` and `pinfold ads resume`. */
export function statusCommand(verb: keyof typeof verbs): Command {
  const { does, done, status } = verbs[verb]
  return withAdAccountOptions(new Command(verb))
    .description(`${does} campaigns, ad groups and ads, by their ids.`)
    .argument('<ids...>', 'what is meant: C and AG before a number are passed over', (text, before: string[] = []) => [
      ...before,
      toId(text),
    ])
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `\nExamples:\n  $ pinfold ads ${verb} 1142048512397315\n  $ pinfold ads list campaigns --json | jq -r .id | xargs pinfold ads ${verb}`,
    )
    .action(async (given: string[], options: StatusOptions) => {
      const { client, ...session } = await connect(options)
      const adAccount = await adAccountOf({ client, ...session }, options)
      const ids = [...new Set(given)]
      const found = await kindsOf(client, adAccount, ids)
      const results: Result[] = ids
        .filter((id) => !found.has(id))
        .map((id) => ({ id, kind: null, status: null, reason: 'There is no such thing in the ad account.' }))
      for (const [kind, pairs] of Map.groupBy(found, ([, each]) => each)) {
        const those = pairs.map(([id]) => id)
        for (let start = 0; start < those.length; start += batchSize) {
          const some = those.slice(start, start + batchSize)
          const outcomes = await kind.setStatus(client, adAccount, some, status)
          for (const [i, id] of some.entries()) {
            const { data, reasons } = outcomes[i] ?? { reasons: ['The service said nothing of it.'] }
            const isDone = data !== undefined
            results.push({ id, kind: kind.one, ...(isDone ? { status } : { status: null, reason: reasons.join(' ') }) })
          }
        }
      }
      for (const result of results) process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : textOf(result))
      if (results.every(({ kind }) => kind === null)) process.exitCode = exitCodes.notFound
      else if (results.some(({ reason }) => reason !== undefined)) process.exitCode = exitCodes.partly
    })

  function textOf({ id, kind, reason }: Result): string {
    return `${kind ?? 'nothing'} ${id}: ${reason === undefined ? done : plain(reason)}\n`
  }
}
