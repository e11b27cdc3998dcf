import { Command } from 'commander'
import { type DataOptions, withData } from '../operator/operate.ts'
import type { MigrateOptions } from './run-migrate.ts'

/** Returns `pinfold migrate`: the schema of a server's database. */
export function migrateCommand(): Command {
  return withData(new Command('migrate'), 'print the steps as JSON')
    .description('Bring the tables of a database to the version of this program, as pinfold serve does when it starts.')
    .option('--dry-run', 'change nothing: list the steps that are done, and those to be done')
    .addHelpText(
      'after',
      `
On PostgreSQL servers may go on meanwhile, and several may do this at once: each step is a transaction that waits for no
lock longer than two seconds, and indexes of large tables are made while others write. The server on an embedded database
must be stopped.

Examples:
  $ pinfold migrate --database-url postgres://pinfold@db.example.com/pinfold --dry-run
  $ pinfold migrate --data ./.pinfold`,
    )
    .action(async (options: DataOptions & MigrateOptions) => {
      const { runMigrate } = await import('./run-migrate.ts')
      await runMigrate(options)
    })
}
