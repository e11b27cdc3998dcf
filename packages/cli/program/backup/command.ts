import { serverDefaults } from '@pinfold/server/defaults'
import { Command, Option } from 'commander'
import type { BackupOptions, ListOptions, RestoreOptions, VerifyBackupsOptions } from './run.ts'

const option = (flags: string, description: string, variable: string) => new Option(flags, description).env(variable)
const dataOption = () =>
  option('--data <folder>', "the server's data folder", 'PINFOLD_DATA').default(serverDefaults.dataDir)
const keyOption = () =>
  option('--key-file <file>', 'a file with the key, for encrypted backups', 'PINFOLD_BACKUP_KEY_FILE')

const aboutKeys = `
The key is 32 bytes in hexadecimal digits or base64 (openssl rand -hex 32), or a passphrase of 12 characters or more; in a
file, or in the variable PINFOLD_BACKUP_KEY.`

/** Returns `pinfold backup`: copies of a server's data, made while it runs. */
export function backupCommand(): Command {
  return new Command('backup')
    .description("Back up a server's data into a folder, while it runs.")
    .argument('[to]', 'the folder of the backups')
    .addOption(dataOption())
    .addOption(
      option('--storage <folder|s3://…>', 'where media are kept, if not in the data folder', 'PINFOLD_STORAGE'),
    )
    .addOption(keyOption())
    .option('--keep <count>', 'remove older backups in that folder, but so many', Number)
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
What an earlier backup in the folder has is not copied again. A backup that was cut off does not count.
${aboutKeys}

Examples:
  $ pinfold backup /backup/pinfold --data /var/lib/pinfold --keep 14
  $ pinfold backup /backup/pinfold --key-file /etc/pinfold/backup.key
  $ pinfold backup verify /backup/pinfold

Exit codes: 0 done, 1 failed, 2 called wrongly, 5 done, and the data folder lacks files that its database names.`,
    )
    .action(async (to: string | undefined, options: BackupOptions, command: Command) => {
      if (to === undefined) command.error('error: name the folder of the backups')
      const { runBackup } = await import('./run.ts')
      await runBackup(to, options)
    })
    .addCommand(verifyCommand())
    .addCommand(listCommand())
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Read backups through, and find what is missing or altered.')
    .argument('<from>', 'the folder of the backups')
    .addOption(keyOption())
    .option('--backup <name>', 'only this one (default: all)')
    .option('--quick', 'look at sizes, not into the files')
    .option('--json', 'print each problem, and at the end the counts, as a JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ pinfold backup verify /backup/pinfold
  $ pinfold backup verify /backup/pinfold --key-file backup.key --json

Exit codes: 0 nothing is wrong, 1 something is, 2 called wrongly, or with another key.`,
    )
    .action(async (from: string, options: VerifyBackupsOptions, command: Command) => {
      const { runVerifyBackups } = await import('./run.ts')
      await runVerifyBackups(from, withParent(options, command))
    })
}

function listCommand(): Command {
  return new Command('list')
    .description('List the backups in a folder, oldest first.')
    .argument('<from>', 'the folder of the backups')
    .addOption(keyOption())
    .option('--json', 'print a JSON object a line')
    .addHelpText('after', '\nExamples:\n  $ pinfold backup list /backup/pinfold')
    .action(async (from: string, options: ListOptions, command: Command) => {
      const { runListBackups } = await import('./run.ts')
      await runListBackups(from, withParent(options, command))
    })
}

/** Commander gives an option to the command above when both have it. */
const withParent = <Options extends ListOptions>(options: Options, { parent }: Command): Options => ({
  ...options,
  ...(parent?.opts().keyFile !== undefined && { keyFile: parent.opts().keyFile }),
  ...(parent?.opts().json && { json: true }),
})

/** Returns `pinfold restore`. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('Restore a backup into a data folder.')
    .argument('<from>', 'the folder of the backups')
    .addOption(dataOption())
    .addOption(keyOption())
    .option('--backup <name>', 'which one (default: the newest)')
    .option('--replace', 'replace the data in the data folder, once all of the backup is there and was checked')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
The data folder must be new or empty, unless --replace is given; no server may run on it. When it fails or is cut off, the
data in the folder are those from before.
${aboutKeys}

Examples:
  $ pinfold restore /backup/pinfold --data /var/lib/pinfold
  $ pinfold restore /backup/pinfold --backup 000007-20270301T030000Z --data ./restored

Exit codes: 0 done, 1 the backup cannot be used, 2 called wrongly, or with another key.`,
    )
    .action(async (from: string, options: RestoreOptions) => {
      const { runRestore } = await import('./run.ts')
      await runRestore(from, options)
    })
}
