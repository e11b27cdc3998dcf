import type { McpHost } from './host.ts'
import { canWrite } from './operations.ts'
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

const common: readonly AnyTool[] = [
  listBoards,
  saveBoard,
  findPins,
  getPin,
  createPins,
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
const withFolder = common.map((each) => (each === createPins ? createPinsOfFolder : each))

const allOf = ({ folder }: McpHost): readonly AnyTool[] => (folder === undefined ? common : withFolder)

/** Returns whether a host offers a tool: it is of its toolsets, and of use with its token. */
function isOffered(tool: AnyTool, host: McpHost): boolean {
  const { toolsets, readOnly, scopes, controller } = host
  return (
    (!toolsets || toolsets.includes(tool.toolset)) &&
    !(readOnly && tool.effect !== 'reads') &&
    !(tool.toolset === 'control' && !controller) &&
    !(tool === callWrite && !canWrite(host)) &&
    (!scopes || tool.scopes.every((scope) => scopes.has(scope)))
  )
}

/** Returns the tools that a host offers. */
export const toolsOf = (host: McpHost): AnyTool[] => allOf(host).filter((each) => isOffered(each, host))

/** Returns the tool of that name; undefined if the host does not offer it, so that it does not run either. */
export function toolOf(host: McpHost, name: string): AnyTool | undefined {
  const found = allOf(host).find((each) => each.name === name)
  return found && isOffered(found, host) ? found : undefined
}
