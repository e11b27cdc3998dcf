import { Command, Option } from 'commander'
import { type Columns, plain, printList, printOne } from './output/print.ts'
import { pageSize, toLimit, toName } from './service/arguments.ts'
import { confirm } from './service/confirm.ts'
import { connect, type ServiceOptions, withServiceOptions } from './service/service.ts'
import { withoutUndefined } from './without-undefined.ts'

interface OutputOptions extends ServiceOptions {
  json?: boolean
}

interface Website {
  website?: string
  status?: string
  verified_at?: string
}

interface Codes {
  metatag?: string
  filename?: string
  file_content?: string
  dns_txt_record?: string
}

const columns: Columns<Website> = {
  website: (site) => site.website,
  status: (site) => site.status,
  verified: (site) => site.verified_at,
}
const codeColumns: Columns<Codes> = {
  tag: (codes) => codes.metatag,
  file: (codes) => codes.filename,
  'in the file': (codes) => codes.file_content,
  'TXT record': (codes) => codes.dns_txt_record,
}

/** `pinfold websites …`. */
export function websitesCommand(): Command {
  return new Command('websites')
    .description('Claim websites, so that Pins that link to them count as claimed.')
    .addHelpText('after', '\nExamples:\n  $ pinfold websites codes\n  $ pinfold websites claim example.com')
    .addCommand(codesCommand())
    .addCommand(claimCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand())
}

function codesCommand(): Command {
  return withServiceOptions(new Command('codes'))
    .description('Show what to put on a website before it is claimed.')
    .option('--json', 'print the codes as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold websites codes --json | jq -r .metatag')
    .action(async (options: OutputOptions) => {
      const { client } = await connect(options)
      printOne(await client.websites.codes(), codeColumns, options)
    })
}

function claimCommand(): Command {
  type Method = 'METATAG' | 'FILENAME' | 'DNSTXT'
  return withServiceOptions(new Command('claim'))
    .description('Claim a website: the service looks for your code there.')
    .argument('<website>', 'its host, with a path or without', toName)
    .addOption(
      new Option('--method <method>', 'where the code is')
        .choices(['METATAG', 'FILENAME', 'DNSTXT'])
        .default('METATAG'),
    )
    .option('--json', 'print the website as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold websites claim example.com/shop\n  $ pinfold websites claim example.com --method DNSTXT',
    )
    .action(async (website: string, options: OutputOptions & { method: Method }) => {
      const { client } = await connect(options)
      printOne(await client.websites.claim({ website, verification_method: options.method }), columns, options)
    })
}

function listCommand(): Command {
  return withServiceOptions(new Command('list'))
    .description('List the websites that you have claimed, newest first.')
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', '\nExample:\n  $ pinfold websites list')
    .action(async (options: OutputOptions & { limit?: number }) => {
      const { client } = await connect(options)
      await printList(client.websites.list(withoutUndefined({ page_size: pageSize(options.limit) })), columns, options)
    })
}

function removeCommand(): Command {
  return withServiceOptions(new Command('remove'))
    .description('Give up the claim to a website.')
    .argument('<website>', 'the website, as the list names it', toName)
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ pinfold websites remove example.com/shop --yes')
    .action(async (website: string, options: ServiceOptions & { yes?: boolean }) => {
      const { client } = await connect(options)
      await confirm(`Give up the claim to ${plain(website)}?`, options)
      await client.websites.remove({ website })
      console.log(`${plain(website)} is claimed no longer.`)
    })
}
