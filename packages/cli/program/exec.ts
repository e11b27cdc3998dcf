import { Command, InvalidArgumentError, Option } from 'commander'

interface ExecOptions {
  server?: string
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
    .addOption(new Option('--log <file>', 'record requests and answers there in HAR, without tokens and secrets'))
    .addOption(new Option('--print-env', 'instead of running a program, print the variables for a shell'))
    .addHelpText(
      'after',
      `
Examples:
  $ pinfold exec -- python3 publish.py
  $ pinfold exec --server http://127.0.0.1:4000 --log calls.har -- npm test
  $ eval "$(pinfold exec --print-env)"     # for this shell; end it with: kill "$PINFOLD_EXEC_PID"

The exit code is the program's; 127 if it is not found, 126 if it cannot be run.
Calls go to the demo account; see docs/exec.md for what each kind of program needs.`,
    )
  return command.action(async (words: string[], options: ExecOptions) => {
    const [program, ...args] = words
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

function toServer(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username)
    throw new InvalidArgumentError('It must be the address of a server alone, such as http://127.0.0.1:4000.')
  return url.origin
}
