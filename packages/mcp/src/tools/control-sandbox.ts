import { resources, StringEnum, Type, transitionKinds, transitionModes } from '@pinfold/contract'
import { call, operationOf } from '../operations.ts'
import { ToolError, tool } from '../tool.ts'
import { Confirm, strict } from './fields.ts'

const actions = [
  'show',
  'reset',
  'save_snapshot',
  'restore_snapshot',
  'delete_snapshot',
  'set_clock',
  'advance_clock',
  'resume_clock',
  'create_sandbox',
  'delete_sandbox',
  'set_transition',
  'trigger',
] as const

const triggerPath = '/trigger/'
/** What can happen on demand: each event with its operation. */
const triggers: ReadonlyMap<string, string> = new Map(
  Object.values(resources.control)
    .filter(({ path }) => path.startsWith(triggerPath))
    .map(({ path, id }) => [path.slice(triggerPath.length), id]),
)

/** Controls the data and the clock of a Pinfold server, and what happens there by itself. */
export const controlSandbox = tool({
  name: 'control_sandbox',
  title: 'Control the Pinfold server',
  description:
    'Resets the data of the Pinfold server, saves and restores snapshots, moves its clock, makes sandboxes (servers of their own with credentials, for tests), sets how processing of videos goes on (set_transition), has happen what others do, such as a revoked token (trigger). `show` tells how things stand.',
  toolset: 'control',
  effect: 'writes',
  scopes: [],
  input: Type.Object(
    {
      action: StringEnum(actions),
      snapshot: Type.Optional(Type.String({ maxLength: 64, description: 'Its name: letters, digits, dots, dashes.' })),
      time: Type.Optional(Type.String({ maxLength: 40, description: 'For set_clock, such as 2027-01-31T09:00:00Z.' })),
      by: Type.Optional(Type.String({ maxLength: 20, description: 'For advance_clock, such as 31d, 90m or 10s.' })),
      seed: Type.Optional(StringEnum(['demo'], { description: 'For create_sandbox: what it begins with.' })),
      sandbox: Type.Optional(Type.String({ maxLength: 40, description: 'The id, for delete_sandbox.' })),
      kind: Type.Optional(StringEnum(transitionKinds, { description: 'For set_transition; else media.' })),
      mode: Type.Optional(
        StringEnum(transitionModes, {
          description: 'For set_transition: at once, after a time, by a trigger, or failing.',
        }),
      ),
      after: Type.Optional(Type.String({ maxLength: 20, description: 'With mode time, such as 90s.' })),
      problem: Type.Optional(Type.String({ maxLength: 200, description: 'With mode fail: why.' })),
      event: Type.Optional(StringEnum([...triggers.keys()], { description: 'For trigger.' })),
      fields: Type.Optional(
        Type.Unsafe<Record<string, unknown>>({
          type: 'object',
          description: 'For trigger, such as {"media_id": "…"}: describe_operation control/trigger_media_fail.',
        }),
      ),
      confirm: Confirm,
    },
    strict,
  ),
  async run(input, { host, consent, signal }) {
    const { action, snapshot, time, by, seed, sandbox, confirm } = input
    const { controller } = host
    if (!controller) throw new ToolError('This service cannot be controlled from here.')
    const { control } = controller
    const needed = <T>(value: T | undefined, name: string): T => {
      if (value === undefined) throw new ToolError(`${action} needs ${name}.`)
      return value
    }
    switch (action) {
      case 'show': {
        const [clock, { items: snapshots }, { items: faults }, { items: transitions }, { items: sandboxes }] =
          await Promise.all([
            control.getClock(),
            control.listSnapshots(),
            control.listFaults(),
            control.listTransitions(),
            control.listSandboxes(),
          ])
        return { value: { clock, snapshots, faults, transitions, sandboxes } }
      }
      case 'reset':
        consent('Discard the data of the Pinfold server, and restore them as they were at the start?', confirm)
        await control.reset({ confirm: true })
        return { value: { done: 'The data, the clock and the faults are as they were at the start.' } }
      case 'save_snapshot':
        return { value: { saved: await control.saveSnapshot({ name: needed(snapshot, 'snapshot') }) } }
      case 'restore_snapshot': {
        const name = needed(snapshot, 'snapshot')
        consent(`Replace the data of the Pinfold server by the snapshot ${JSON.stringify(name)}?`, confirm)
        await control.restoreSnapshot(name, { confirm: true })
        return { value: { restored: name } }
      }
      case 'delete_snapshot': {
        const name = needed(snapshot, 'snapshot')
        consent(`Delete the snapshot ${JSON.stringify(name)}?`, confirm)
        await control.deleteSnapshot(name)
        return { value: { deleted: name } }
      }
      case 'create_sandbox':
        return { value: await control.createSandbox(seed ? { seed } : {}) }
      case 'delete_sandbox': {
        const id = needed(sandbox, 'sandbox')
        consent(`End the sandbox ${JSON.stringify(id)}, and discard its data?`, confirm)
        await control.deleteSandbox(id)
        return { value: { deleted: id } }
      }
      case 'set_clock':
        return { value: await control.setClock({ now: needed(time, 'time'), runs: true }) }
      case 'advance_clock':
        return { value: await control.advanceClock({ by: needed(by, 'by') }) }
      case 'resume_clock':
        return { value: await control.setClock({}) }
      case 'set_transition': {
        const { kind = 'media', after, problem } = input
        const change = { mode: needed(input.mode, 'mode'), ...(after && { after }), ...(problem && { problem }) }
        return { value: await control.setTransition(kind, change) }
      }
      case 'trigger': {
        const event = needed(input.event, 'event')
        const callable = operationOf(host, triggers.get(event) ?? event)
        if (event.endsWith('.delete')) consent(`${callable.op.summary}? ${JSON.stringify(input.fields ?? {})}`, confirm)
        return { value: await call(host, callable, { body: input.fields }, signal) }
      }
    }
  },
})
