import { X509Certificate } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openConfigFolder } from './config-folder.ts'
import { ExecError, reasonOf } from './exec-error.ts'
import { pinterestHosts } from './hosts.ts'
import { loadMockttp } from './load-mockttp.ts'

/** A certificate authority: `cert` and `key` are PEM. */
export interface Authority {
  cert: string
  key: string
}

const fileName = 'exec-ca.pem'
/** An authority that ends sooner is replaced: the certificates it signs are valid for 45 days. */
const renewBeforeMs = 60 * 24 * 60 * 60 * 1000
/** The first line of the file: an authority made for other hosts cannot sign for these. */
const forTheseHosts = `Pinfold's own authority, for ${pinterestHosts.join(' ')}\n`

/**
 * Returns this user's certificate authority: made once, stored in the config folder, and valid for Pinterest's hosts
 * only, so that its key is of little use to a thief. Throws `ExecError` when the folder cannot be used.
 */
export async function loadAuthority(): Promise<Authority> {
  try {
    const path = join(await openConfigFolder(), fileName)
    const kept = await readKept(path)
    if (kept.usable) return kept.usable
    return await keep(path, await makeAuthority(), kept.exists)
  } catch (error) {
    throw new ExecError(`Cannot keep the certificate authority of pinfold exec: ${reasonOf(error)}`, 1, {
      cause: error,
    })
  }
}

async function readKept(path: string): Promise<{ exists: boolean; usable?: Authority }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { exists: false }
  const authority = parse(text)
  const isPrivate = process.platform === 'win32' || ((await stat(path)).mode & 0o077) === 0
  return authority && isPrivate ? { exists: true, usable: authority } : { exists: true }
}

/**
 * Reads an authority from a file's text; undefined if the text is not ours, is damaged, or the authority is about to
 * end.
 */
function parse(text: string): Authority | undefined {
  if (!text.startsWith(forTheseHosts)) return undefined
  const [cert, key] = ['CERTIFICATE', 'PRIVATE KEY'].map(
    (label) => new RegExp(`-----BEGIN ${label}-----\n[^-]+-----END ${label}-----\n`).exec(text)?.[0],
  )
  if (!cert || !key) return undefined
  try {
    const { validFromDate, validToDate } = new X509Certificate(cert)
    const now = Date.now()
    return validFromDate.getTime() <= now && now < validToDate.getTime() - renewBeforeMs ? { cert, key } : undefined
  } catch {
    return undefined
  }
}

async function makeAuthority(): Promise<Authority> {
  const { generateCACertificate } = await loadMockttp()
  const { cert, key } = await generateCACertificate({
    subject: { commonName: 'Pinfold exec: made on this machine, for this user', organizationName: 'Pinfold' },
    nameConstraints: { permitted: [...pinterestHosts] },
  })
  return { cert: `${cert.trimEnd()}\n`, key: `${key.trimEnd()}\n` }
}

/** Writes the file atomically. If two processes make the first one at once, both use the one that was written first. */
async function keep(path: string, made: Authority, replaces: boolean): Promise<Authority> {
  const draft = `${path}.${process.pid}`
  await rm(draft, { force: true })
  await writeFile(draft, forTheseHosts + made.cert + made.key, { mode: 0o600, flag: 'wx' })
  try {
    if (replaces) {
      await rename(draft, path)
      return made
    }
    await link(draft, path)
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const { usable } = await readKept(path)
    return usable ?? made
  } finally {
    await rm(draft, { force: true })
  }
}
