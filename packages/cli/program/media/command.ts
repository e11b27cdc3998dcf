import { serverDefaults } from '@pinfold/server/defaults'
import { Command, Option } from 'commander'
import type { CopyOptions, VerifyOptions } from './run.ts'

/** Returns `pinfold media`: the files of pictures and videos, for operators of a server. */
export function mediaCommand(): Command {
  return new Command('media')
    .description("Check and copy the files of a server's pictures and videos, on its machine.")
    .addHelpText('after', '\nExample:\n  $ pinfold media verify')
    .addCommand(verifyCommand())
    .addCommand(copyCommand())
}

function withPlaces(command: Command): Command {
  const option = (flags: string, description: string, variable: string) => new Option(flags, description).env(variable)
  return command
    .addOption(option('--data <folder>', "the server's data folder", 'PINFOLD_DATA').default(serverDefaults.dataDir))
    .addOption(option('--database-url <url>', 'PostgreSQL instead of the embedded database', 'PINFOLD_DATABASE_URL'))
    .addOption(
      option('--storage <folder|s3://…>', 'where they are kept (default: in the data folder)', 'PINFOLD_STORAGE'),
    )
}

function verifyCommand(): Command {
  return withPlaces(new Command('verify'))
    .description('Find files that are missing, broken, or needed by nothing.')
    .option('--repair', 'remove what nothing needs, make renditions anew from their originals')
    .option('--quick', 'look at names and sizes, not into the files')
    .option('--json', 'print each problem, and at the end the counts, as a JSON object a line')
    .addHelpText(
      'after',
      `
It reads only, and may run beside the server. With --repair the server on this data folder must be stopped. What was
written within the last hour may be on its way: it is not taken for something that nothing needs.

Examples:
  $ pinfold media verify --data ./.pinfold
  $ pinfold media verify --repair --storage s3://my-bucket/pins --json

Exit codes: 0 nothing is wrong (any more), 1 something is, 2 called wrongly.`,
    )
    .action(async (options: VerifyOptions) => {
      const { runVerify } = await import('./run.ts')
      await runVerify(options)
    })
}

function copyCommand(): Command {
  return withPlaces(new Command('copy'))
    .description('Copy everything to another storage.')
    .requiredOption('--to <folder|s3://…>', 'the storage to copy to')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
What is there already is not copied again: the same command continues a copy that ended early. To move a server, copy
while it runs, stop it, copy again what is new, and start it with --storage.

Examples:
  $ pinfold media copy --to "s3://my-bucket/pins?endpoint=https://s3.example.com"
  $ pinfold media copy --storage s3://my-bucket/pins --to ./backup`,
    )
    .action(async (options: CopyOptions) => {
      const { runCopy } = await import('./run.ts')
      await runCopy(options)
    })
}
