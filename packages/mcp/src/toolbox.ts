import type { McpHost } from './host.ts'
import { operationsOf } from './operations.ts'
import type { AnyTool } from './tool.ts'
import { callRead, callWrite, describeOperationTool } from './tools/call-operations.ts'
import { controlSandbox } from './tools/control-sandbox.ts'
import { createPins, createPinsOfFolder } from './tools/create-pins.ts'
import { deleteItems } from './tools/delete-items.ts'
import { findPins } from './tools/find-pins.ts'
import { getAnalytics } from './tools/get-analytics.ts'
import { getPin } from './tools/get-pin.ts'
import { listBoards } from './tools/list-boards.ts'
import { listRequests } from './tools/list-requests.ts'
import { saveBoard } from './tools/save-board.ts'
import { searchOperations } from './tools/search-operations.ts'
import { setFaults } from './tools/set-faults.ts'
import { updatePins } from './tools/update-pins.ts'

/**
 * Returns the tools that a host offers: of its toolsets, and such as its token permits. What it does not offer, it does
 * not run.
 */
export function toolsOf(host: McpHost): AnyTool[] {
  const all: AnyTool[] = [
    listBoards,
    saveBoard,
    findPins,
    getPin,
    host.folder === undefined ? createPins : createPinsOfFolder,
    updatePins,
    deleteItems,
    getAnalytics,
    searchOperations,
    describeOperationTool,
    callRead,
    callWrite,
    controlSandbox,
    setFaults,
    listRequests,
  ]
  const { toolsets, readOnly, scopes, controller } = host
  return all.filter(
    (each) =>
      (!toolsets || toolsets.includes(each.toolset)) &&
      !(readOnly && each.effect !== 'reads') &&
      !(each.toolset === 'control' && !controller) &&
      !(each === callWrite && operationsOf(host).every(({ op }) => op.method === 'GET')) &&
      (!scopes || each.scopes.every((scope) => scopes.has(scope))),
  )
}
