let endings = new AsyncDisposableStack()

/** Has `end` done after the tests of the file that runs now, whoever calls this. What began last ends first. */
export function afterFile(end: () => Promise<void>): void {
  endings.defer(end)
}

/** Ends what the file that runs now has begun. `each-file.ts` calls it. */
export async function endFile(): Promise<void> {
  const ending = endings
  endings = new AsyncDisposableStack()
  await ending.disposeAsync()
}
