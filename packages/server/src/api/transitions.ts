import { type OperationInput, type resources, type TransitionKind, transitionKinds } from '@pinfold/contract'
import type { GateRule } from '../control/gate.ts'
import { invalid } from '../core/errors.ts'
import type { Handlers } from '../http/handlers.ts'
import { milliseconds } from './durations.ts'
import type { Services } from './services.ts'

type Change = OperationInput<typeof resources.control.setTransition>['body']

/** What somebody is told of whose thing fails on purpose, if nothing else is. */
export const failsOnPurpose = 'It failed on purpose: whoever tests with this server wants it so.'

/** The operations on how things go on by themselves. */
export function transitionsApi({
  adReviews,
  control: { transitions, shared },
}: Pick<Services, 'adReviews' | 'control'>): Pick<
  Handlers<typeof resources.control>,
  'listTransitions' | 'setTransition'
> {
  const shown = async (kind: TransitionKind) => ({
    kind,
    ...toWire(transitions[kind].rule),
    // What ads wait for is in the database, at whichever server.
    waiting: kind === 'ad.review' ? await adReviews.countPending() : await shared.waiting(kind),
  })
  return {
    listTransitions: async () => ({ items: await Promise.all(transitionKinds.map(shown)) }),
    async setTransition({ params: { kind }, body }) {
      const rule = toRule(body)
      await shared.check('A transition')
      transitions[kind].set(rule)
      await shared.changed('transitions')
      return shown(kind)
    },
  }
}

function toRule({ mode, after, problem }: Change): GateRule {
  if (mode !== 'time' && after !== undefined) throw invalid('after: this goes with the mode time alone.')
  if (mode !== 'fail' && problem !== undefined) throw invalid('problem: this goes with the mode fail alone.')
  if (mode === 'fail') return { mode, problem: problem ?? failsOnPurpose }
  if (mode !== 'time') return { mode }
  if (after === undefined) throw invalid('after: with the mode time, say how long, such as 90s.')
  return { mode, afterMs: milliseconds(after) }
}

const toWire = (rule: GateRule) => ({
  mode: rule.mode,
  ...(rule.mode === 'time' && { after: `${rule.afterMs}ms` }),
  ...(rule.mode === 'fail' && { problem: rule.problem }),
})
