import { spawnSync } from 'node:child_process'

/** Returns whether a program is installed: it runs with `args` and succeeds. */
export const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0

/** Returns whether a Python package is installed. */
export const hasPythonPackage = (name: string) => has('python3', '-c', `import ${name}`)
export const hasRequests = hasPythonPackage('requests')
export const hasPhpCurl = has('php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);')

/** A Node without support for proxies, if the system has one. */
export const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  const { status, stdout } = spawnSync(path, ['-p', 'Number.parseInt(process.versions.node)'], { encoding: 'utf8' })
  return status === 0 && Number(stdout) >= 18 && Number(stdout) < 24
})
