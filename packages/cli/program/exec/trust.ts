import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, rootCertificates } from 'node:tls'

/** The certificate bundles of systems other than macOS and Windows. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
]

/** Variables that replace a program's trusted certificates by those in a file. */
const replacing = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']
/** Variables that add to them. */
const adding = ['NODE_EXTRA_CA_CERTS']

export interface Trust {
  /** The variables, each with a file of the authority and the certificates that the program trusts anyway. */
  variables: Record<string, string>
  /** A file with the authority and the system's certificates. */
  bundle: string
  /** A file with the authority alone. */
  authority: string
}

/** Writes files into `folder` that make programs trust `authority` as well. */
export function writeTrust(folder: string, authority: string, env: NodeJS.ProcessEnv): Trust {
  const files = new Map<string, string>()
  const fileWith = (certificates: string): string => {
    const known = files.get(certificates)
    if (known !== undefined) return known
    const path = join(folder, `trust-${files.size + 1}.pem`)
    writeFileSync(path, certificates === '' ? authority : `${certificates.trimEnd()}\n${authority}`)
    files.set(certificates, path)
    return path
  }
  const system = readSystem()
  const variables = Object.fromEntries([
    ...replacing.map((name) => [name, fileWith(readCertificates(env[name]) ?? system)]),
    ...adding.map((name) => [name, fileWith(readCertificates(env[name]) ?? '')]),
  ])
  return { variables, bundle: fileWith(system), authority: fileWith('') }
}

/** Reads the certificates in a file, or in each file of a folder; undefined if there are none. */
function readCertificates(path: string | undefined): string | undefined {
  if (!path || !existsSync(path)) return undefined
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]
  const texts = files
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .map((file) => readFileSync(file, 'utf8'))
  const certificates = texts.filter((text) => text.includes('-----BEGIN '))
  return certificates.length > 0 ? certificates.join('\n') : undefined
}

function readSystem(): string {
  const kept =
    process.platform === 'darwin' || process.platform === 'win32' ? undefined : systemBundles.find(existsSync)
  const certificates = readCertificates(kept)
  return certificates ?? [...new Set([...getCACertificates('system'), ...rootCertificates])].join('\n')
}
