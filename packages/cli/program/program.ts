import { Command, CommanderError } from 'commander'
import { describe } from './command-error.ts'
import { exitCodes, exitCodesHelp } from './exit-codes.ts'
import { serveCommand } from './serve.ts'
import { version } from './version.ts'

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
  // Not to load some hundred modules of the other commands is a fifth of the time of a start.
  const isServe = argv.length === 2 || argv[2] === 'serve'
  if (!isServe) for (const command of (await import('./commands.ts')).otherCommands()) program.addCommand(command)
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
