import { Command } from 'commander'
import { type Columns, printOne } from '../output/print.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'

interface ClockState {
  now: string
  runs: boolean
  ahead_ms: number
}

const columns: Columns<ClockState> = {
  now: (clock) => clock.now,
  runs: (clock) => (clock.runs ? 'yes' : 'no, it stands still'),
  ahead: (clock) => `${clock.ahead_ms / 1000} s`,
}

/** Returns `pinfold clock …`: the clock of a server that one tests with. */
export function clockCommand(): Command {
  return new Command('clock')
    .description('Move the clock of a Pinfold server: tokens expire, limits are free again, and so on.')
    .addHelpText('after', '\nExamples:\n  $ pinfold clock advance 31d\n  $ pinfold clock resume')
    .addCommand(showCommand())
    .addCommand(setCommand())
    .addCommand(advanceCommand())
    .addCommand(resumeCommand())
}

const clockOptions = (name: string) => withControlOptions(new Command(name), 'print the clock as JSON')

function showCommand(): Command {
  return clockOptions('show')
    .description('Show the clock.')
    .addHelpText('after', '\nExample:\n  $ pinfold clock show --json | jq -r .now')
    .action(async (options: ControlOptions) => printOne(await (await controlOf(options)).getClock(), columns, options))
}

function setCommand(): Command {
  return clockOptions('set')
    .description('Set the clock to a time, at which it stands still, or from which it runs.')
    .argument('<time>', 'the time, UTC if it has no zone')
    .option('--runs', 'let it run from there')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold clock set 2026-04-01T08:00:00Z\n  $ pinfold clock set 2026-04-01T08:00:00Z --runs',
    )
    .action(async (now: string, { runs = false, ...options }: ControlOptions & { runs?: boolean }) =>
      printOne(await (await controlOf(options)).setClock({ now, runs }), columns, options),
    )
}

function advanceCommand(): Command {
  return clockOptions('advance')
    .description('Move the clock forward, whether it runs or stands.')
    .argument('<duration>', 'how far: a number and ms, s, m, h, d or w')
    .addHelpText('after', '\nExamples:\n  $ pinfold clock advance 31d\n  $ pinfold clock advance 90s')
    .action(async (by: string, options: ControlOptions) =>
      printOne(await (await controlOf(options)).advanceClock({ by }), columns, options),
    )
}

function resumeCommand(): Command {
  return clockOptions('resume')
    .description("Have the clock follow the machine's again.")
    .addHelpText('after', '\nExample:\n  $ pinfold clock resume')
    .action(async (options: ControlOptions) =>
      printOne(await (await controlOf(options)).setClock({}), columns, options),
    )
}
