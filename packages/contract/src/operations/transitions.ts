import { Transition, TransitionChange, TransitionKindName } from '../models/transition.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'

const shared = { root: '/_pinfold', tag: 'control', auth: { by: 'control' }, category: 'org_write' } as const

/** How what somebody has begun goes on by itself. */
export const transitions = {
  /** How each kind of thing goes on by itself. */
  listTransitions: operation({
    ...shared,
    id: 'control/list_transitions',
    method: 'GET',
    path: '/transitions',
    summary: 'List the transitions',
    description: 'How each kind of thing goes on by itself, and how many wait.',
    success: {
      status: 200,
      description: 'The transitions.',
      schema: Type.Object({ items: Type.Array(Transition, { description: 'The transitions, by kind.' }) }),
    },
    errors: {},
  }),
  /** Sets how a kind of thing goes on by itself: at once, after a time, when a trigger says so, or that it fails. */
  setTransition: operation({
    ...shared,
    id: 'control/set_transition',
    method: 'PUT',
    path: '/transitions/{kind}',
    summary: 'Set a transition',
    description: 'Sets how a kind of thing goes on by itself. What waits already goes on by the new rule too.',
    params: Type.Object({ kind: TransitionKindName }),
    body: { type: 'json', schema: TransitionChange },
    success: { status: 200, description: 'The transition.', schema: Transition },
    errors: {},
  }),
} as const
