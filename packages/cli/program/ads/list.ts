import { Argument, Command, Option } from 'commander'
import { type Columns, printList } from '../output/print.ts'
import { pageSize, toLimit } from '../service/arguments.ts'
import { connect } from '../service/service.ts'
import { type AdAccountOptions, adAccountOf, withAdAccountOptions } from './ad-account.ts'
import { kinds, type Listed } from './kinds.ts'

interface ListOptions extends AdAccountOptions {
  status?: 'ACTIVE' | 'PAUSED' | 'ARCHIVED' | 'DRAFT'
  limit?: number
  json?: boolean
}

const columns: Columns<Listed> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  status: ({ status }) => status,
  'by now': ({ summary_status: status }) => status,
  made: ({ created_time: seconds }) =>
    seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 19),
}

/** `pinfold ads list`. */
export function listCommand(): Command {
  return withAdAccountOptions(new Command('list'))
    .description('List what is active or paused in an ad account, the oldest first.')
    .addArgument(new Argument('<kind>', 'what to list').choices(kinds.map(({ many }) => many)))
    .addOption(
      new Option('--status <which>', 'only those with this status').choices(['ACTIVE', 'PAUSED', 'ARCHIVED', 'DRAFT']),
    )
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold ads list campaigns\n  $ pinfold ads list ad-groups --status PAUSED --json | jq .name',
    )
    .action(async (many: string, options: ListOptions) => {
      const session = await connect(options)
      const adAccount = await adAccountOf(session, options)
      const { limit, status } = options
      const query = { page_size: pageSize(limit), ...(status && { entity_statuses: [status] }) }
      const kind = kinds.find((each) => each.many === many)
      await printList(kind?.list(session.client, adAccount, query) ?? [], columns, options)
    })
}
