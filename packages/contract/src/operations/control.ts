import {
  ClockAdvance,
  ClockChange,
  ClockState,
  DataDiscard,
  Fault,
  faultExample,
  GivenSeed,
  NewFault,
  NewSnapshot,
  Snapshot,
  SnapshotName,
} from '../models/control.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'
import { appReview } from './app-review.ts'
import { controlApps } from './control-apps.ts'
import { requestLog } from './request-log.ts'
import { sandboxes } from './sandboxes.ts'
import { transitions } from './transitions.ts'
import { triggers } from './triggers.ts'

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
  ...appReview,
  ...sandboxes,
  ...transitions,
  ...triggers,
  /** Restores the data, the clock and the faults to their state at the start. */
  reset: operation({
    ...shared,
    id: 'control/reset',
    method: 'POST',
    path: '/reset',
    summary: 'Reset the data',
    description:
      'Restores the state after the seed was filled, with the same ids and tokens. Data without a seed become empty, ' +
      "which needs `confirm`. The clock follows the machine's again, and there are no faults.",
    body: { type: 'json', schema: DataDiscard },
    success: { status: 204, description: 'The data are as they were.' },
    errors: {},
  }),
  /** Discards the data, and fills a seed instead. */
  seed: operation({
    ...shared,
    id: 'control/seed',
    method: 'POST',
    path: '/seed',
    summary: 'Fill with a seed',
    description:
      'Discards the data and fills a seed instead, to which a reset leads from then on. If the seed is wrong, the data ' +
      'stay as they are.',
    body: { type: 'json', schema: GivenSeed },
    success: { status: 204, description: 'The data are those of the seed.' },
    errors: {},
  }),
  /** The snapshots, by name. */
  listSnapshots: operation({
    ...shared,
    id: 'control/list_snapshots',
    method: 'GET',
    path: '/snapshots',
    summary: 'List the snapshots',
    description: 'The snapshots, by name. There are 50 at most.',
    success: {
      status: 200,
      description: 'The snapshots.',
      schema: Type.Object({ items: Type.Array(Snapshot, { description: 'The snapshots.' }) }),
    },
    errors: {},
  }),
  /** Copies all data under a new name. */
  saveSnapshot: operation({
    ...shared,
    id: 'control/save_snapshot',
    method: 'POST',
    path: '/snapshots',
    summary: 'Save a snapshot',
    description:
      'Copies all data under a new name, without what is being uploaded. There may be 50 snapshots, of 10 GB together.',
    body: { type: 'json', schema: NewSnapshot },
    success: { status: 201, description: 'The snapshot.', schema: Snapshot },
    errors: {},
  }),
  /** Replaces all data by those of a snapshot. */
  restoreSnapshot: operation({
    ...shared,
    id: 'control/restore_snapshot',
    method: 'POST',
    path: '/snapshots/{name}/restore',
    summary: 'Restore a snapshot',
    description: 'Replaces all data by those of a snapshot, which stays. The clock and the faults stay as they are.',
    params: Type.Object({ name: SnapshotName }),
    body: { type: 'json', schema: DataDiscard },
    success: { status: 204, description: 'The data are those of the snapshot.' },
    errors: { snapshotNotFound: {} },
  }),
  /** Deletes a snapshot. */
  deleteSnapshot: operation({
    ...shared,
    id: 'control/delete_snapshot',
    method: 'DELETE',
    path: '/snapshots/{name}',
    summary: 'Delete a snapshot',
    description: 'Deletes a snapshot. The data stay as they are.',
    params: Type.Object({ name: SnapshotName }),
    success: { status: 204, description: 'It is gone.' },
    errors: { snapshotNotFound: {} },
  }),
  ...requestLog,
} as const
