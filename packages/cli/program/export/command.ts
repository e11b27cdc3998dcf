import { Command } from 'commander'
import { toName } from '../service/arguments.ts'
import { withServiceOptions } from '../service/service.ts'
import type { ExportCommandOptions } from './run.ts'

/** `pinfold pins export`. */
export function exportCommand(): Command {
  return withServiceOptions(new Command('export'))
    .description('Write the pictures of a board, and a pins.jsonl that pins import reads, into a folder.')
    .argument('<board>', 'its id, its name or its web address', toName)
    .requiredOption('--to <folder>', 'where to; it is made if it is not there')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Pictures that are there already are not fetched again: the same command continues an export that ended early.

Examples:
  $ pinfold pins export "Winter coats" --to ./coats
  $ pinfold pins import ./coats/pins.jsonl --profile other

Exit codes: 0 everything is there, 5 some pictures could not be fetched; others as everywhere.`,
    )
    .action(async (board: string, options: ExportCommandOptions) => {
      const { runExport } = await import('./run.ts')
      await runExport(board, options)
    })
}
