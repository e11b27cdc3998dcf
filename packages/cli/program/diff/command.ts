import { Command, Option } from 'commander'
import { toServer } from '../exec/to-server.ts'
import type { DiffOptions } from './run.ts'

/** `pinfold diff`: what Pinfold answers otherwise than Pinterest did. */
export function diffCommand(): Command {
  return new Command('diff')
    .description(
      'Send the calls of a HAR file, recorded with Pinterest, to Pinfold, and list what it answers otherwise.',
    )
    .argument('<file>', 'the HAR file, such as pinfold exec --to pinterest --log writes it')
    .addOption(
      new Option('--server <url>', 'a running Pinfold with the demo data (default: one is started)')
        .env('PINFOLD_SERVER')
        .argParser(toServer),
    )
    .option('--json', 'print one JSON object a call')
    .addHelpText(
      'after',
      `
Examples:
  $ pinfold exec --to pinterest --log calls.har -- python3 publish.py
  $ pinfold diff calls.har
  $ pinfold diff calls.har --json > differences.jsonl    # may be sent to us: it has no texts and no ids of yours

Ids, times and addresses need only be of the same kind.
Exit codes: 0 no differences, 1 some, 5 none, but not all calls could be compared.`,
    )
    .action(async (file: string, options: DiffOptions) => {
      const { runDiff } = await import('./run.ts')
      process.exitCode = await runDiff(file, options)
    })
}
