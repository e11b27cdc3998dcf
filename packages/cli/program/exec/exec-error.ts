/** An error that the caller of `pinfold exec` can resolve: `message` is one line for them. */
export class ExecError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Returns an error's reason in words, even if it is one of several or has nothing but a code. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if (error.message === 'fetch failed' && error.cause !== undefined) return reasonOf(error.cause)
  const code = 'code' in error ? String(error.code) : error.name
  return error.message || code
}
