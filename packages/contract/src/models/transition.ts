import { Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { durationUnits } from './control.ts'

/** What goes on by itself once somebody has begun it. */
export const transitionKinds = ['media', 'ad.review'] as const
export type TransitionKind = (typeof transitionKinds)[number]

/** How it goes on. */
export const transitionModes = ['immediate', 'time', 'manual', 'fail'] as const

export const TransitionKindName = StringEnum(transitionKinds, {
  description: '`media`: the processing of a video that was uploaded. `ad.review`: the review of an ad.',
})

const fields = {
  mode: StringEnum(transitionModes, {
    description:
      '`immediate`: as soon as it can, as it is without a rule. `time`: `after` a time on the server’s clock. `manual`: when a trigger ' +
      'says so. `fail`: at once, and it fails.',
  }),
  after: Type.Optional(
    Type.String({
      pattern: `^\\d{1,9}(${Object.keys(durationUnits).join('|')})$`,
      description: 'How long `time` waits: a number and `ms`, `s`, `m`, `h`, `d` or `w`.',
      examples: ['90s'],
    }),
  ),
  problem: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Why it fails, with `fail`, in words for who began it.',
    }),
  ),
}

export const TransitionChange = Model('TransitionChange', 'How something goes on by itself.', fields, {
  additionalProperties: false,
  examples: [{ mode: 'time', after: '90s' }],
})

export const Transition = Model(
  'Transition',
  'How something goes on by itself.',
  {
    kind: TransitionKindName,
    ...fields,
    waiting: Type.Integer({ description: 'How many wait now.' }),
  },
  { examples: [{ kind: 'media', mode: 'time', after: '90s', waiting: 2 }] },
)
