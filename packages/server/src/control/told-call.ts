import type { OperationInput, OperationOutput, resources } from '@pinfold/contract'

/** A call without headers and bodies, and without secrets. */
export type CallSummary = OperationOutput<typeof resources.control.listRequests>['items'][number]
/** A call with headers and bodies, without secrets. */
export type CallDetail = OperationOutput<typeof resources.control.getRequest>
/** What narrows the log. */
export type LogFilters = OperationInput<typeof resources.control.exportRequests>['query']
