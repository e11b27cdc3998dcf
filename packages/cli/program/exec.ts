import { Command, Option } from 'commander'
import { toServer } from './exec/to-server.ts'
import { toWhere, type Where } from './exec/to-where.ts'

interface ExecOptions {
  server?: string
  to: Where
  log?: string
  printEnv?: boolean
}

/** `pinfold exec`: runs a program whose calls to Pinterest reach Pinfold. */
export function execCommand(): Command {
  const command: Command = new Command('exec')
    .description('Run any program so that its calls to Pinterest reach Pinfold. Everything else it does is left alone.')
    .usage('[options] -- command…')
    .argument('[command...]', 'the program and its arguments, after --')
    .addOption(
      new Option('--server <url>', 'a running Pinfold (default: one with demo data is started for the program)')
        .env('PINFOLD_SERVER')
        .argParser(toServer),
    )
    .addOption(
      new Option('--to <where>', 'pinfold; or pinterest, with --log, to record what really goes there')
        .default('pinfold')
        .argParser(toWhere),
    )
    .addOption(new Option('--log <file>', 'record requests and answers there in HAR, without tokens and secrets'))
    .addOption(new Option('--print-env', 'instead of running a program, print the variables for a shell'))
    .addHelpText(
      'after',
      `
Examples:
  $ pinfold exec -- python3 publish.py
  $ pinfold exec --server http://127.0.0.1:4000 --log calls.har -- npm test
  $ pinfold exec --to pinterest --log calls.har -- python3 publish.py
  $ eval "$(pinfold exec --print-env)"     # for this shell; end it with: kill "$PINFOLD_EXEC_PID"

The exit code is the program's; 127 if it is not found, 126 if it cannot be run.
Calls go to the demo account, or with --to pinterest to your own; see docs/exec.md for what each kind of program needs.`,
    )
  return command.action(async (words: string[], options: ExecOptions) => {
    const [program, ...args] = words
    if (options.to !== 'pinfold' && options.log === undefined)
      command.error('--to pinterest is there to record: name a file with --log')
    if (options.to !== 'pinfold' && command.getOptionValueSource('server') === 'cli')
      command.error('--server is for calls to Pinfold, --to pinterest for those that are not')
    if (options.printEnv) {
      if (program !== undefined) command.error('--print-env takes no command: run it in that shell')
      const { printEnv } = await import('./exec/print-env.ts')
      await printEnv(options)
      return
    }
    if (program === undefined) command.error('name the program to run, after --: pinfold exec -- node app.js')
    const { runProgram } = await import('./exec/run-program.ts')
    await runProgram(program, args, options)
  })
}
