import { type ErrorName, errorCatalogue } from '../errors.ts'
import { Id, Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** A time with its zone, since this is no field of Pinterest's. */
const Instant = (description: string) =>
  Type.String({ maxLength: 40, description, examples: ['2026-03-14T09:26:53.000Z'] })

export const ClockState = Model(
  'ClockState',
  "The server's clock.",
  {
    now: Instant('The time that it shows.'),
    runs: Type.Boolean({ description: 'Whether it runs. Otherwise it stands still until it is moved.' }),
    ahead_ms: Type.Integer({
      description: "How far it is ahead of the machine's, in milliseconds; negative if behind.",
    }),
  },
  { examples: [{ now: '2026-03-14T09:26:53.000Z', runs: true, ahead_ms: 0 }] },
)

export const ClockChange = Model(
  'ClockChange',
  "What to do with the server's clock.",
  {
    now: Type.Optional(Instant("The time that it shows from now on. Without one, it is the machine's again.")),
    runs: Type.Optional(Type.Boolean({ description: 'Whether it runs on from there: yes, if not given.' })),
  },
  { additionalProperties: false, examples: [{ now: '2026-04-01T08:00:00.000Z', runs: false }] },
)

/** Units of a duration such as `31d`, in milliseconds. */
export const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export const ClockAdvance = Model(
  'ClockAdvance',
  'How far to move the clock.',
  {
    by: Type.String({
      pattern: `^\\d{1,12}(${Object.keys(durationUnits).join('|')})$`,
      description: 'A number and a unit: `ms`, `s`, `m`, `h`, `d` or `w`.',
      examples: ['31d'],
    }),
  },
  { additionalProperties: false, examples: [{ by: '31d' }] },
)

/**
 * What a fault does. `error`: the request is refused. `latency`: it waits first. `reset`: the connection is reset, and
 * nothing is done. `timeout`: nothing is done, and no answer comes. `truncate`: the work is done, and half of the answer
 * comes. `lost_response`: the work is done, and no answer comes.
 */
export const faultEffects = ['error', 'latency', 'reset', 'timeout', 'truncate', 'lost_response'] as const

const faultFields = {
  operation: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'The operation, as the reference names it, such as `pins/create`. Without one: every operation.',
      examples: ['pins/create'],
    }),
  ),
  app: Type.Optional(Id('Only requests of this app.')),
  account: Type.Optional(
    Type.String({ maxLength: 100, description: 'Only requests of the account with this username.' }),
  ),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 0,
      description: 'How many matching requests pass before.',
    }),
  ),
  times: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How often it happens. Without a number: always.' }),
  ),
  probability: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, default: 1, description: 'How likely it is, each time.' }),
  ),
  effect: StringEnum(faultEffects, {
    description:
      '`error`: the request is refused. `latency`: it waits first. `reset`: the connection is reset, and nothing is done. ' +
      '`timeout`: nothing is done, and no answer comes. `truncate`: the work is done, and half of the answer comes. ' +
      '`lost_response`: the work is done, and no answer comes.',
  }),
  error: Type.Optional(
    StringEnum(Object.keys(errorCatalogue) as ErrorName[], {
      description: 'The error of the effect `error`; `unavailable`, if not given.',
    }),
  ),
  retry_after: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 86_400, description: 'Seconds, in the header `Retry-After` of the error.' }),
  ),
  latency_ms: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 600_000, description: 'How long `latency` waits: a second, if not given.' }),
  ),
}

export const faultExample = {
  operation: 'pins/create',
  times: 2,
  effect: 'error',
  error: 'rateLimited',
  retry_after: 1,
}

export const NewFault = Model('NewFault', 'What goes wrong, on purpose.', faultFields, {
  additionalProperties: false,
  examples: [faultExample],
})

export const Fault = Model(
  'Fault',
  'What goes wrong, on purpose.',
  {
    id: Type.String({ description: 'Its number.' }),
    ...faultFields,
    matched: Type.Integer({ description: 'How many requests matched it so far, also those that it let pass.' }),
    happened: Type.Integer({ description: 'How often it happened so far.' }),
  },
  { examples: [{ id: '1', ...faultExample, matched: 3, happened: 2 }] },
)

const snapshotExample = { name: 'before-checkout', created_at: '2026-03-14T09:26:53.000Z', bytes: 1_048_576 }

/** The name of a snapshot. */
export const SnapshotName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9.-]*$',
  description: 'Its name: letters, digits, dots and dashes, the first no dot or dash.',
  examples: [snapshotExample.name],
})

export const Snapshot = Model(
  'Snapshot',
  'A copy of all data, under a name.',
  {
    name: SnapshotName,
    created_at: Instant('When it was made.'),
    bytes: Type.Integer({
      description: 'The size of its database, pictures and videos. Files that the data have too take no further space.',
    }),
  },
  { examples: [snapshotExample] },
)

export const NewSnapshot = Model(
  'NewSnapshot',
  'A name for a copy of all data.',
  { name: SnapshotName },
  { additionalProperties: false, examples: [{ name: snapshotExample.name }] },
)

const confirm = Type.Optional(
  Type.Boolean({
    description: 'Whether to discard the data though no seed has filled them, so that they cannot be made anew.',
  }),
)

export const DataDiscard = Model(
  'DataDiscard',
  'Whether the data may be discarded.',
  { confirm },
  { additionalProperties: false, examples: [{}] },
)

export const GivenSeed = Model(
  'GivenSeed',
  'What to fill the data with.',
  {
    seed: Type.Union([StringEnum(['demo']), Type.Object({}, { additionalProperties: true })], {
      description: '`demo`, or the content of a seed file, with its pictures as `data:` addresses.',
      examples: ['demo'],
    }),
    confirm,
  },
  {
    additionalProperties: false,
    examples: [{ seed: { accounts: [{ username: 'cup_collector', boards: [{ name: 'Cups' }] }] } }],
  },
)
