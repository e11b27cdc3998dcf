import { ClockAdvance, ClockChange, ClockState, Fault, faultExample, NewFault } from '../models/control.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'
import { controlApps } from './control-apps.ts'

const shared = { root: '/_pinfold', tag: 'control', auth: { by: 'control' }, category: 'org_write' } as const

const clockAnswer = { status: 200, description: 'The clock, as it is now.', schema: ClockState } as const
const faultsAnswer = (description: string) =>
  ({
    status: 200,
    description,
    schema: Type.Object({
      items: Type.Array(Fault, { description: 'The faults, in the order in which they are tried.' }),
    }),
  }) as const

/** What those who test with Pinfold do with the server itself. */
export const control = {
  /** The server's clock. */
  getClock: operation({
    ...shared,
    id: 'control/get_clock',
    method: 'GET',
    path: '/clock',
    summary: 'Get the clock',
    description: "The server's clock.",
    success: clockAnswer,
    errors: {},
  }),
  /** Sets the server's clock, lets it run or stand, or has it follow the machine's again. */
  setClock: operation({
    ...shared,
    id: 'control/set_clock',
    method: 'PUT',
    path: '/clock',
    summary: 'Set the clock',
    description:
      "Sets the server's clock to a time, from which it runs or at which it stands. With an empty body it follows the " +
      "machine's again.",
    body: { type: 'json', schema: ClockChange },
    success: clockAnswer,
    errors: {},
  }),
  /** Moves the server's clock forward. What is due by then happens, as far as it can be seen. */
  advanceClock: operation({
    ...shared,
    id: 'control/advance_clock',
    method: 'POST',
    path: '/clock/advance',
    summary: 'Advance the clock',
    description:
      "Moves the server's clock forward, whether it runs or stands. Tokens expire, limits are free again, and so on.",
    body: { type: 'json', schema: ClockAdvance },
    success: clockAnswer,
    errors: {},
  }),
  /** What goes wrong on purpose. */
  listFaults: operation({
    ...shared,
    id: 'control/list_faults',
    method: 'GET',
    path: '/faults',
    summary: 'List the faults',
    description: 'The faults, in the order in which they are tried: the first that matches a request happens.',
    success: faultsAnswer('The faults.'),
    errors: {},
  }),
  /** Adds a fault, after those there are. */
  addFault: operation({
    ...shared,
    id: 'control/add_fault',
    method: 'POST',
    path: '/faults',
    summary: 'Add a fault',
    description:
      'Makes requests fail on purpose. A fault concerns the operations of the API, of one app, account or operation if it ' +
      'names one. There may be 1,000.',
    body: { type: 'json', schema: NewFault },
    success: { status: 201, description: 'The fault.', schema: Fault },
    errors: {},
  }),
  /** Replaces all faults. */
  setFaults: operation({
    ...shared,
    id: 'control/set_faults',
    method: 'PUT',
    path: '/faults',
    summary: 'Replace the faults',
    description: 'Replaces all faults by these, which count from zero.',
    body: {
      type: 'json',
      schema: Type.Object(
        { items: Type.Array(NewFault, { maxItems: 1000, description: 'The faults.' }) },
        { additionalProperties: false, examples: [{ items: [faultExample] }] },
      ),
    },
    success: faultsAnswer('The faults.'),
    errors: {},
  }),
  /** Removes all faults. */
  clearFaults: operation({
    ...shared,
    id: 'control/clear_faults',
    method: 'DELETE',
    path: '/faults',
    summary: 'Remove the faults',
    description: 'Removes all faults. Requests that one of them holds go on.',
    success: { status: 204, description: 'There are none.' },
    errors: {},
  }),
  ...controlApps,
} as const
