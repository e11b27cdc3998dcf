import { type ErrorName, StringEnum, Type } from '@pinfold/contract'
import { ToolError, tool } from '../tool.ts'
import { strict } from './fields.ts'

const effects = ['error', 'latency', 'reset', 'timeout', 'truncate', 'lost_response'] as const

/** Has requests to a Pinfold server fail on purpose. */
export const setFaults = tool({
  name: 'set_faults',
  title: 'Have requests fail on purpose',
  description:
    'Replaces what goes wrong on purpose at the Pinfold server, to test how a program bears it. An empty list: nothing. lost_response: the work is done, the answer is lost.',
  toolset: 'control',
  effect: 'writes',
  scopes: [],
  input: Type.Object(
    {
      faults: Type.Array(
        Type.Object(
          {
            operation: Type.Optional(
              Type.String({ maxLength: 100, description: 'Such as pins/create; else every one.' }),
            ),
            account: Type.Optional(Type.String({ maxLength: 100 })),
            effect: StringEnum(effects),
            error: Type.Optional(
              Type.Unsafe<ErrorName>({
                type: 'string',
                maxLength: 50,
                description: 'Such as rateLimited, unavailable, authenticationFailed: see pinfold://errors.',
              }),
            ),
            times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
            after: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
            probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
            retry_after: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
            latency_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
          },
          strict,
        ),
        { maxItems: 50 },
      ),
    },
    strict,
  ),
  async run({ faults }, { host: { controller } }) {
    if (!controller) throw new ToolError('This service cannot be controlled from here.')
    return { value: await controller.control.setFaults({ items: faults }) }
  },
})
