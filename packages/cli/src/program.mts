import { Command, CommanderError } from 'commander'
import { serveCommand } from './serve.mts'

/** Exit codes: 0 done, 1 failed, 2 called or configured wrongly. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/** The `pinfold` command. `argv` as Node gives it. Sets the process's exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('pinfold')
    .description('A server you run yourself that speaks the Pinterest API v5.')
    .version('0.1.0')
    .showHelpAfterError('(pinfold --help and pinfold serve --help say more)')
    .addHelpText(
      'after',
      `\nExample:\n  $ pinfold serve --port 4000\n\nExit codes: 0 done, 1 failed, 2 called wrongly.`,
    )
    .exitOverride()
    .addCommand(serveCommand().exitOverride())
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
}
