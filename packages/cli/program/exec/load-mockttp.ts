import { ExecError } from './exec-error.ts'

/**
 * Loads what `pinfold exec` intercepts calls with. It is larger than all else that `pinfold` needs, so who installs
 * `pinfold` installs it only if they want to. Throws `ExecError` that says how, if it is not there.
 */
export async function loadMockttp(): Promise<typeof import('mockttp')> {
  try {
    return await import('mockttp')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new ExecError(
      'exec needs the package mockttp beside pinfold: npm install mockttp@4 (with -g if pinfold was installed with it), or npx -p pinfold -p mockttp@4 pinfold exec …',
      1,
      { cause: error },
    )
  }
}
