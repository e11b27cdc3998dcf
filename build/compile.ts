import { execFile } from 'node:child_process'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
export const root: string = join(import.meta.dirname, '..')

/**
 * Runs the compiler with the workspace's options and these, which it writes to `folder/tsconfig.json`. Throws the
 * compiler's messages if the sources have errors.
 */
export async function tsc(folder: string, config: object): Promise<void> {
  const file = join(folder, 'tsconfig.json')
  await writeFile(file, JSON.stringify({ extends: join(root, 'tsconfig.json'), ...config }))
  try {
    // One checker: each of the four that it has by itself looks at the packages anew, which takes twice the CPU.
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', file, '--checkers', '1'])
  } catch (error) {
    throw new Error(`The sources cannot be compiled:\n${(error as { stdout?: string }).stdout ?? String(error)}`)
  }
}

/** Makes the declarations below `folder` import built files: the compiler leaves the names of sources in them. */
export async function renameTypeImports(folder: string): Promise<void> {
  for await (const file of glob('**/*.d.ts', { cwd: folder })) {
    const text = await readFile(join(folder, file), 'utf8')
    const renamed = text.replaceAll(/((?:from |import\()(['"])\.[^'"]*)\.ts\2/g, '$1.js$2')
    await writeFile(join(folder, file), renamed)
  }
}
