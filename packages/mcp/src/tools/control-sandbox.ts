import { StringEnum, Type } from '@pinfold/contract'
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
] as const

/** Controls the data and the clock of a Pinfold server. */
export const controlSandbox = tool({
  name: 'control_sandbox',
  title: 'Control the Pinfold server',
  description:
    'Resets the data of the Pinfold server, saves and restores snapshots, moves its clock, makes sandboxes (servers of their own with credentials, for tests). `show` tells how things stand.',
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
      confirm: Confirm,
    },
    strict,
  ),
  async run({ action, snapshot, time, by, seed, sandbox, confirm }, { host: { controller }, consent }) {
    if (!controller) throw new ToolError('This service cannot be controlled from here.')
    const { control } = controller
    const needed = <T>(value: T | undefined, name: string): T => {
      if (value === undefined) throw new ToolError(`${action} needs ${name}.`)
      return value
    }
    switch (action) {
      case 'show': {
        const [clock, { items: snapshots }, { items: faults }, { items: sandboxes }] = await Promise.all([
          control.getClock(),
          control.listSnapshots(),
          control.listFaults(),
          control.listSandboxes(),
        ])
        return { value: { clock, snapshots, faults, sandboxes } }
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
    }
  },
})
