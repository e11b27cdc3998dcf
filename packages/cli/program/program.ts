import { Command, CommanderError } from 'commander'
import { accountCommands } from './account/commands.ts'
import { analyticsCommand } from './analytics/command.ts'
import { boardsCommand } from './boards.ts'
import { checkCommand } from './check/command.ts'
import { describe } from './command-error.ts'
import { completionCommand } from './completion.ts'
import { clockCommand } from './control/clock.ts'
import { resetCommand, seedCommand } from './control/data.ts'
import { faultCommand } from './control/faults.ts'
import { logsCommand } from './control/logs.ts'
import { sandboxCommand } from './control/sandboxes.ts'
import { snapshotCommand } from './control/snapshots.ts'
import { transitionCommand } from './control/transitions.ts'
import { triggerCommand } from './control/triggers.ts'
import { diffCommand } from './diff/command.ts'
import { execCommand } from './exec.ts'
import { exitCodes, exitCodesHelp } from './exit-codes.ts'
import { exportApiCommand } from './export-api/command.ts'
import { followCommands } from './follows.ts'
import { mcpCommand } from './mcp/command.ts'
import { mediaCommand } from './media/command.ts'
import { adAccountsCommand } from './operator/ad-accounts.ts'
import { appsCommand } from './operator/apps.ts'
import { collaboratorsCommand } from './operator/collaborators.ts'
import { tokensCommand } from './operator/tokens.ts'
import { usersCommand } from './operator/users.ts'
import { pinsCommand } from './pins.ts'
import { searchCommand } from './search.ts'
import { serveCommand } from './serve.ts'
import { version } from './version.ts'
import { webhookCommand } from './webhook/command.ts'
import { websitesCommand } from './websites.ts'

/**
 * Runs the `pinfold` command; without arguments, `pinfold serve`. `argv` is that of Node. Sets the process's exit code.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('pinfold')
    .description('A server you run yourself that speaks the Pinterest API v5, and everyday jobs over that API.')
    .version(version, '-v, --version', 'print the version')
    .showHelpAfterError('(pinfold --help says more)')
    .addHelpText(
      'after',
      `\nExamples:\n  $ pinfold                       # the same as: pinfold serve\n  $ pinfold serve --port 4000\n  $ pinfold boards list\n\n${exitCodesHelp}`,
    )
    .addCommand(serveCommand())
    .addCommand(execCommand())
  const operating = [appsCommand(), usersCommand(), tokensCommand(), adAccountsCommand(), collaboratorsCommand()]
  const everyday = [
    boardsCommand(),
    pinsCommand(),
    searchCommand(),
    ...followCommands(),
    analyticsCommand(),
    websitesCommand(),
  ]
  for (const command of [
    ...accountCommands(),
    ...everyday,
    mediaCommand(),
    mcpCommand(),
    ...operating,
    clockCommand(),
    faultCommand(),
    exportApiCommand(),
    resetCommand(),
    seedCommand(),
    sandboxCommand(),
    snapshotCommand(),
    transitionCommand(),
    webhookCommand(),
    triggerCommand(),
    logsCommand(),
    diffCommand(),
    checkCommand(),
    completionCommand(),
  ])
    program.addCommand(command)
  program.addCommand(helpCommand(program)).helpCommand(false)
  withOurErrors(program)
  // The reader may close the output early: pinfold pins list | head
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(exitCodes.done)
  })
  try {
    await program.parseAsync(argv.length > 2 ? [...argv] : [...argv, 'serve'])
  } catch (error) {
    process.exitCode = report(error)
  }
}

/** Makes `pinfold help`, for nested commands too: Commander's own takes a single word. */
function helpCommand(program: Command): Command {
  return new Command('help')
    .description('Show the help of a command.')
    .argument('[command...]', 'the command, such as: pins create')
    .addHelpText('after', '\nExample:\n  $ pinfold help pins create')
    .action((words: string[], _: object, help: Command) => {
      let command = program
      for (const word of words) {
        const child = command.commands.find((one) => one.name() === word)
        if (!child) help.error(`there is no command '${words.join(' ')}'`)
        command = child
      }
      command.outputHelp()
    })
}

/** Prints an error in a line, and returns the exit code. Throws unexpected errors. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  const described = describe(error)
  if (!described) throw error
  console.error(`pinfold: ${described.line}`)
  return described.exitCode
}

/** Reports usage errors like all others, by throwing them: Commander would end the process. */
function withOurErrors(command: Command): void {
  const outputError = (text: string, write: (text: string) => void) => write(text.replace(/^(error: )?/, 'pinfold: '))
  command.exitOverride().configureOutput({ outputError })
  for (const child of command.commands) withOurErrors(child)
}
