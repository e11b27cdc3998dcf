import { type TransitionKind, transitionKinds } from '@pinfold/contract'
import type { Clock } from '../core/clock.ts'
import { type Gate, gateOf } from './gate.ts'

/** How each kind of thing goes on that somebody has begun. In memory: a new start knows nothing of it. */
export type Transitions = Record<TransitionKind, Gate> & {
  /** Has all go on at once. */
  reset(): void
}

/** Makes the transitions by a clock. */
export function transitionsOf(clock: Clock): Transitions {
  const gates = Object.fromEntries(transitionKinds.map((kind) => [kind, gateOf(clock)])) as Record<TransitionKind, Gate>
  return {
    ...gates,
    reset() {
      for (const gate of Object.values(gates)) gate.set({ mode: 'immediate' })
    },
  }
}
