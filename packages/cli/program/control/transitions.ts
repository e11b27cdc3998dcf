import type { PinterestClient } from '@pinfold/client'
import type { TransitionKind } from '@pinfold/contract'
import { Command } from 'commander'
import { type Columns, printList, printOne } from '../output/print.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'

type Change = Parameters<PinterestClient['control']['setTransition']>[1]
type Transition = Awaited<ReturnType<PinterestClient['control']['setTransition']>>

interface SetOptions extends ControlOptions {
  after?: string
  problem?: string
}

const columns: Columns<Transition> = {
  kind: (transition) => transition.kind,
  mode: (transition) => [transition.mode, transition.after ?? transition.problem].filter(Boolean).join(' '),
  waiting: (transition) => String(transition.waiting),
}

/** Returns `pinfold transition`: how things go on by themselves, at a server that one tests with. */
export function transitionCommand(): Command {
  return withControlOptions(new Command('transition'), 'print the transition as JSON, or one JSON object a line')
    .description(
      'Say how things go on by themselves, such as the processing of videos and the review of ads; without arguments, list that.',
    )
    .argument('[kind]', 'what goes on: media or ad.review')
    .argument('[mode]', 'how: immediate, time, manual or fail', 'immediate')
    .option('--after <time>', 'with time: how long, a number and ms, s, m, h, d or w')
    .option('--problem <text>', 'with fail: why, in words')
    .addHelpText(
      'after',
      `
Modes: immediate goes on at once; time goes on after a time on the server's clock; manual waits for a trigger; fail fails.

Examples:
  $ pinfold transition media time --after 90s
  $ pinfold transition media manual
  $ pinfold transition ad.review fail --problem "It shows a weapon."
  $ pinfold transition media immediate`,
    )
    .action(
      async (kind: TransitionKind | undefined, mode: Change['mode'], { after, problem, ...options }: SetOptions) => {
        const control = await controlOf(options)
        if (kind === undefined) return printList((await control.listTransitions()).items, columns, options)
        const change = withoutUndefined({ mode, after, problem }) as Change
        printOne(await control.setTransition(kind, change), columns, options)
      },
    )
}
