import { serverDefaults } from '@pinfold/server/defaults'
import { Command, Option } from 'commander'
import type { CopyDatabaseOptions } from './run-copy.ts'

/** Returns `pinfold copy`: the move from the embedded database to PostgreSQL. */
export function copyCommand(): Command {
  return new Command('copy')
    .description('Copy all data of the embedded database into an empty PostgreSQL database, and compare them.')
    .addOption(
      new Option('--from <folder>', "the server's data folder").env('PINFOLD_DATA').default(serverDefaults.dataDir),
    )
    .addOption(
      new Option('--to <url>', 'the PostgreSQL database: postgres://user:password@host/database')
        .env('PINFOLD_DATABASE_URL')
        .makeOptionMandatory(),
    )
    .option('--json', 'print what was copied as JSON')
    .addHelpText(
      'after',
      `
Stop the server on this data folder first. The source is only read. A copy that ended early, however it ended, is continued
by the same command; until it has been compared row by row, no server starts on it. Pictures and videos are files, which
stay where they are: the command says with which --storage the new server finds them, and pinfold media copy copies them.

Example:
  $ pinfold copy --from ./.pinfold --to postgres://pinfold@db.example.com/pinfold

Exit codes: 0 copied and the same, 1 failed, 2 called wrongly, or the databases cannot be used for this.`,
    )
    .action(async (options: CopyDatabaseOptions) => {
      const { runCopyDatabase } = await import('./run-copy.ts')
      await runCopyDatabase(options)
    })
}
