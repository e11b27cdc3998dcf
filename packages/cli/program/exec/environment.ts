import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { demoCredentials } from '@pinfold/server'
import { pinterestHosts } from './hosts.ts'
import { writeTrust } from './trust.ts'
import { coversHost, loopbackNames, noProxyEntries } from './user-proxy.ts'

export interface EnvironmentOptions {
  /** A folder for the files that the variables point to. */
  folder: string
  /** The authority's certificate, as PEM. */
  certificate: string
  proxyUrl: string
  /** The port that takes TLS for Pinterest's hosts without a proxy. */
  tlsPort: number
  /** Whether the server has the demo data. */
  hasDemo: boolean
  /** The environment that these variables are added to. */
  env: NodeJS.ProcessEnv
}

/** Returns the variables that send a program's calls to Pinterest to Pinfold. */
export function childVariables(options: EnvironmentOptions): Record<string, string> {
  const { folder, certificate, proxyUrl, tlsPort, hasDemo, env } = options
  const trust = writeTrust(folder, certificate, env)
  const noProxy = keptNoProxy(env)
  return {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    HTTP_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    ...trust.variables,
    NODE_USE_ENV_PROXY: '1',
    NODE_OPTIONS: withPreload(env.NODE_OPTIONS),
    PINFOLD_EXEC_TLS_PORT: String(tlsPort),
    PINFOLD_EXEC_HOSTS: pinterestHosts.join(','),
    PINFOLD_EXEC_CA: trust.authority,
    PYTHONPATH: [pythonFolder(folder), ...(env.PYTHONPATH ? [env.PYTHONPATH] : [])].join(delimiter),
    PHP_INI_SCAN_DIR: `${env.PHP_INI_SCAN_DIR ?? ''}${delimiter}${phpFolder(folder, trust.bundle)}`,
    ...(hasDemo && demoVariables()),
  }
}

/**
 * Returns the user's `NO_PROXY` without Pinterest, and with this machine, where Pinfold's pictures are. Leaves out
 * `::1`, with which httpx refuses to start: calls to it go through the router.
 */
function keptNoProxy(env: NodeJS.ProcessEnv): string {
  const kept = noProxyEntries(env).filter((entry) => !pinterestHosts.some((host) => coversHost(entry, host)))
  return [...new Set([...kept, ...loopbackNames.filter((name) => name !== '::1')])].join(',')
}

function withPreload(options = ''): string {
  const path = join(import.meta.dirname, 'preload.cjs')
  return `${options} --require ${JSON.stringify(path)}`.trim()
}

/**
 * Copies the folder, since Python writes compiled files beside a source, and may not write where `pinfold` is
 * installed.
 */
function pythonFolder(folder: string): string {
  const path = join(folder, 'python')
  mkdirSync(path)
  copyFileSync(join(import.meta.dirname, 'sitecustomize.py'), join(path, 'sitecustomize.py'))
  return path
}

/**
 * Makes a folder of settings: PHP does not read the certificate variables everywhere, but reads each `.ini` in this
 * folder.
 */
function phpFolder(folder: string, bundle: string): string {
  const path = join(folder, 'php')
  mkdirSync(path)
  writeFileSync(join(path, 'pinfold.ini'), `curl.cainfo="${bundle}"\nopenssl.cafile="${bundle}"\n`)
  return path
}

function demoVariables(): Record<string, string> {
  const { appId, appSecret, accessToken, refreshToken, username, password } = demoCredentials
  return {
    PINTEREST_APP_ID: appId,
    PINTEREST_APP_SECRET: appSecret,
    PINTEREST_ACCESS_TOKEN: accessToken,
    PINTEREST_REFRESH_ACCESS_TOKEN: refreshToken,
    PINFOLD_USERNAME: username,
    PINFOLD_PASSWORD: password,
  }
}
