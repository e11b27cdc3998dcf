import { NewSandbox, Sandbox, SandboxId, SandboxWithCredentials } from '../models/sandbox.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'

const shared = { root: '/_pinfold', tag: 'control', auth: { by: 'control' }, category: 'org_write' } as const

/** Servers inside the server, for tests that run side by side. */
export const sandboxes = {
  /** Makes a sandbox. */
  createSandbox: operation({
    ...shared,
    id: 'control/create_sandbox',
    method: 'POST',
    path: '/sandboxes',
    summary: 'Make a sandbox',
    description:
      'Makes a server inside the server, with an app, an account, a token, data, a clock, limits and faults of its own. ' +
      'Requests with its credentials are answered from it alone, and control it alone. There may be 100, of 250 MB each.',
    body: { type: 'json', schema: NewSandbox },
    success: { status: 201, description: 'The sandbox, and its credentials.', schema: SandboxWithCredentials },
    errors: {},
  }),
  /** The sandboxes, oldest first. */
  listSandboxes: operation({
    ...shared,
    id: 'control/list_sandboxes',
    method: 'GET',
    path: '/sandboxes',
    summary: 'List the sandboxes',
    description: "The sandboxes, oldest first. With a sandbox's token: this one.",
    success: {
      status: 200,
      description: 'The sandboxes.',
      schema: Type.Object({ items: Type.Array(Sandbox, { description: 'The sandboxes.' }) }),
    },
    errors: {},
  }),
  /** Ends a sandbox, and discards its data. */
  deleteSandbox: operation({
    ...shared,
    id: 'control/delete_sandbox',
    method: 'DELETE',
    path: '/sandboxes/{sandbox_id}',
    summary: 'Delete a sandbox',
    description: "Ends a sandbox, and discards its data. With a sandbox's token: this one alone.",
    params: Type.Object({ sandbox_id: SandboxId }),
    success: { status: 204, description: 'It is gone.' },
    errors: { sandboxNotFound: {} },
  }),
} as const
