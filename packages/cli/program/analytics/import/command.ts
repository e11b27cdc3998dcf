import { Command, Option } from 'commander'
import { numberFrom } from '../../service/arguments.ts'
import { withServiceOptions } from '../../service/service.ts'
import type { HistoryImportOptions } from './run.ts'

/** `pinfold analytics import`. */
export function historyImportCommand(): Command {
  return withServiceOptions(new Command('import'))
    .description('Load numbers of past days into a Pinfold, from a CSV.')
    .argument('<file>', 'a CSV with the columns date, pin or ad, metric, value and, if need be, app type')
    .option('--journal <file>', 'where to keep how far it is (default: beside the input)')
    .option('--report <file>', 'write the report there, as JSON')
    .addOption(
      new Option('--give-up-after <seconds>', 'how long to wait for a service that is away')
        .default(600)
        .argParser(numberFrom(0, 86_400)),
    )
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Numbers take the place of those that are there, so loading them twice changes nothing. A run that ended early, however
it did, is continued by the same command. Rows that failed are tried again by it.

Example:
  $ pinfold analytics import history.csv

Exit codes: 0 every row is in place, 5 some rows failed, 1 it ended early, 130 it was interrupted; others as everywhere.`,
    )
    .action(async (file: string, options: HistoryImportOptions) => {
      const { runHistoryImport } = await import('./run.ts')
      await runHistoryImport(file, options)
    })
}
