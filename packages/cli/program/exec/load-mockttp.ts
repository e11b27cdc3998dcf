import { ExecError } from './exec-error.ts'

/**
 * Loads the proxy that `pinfold exec` intercepts calls with. It is larger than everything else that `pinfold` needs, so
 * its installation is optional. Throws an `ExecError` that says how to install it.
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
