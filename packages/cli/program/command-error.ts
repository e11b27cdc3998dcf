import type { PinterestError } from '@pinfold/client'
import { type ExitCode, exitCodes } from './exit-codes.ts'

/** An error that the caller of the command can resolve: `message` is one line for them. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Returns the line to print for an error and the exit code; undefined for an unexpected error. */
export function describe(error: unknown): { line: string; exitCode: ExitCode } | undefined {
  if (error instanceof CommandError) return { line: error.message, exitCode: error.exitCode }
  // A client's error that has one as its cause says less.
  if (error instanceof Error && error.cause instanceof CommandError) return describe(error.cause)
  if (isPinterestError(error)) return { line: lineOf(error), exitCode: exitCodeOf(error) }
  if (error instanceof Error && 'code' in error && 'syscall' in error)
    return { line: error.message, exitCode: exitCodes.failed }
  return undefined
}

/** Returns an answer's message, with the details that the operator of the service needs to find it. */
export function lineOf(error: PinterestError): string {
  const { status, code, requestId, message } = error
  const details = [
    status !== undefined && `status ${status}`,
    code !== undefined && `code ${code}`,
    requestId !== undefined && `request ${requestId}`,
  ].filter(Boolean)
  const text = message.replaceAll(/\s+/g, ' ')
  return details.length > 0 ? `${text} (${details.join(', ')})` : text
}

const codes: Record<string, ExitCode> = {
  AuthenticationError: exitCodes.notPermitted,
  PermissionError: exitCodes.notPermitted,
  NotFoundError: exitCodes.notFound,
}

const exitCodeOf = ({ name }: PinterestError): ExitCode => codes[name] ?? exitCodes.failed

/** Recognises the error by its shape, since the client is only loaded by the commands that use it. */
function isPinterestError(error: unknown): error is PinterestError {
  return error instanceof Error && 'requestId' in error && 'retryAfterSeconds' in error
}
