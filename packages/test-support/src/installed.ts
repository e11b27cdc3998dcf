import { spawnSync } from 'node:child_process'

/** Whether a program is installed: whether it runs with `args` and ends well. */
export const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0

/** Whether Python has a package. */
export const hasPythonPackage = (name: string) => has('python3', '-c', `import ${name}`)
export const hasRequests = hasPythonPackage('requests')
export const hasPhpCurl = has('php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);')

/** A Node that does not know proxies, if the system has one. */
export const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  const { status, stdout } = spawnSync(path, ['-p', 'Number.parseInt(process.versions.node)'], { encoding: 'utf8' })
  return status === 0 && Number(stdout) >= 18 && Number(stdout) < 24
})
