import { Command, Option } from 'commander'
import { numberFrom } from '../service/arguments.ts'
import { withServiceOptions } from '../service/service.ts'
import type { ImportCommandOptions } from './run.ts'

/** `pinfold pins import`. */
export function importCommand(): Command {
  return withServiceOptions(new Command('import'))
    .description("Make Pins of Pinterest's bulk-upload CSV, of JSON Lines or of a folder of pictures and videos.")
    .argument('<file|folder>', 'a .csv, .jsonl or .ndjson file, or a folder')
    .option('--board <name>', 'the board for rows that name none, and for all of a folder; or "Board/Section"')
    .addOption(
      new Option('--concurrency <number>', 'how many Pins to make at once').default(4).argParser(numberFrom(1, 32)),
    )
    .option('--dry-run', 'check every row, and change nothing')
    .option('--journal <file>', 'where to keep what is done (default: beside the input)')
    .option('--report <file>', 'write the report there, as JSON')
    .addOption(
      new Option('--give-up-after <seconds>', 'how long to wait for a service that is away')
        .default(600)
        .argParser(numberFrom(0, 86_400)),
    )
    .option('--retry-uncertain', 'make Pins again of which it is not known whether they were made')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
A run that ended early, however it did, is continued by the same command. Rows that failed are tried again by it.

Examples:
  $ pinfold pins import pins.csv --dry-run
  $ pinfold pins import pins.csv --report report.json
  $ pinfold pins import ./pictures --board "Winter coats/New"

Exit codes: 0 every Pin is there, 5 some rows failed, 1 it ended early, 130 it was interrupted; others as everywhere.`,
    )
    .action(async (input: string, options: ImportCommandOptions) => {
      const { runImport } = await import('./run.ts')
      await runImport(input, options)
    })
}
