import { Model, StringEnum } from '../schema.ts'
import { allScopes } from '../scopes.ts'
import { Type } from '../type.ts'

/** What a review looks for, in the order in which one shows it. */
export const reviewPoints = ['consent', 'scopes', 'errors', 'rate_limits', 'refresh'] as const
/** One of them. */
export type ReviewPoint = (typeof reviewPoints)[number]

/** How far an app is with a point: done, not seen yet, or done otherwise than it should. */
export const reviewStates = ['shown', 'open', 'wrong'] as const
/** One of them. */
export type ReviewState = (typeof reviewStates)[number]

const scopes = (description: string) => Type.Array(StringEnum(allScopes), { description })

export const AppReview = Model(
  'AppReview',
  "What an app has shown so far of what Pinterest's review looks for.",
  {
    points: Type.Array(
      Type.Object({
        point: StringEnum(reviewPoints, {
          description:
            '`consent`: it exchanges a code from the consent page. `scopes`: it uses what it asks for. `errors`: it does not ' +
            'send again and again what was refused. `rate_limits`: after a 429 it waits. `refresh`: it renews its token.',
        }),
        state: StringEnum(reviewStates, {
          description:
            '`shown`: it has done so. `open`: that has not been seen yet. `wrong`: it has done otherwise than it should.',
        }),
        text: Type.String({ description: 'What was seen, or what to do.' }),
        requests: Type.Array(Type.String(), {
          description: 'The numbers of requests in the log that show it, the newest five.',
        }),
      }),
      { description: 'The points, in the order in which one shows them.' },
    ),
    requests: Type.Integer({ minimum: 0, description: 'How many requests of the app are in the log.' }),
    scopes: Type.Object(
      {
        granted: scopes('Those of the tokens that it got.'),
        used: scopes('Those that operations need that it called with success.'),
        unused: scopes('Those granted that none of these needs.'),
        missing: scopes('Those that it was refused for.'),
      },
      { description: 'The scopes of the app.' },
    ),
  },
  {
    examples: [
      {
        points: [
          {
            point: 'consent',
            state: 'shown',
            text: 'It asked for consent, and exchanged the code.',
            requests: ['17'],
          },
        ],
        requests: 42,
        scopes: { granted: ['boards:read', 'pins:read'], used: ['boards:read'], unused: ['pins:read'], missing: [] },
      },
    ],
  },
)
