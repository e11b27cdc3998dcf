import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** What the next version brings: columns of tables that every request reads, and an index. */
const step = `
export async function up(db) {
  for (const table of ['pins', 'boards', 'accounts'])
    await db.schema.alterTable(table).addColumn('of_next', 'integer', (c) => c.notNull().defaultTo(0)).execute()
  await db.schema.createIndex('pins_of_next').on('pins').columns(['of_next', 'id']).execute()
}
`
/** Its name among the steps of the schema. */
export const nextStep = '9999-next'

/** Makes, in a folder, the program as its next version may be: this one with one more step. Returns the command's file. */
export function makeNextVersion(folder: string): string {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@pinfold'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@pinfold') symlinkSync(join(root, 'node_modules', name), join(modules, name))
  for (const name of readdirSync(join(root, 'packages'))) {
    const [original, copy] = [join(root, 'packages', name), join(folder, 'packages', name)]
    const isChanged = name === 'server' || name === 'cli'
    if (isChanged) copyPackage(original, copy)
    symlinkSync(isChanged ? copy : original, join(modules, '@pinfold', name))
  }
  const db = join(folder, 'packages/server/src/db')
  writeFileSync(join(db, 'migrations', `${nextStep}.ts`), step)
  const migrate = readFileSync(join(db, 'migrate.ts'), 'utf8')
  const withStep = migrate.replace(
    '\n}\n\n/** The names of the steps',
    `\n  '${nextStep}': next,\n}\n\n/** The names of the steps`,
  )
  if (withStep === migrate) throw new Error('The list of steps is elsewhere.')
  writeFileSync(join(db, 'migrate.ts'), `import * as next from './migrations/${nextStep}.ts'\n${withStep}`)
  return join(folder, 'packages/cli/src/main.js')
}

/** Copies the sources; what is installed or built stays where it is. */
function copyPackage(original: string, copy: string): void {
  mkdirSync(copy, { recursive: true })
  for (const name of readdirSync(original)) {
    if (['src', 'program', 'package.json'].includes(name))
      cpSync(join(original, name), join(copy, name), { recursive: true })
    else if (name !== 'test') symlinkSync(join(original, name), join(copy, name))
  }
}
