import { PinterestError } from '@pinfold/client'
import { ToolError } from './tool.ts'

/** What a caller is told of an error, and what to do next. */
export interface Problem {
  error: string
  status?: number
  code?: number
  request_id?: string
  retry_after_seconds?: number
  next?: string
}

/** Returns what to tell a caller of an error; undefined if it is ours, and its words are nobody's business. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ToolError) return { error: error.message }
  if (!(error instanceof PinterestError)) return undefined
  const { message, status, code, requestId, retryAfterSeconds, name } = error
  const next = nextSteps[name]
  return {
    error: message,
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
    ...(next !== undefined && { next }),
  }
}

const nextSteps: Record<string, string> = {
  AuthenticationError: 'The person must sign in again: pinfold login, or the connection of this client.',
  PermissionError: 'Trying again does not help: the token lacks a scope, or the thing is somebody else’s.',
  NotFoundError: 'Look it up with list_boards or find_pins. What the token may not see does not exist for it either.',
  RateLimitError: 'Wait that long before the next call.',
  ServerError: 'The same call may succeed later.',
  ConnectionError: 'See that the service runs. Whether it was done is not known: look before trying again.',
}
