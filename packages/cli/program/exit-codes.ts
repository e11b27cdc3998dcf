/**
 * The exit codes. `usage`: called or configured wrongly; `notPermitted`: not signed in, or the token does not suffice;
 * `partly`: some of several items failed.
 */
export const exitCodes = { done: 0, failed: 1, usage: 2, notPermitted: 3, notFound: 4, partly: 5 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The exit codes in words, for `--help`. */
export const exitCodesHelp =
  'Exit codes: 0 done, 1 failed, 2 called wrongly, 3 not signed in or not permitted, 4 not found, 5 partly failed.'
