import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { main, withBundle } from '@pinfold/test-support/command'
import { has } from '@pinfold/test-support/installed'
import { beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)

/** The beginning of a line, and the word that it must end with. */
interface Line {
  begun: string
  completed: string
}

let folder: string
/** The words of every command, read from the help. */
let commands: string[][]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-completion-'))
  await writeFile(join(folder, 'coats.csv'), '')
  commands = await commandsBelow()
  return () => rm(folder, { recursive: true, force: true })
})

/** Returns the output of a command that must succeed. */
async function ok(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [withBundle, '--', main, ...args])
  expect(stderr).toBe('')
  return stdout
}

/** Prints the help of commands as the program does, each ended by a NUL: a process for each would take a hundred times as long. */
const helpOfMany = `
import { run } from ${JSON.stringify(new URL('../program/entry.ts', import.meta.url))}
process.stdout.setMaxListeners(0)
for (const path of JSON.parse(process.argv[1])) {
  await run([process.execPath, 'pinfold', ...path, '--help'])
  process.stdout.write('\\0')
}`

/** Returns the commands with these paths and below them, whose help must have an example. */
async function commandsBelow(paths: readonly string[][] = [[]]): Promise<string[][]> {
  if (paths.length === 0) return []
  const script = [withBundle, '--input-type=module', '-e', helpOfMany, '--', JSON.stringify(paths)]
  const { stdout, stderr } = await run(process.execPath, script)
  expect(stderr).toBe('')
  const helps = stdout.split('\0').slice(0, -1)
  expect(helps).toHaveLength(paths.length)
  const found = paths.flatMap((path, i) => {
    const help = helps[i] ?? ''
    expect(help, path.join(' ')).toMatch(/^Examples?:\n {2}\$ .*pinfold /m)
    const [, list = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(help) ?? []
    const names = [...list.matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name = '']) => name)
    return names.filter((name) => name !== 'help').map((name) => [...path, name])
  })
  return [...found, ...(await commandsBelow(found))]
}

/** Returns every command, typed until it is unambiguous, an option and a file. */
function lines(): Line[] {
  const texts = commands.map((path) => `pinfold ${path.join(' ')}`)
  const ofCommands = commands.flatMap((path, i): Line | [] => {
    const [text = '', name = ''] = [texts[i], path.at(-1)]
    const others = commands.flatMap((other, j) => (other.length === path.length && i !== j ? (texts[j] ?? '') : []))
    // Whoever types all of "token" may still mean "tokens".
    if (others.some((other) => other.startsWith(text))) return []
    let begun = text.slice(0, text.length - name.length + 1)
    while (others.some((other) => other.startsWith(begun))) begun = text.slice(0, begun.length + 1)
    return { begun, completed: name }
  })
  return [
    ...ofCommands,
    { begun: 'pinfold pins create --al', completed: '--alt-text' },
    { begun: 'pinfold pins import coa', completed: 'coats.csv' },
  ]
}

test('every help has an example', () => {
  expect(commands).toContainEqual(['pins', 'create'])
})

test('bash completes commands, options and files', async () => {
  await writeFile(join(folder, 'completion.bash'), await ok('completion', 'bash'))
  const [files] = lines().slice(-1)
  const words = lines().slice(0, -1)
  const complete = words.map(({ begun }) => {
    const typed = begun.split(' ')
    return `COMP_WORDS=(${begun}); COMP_CWORD=${typed.length - 1}; _pinfold; echo "\${COMPREPLY[*]}"`
  })
  // The shell itself completes files where there is nothing else, as the registration says.
  const script = ['source completion.bash', ...complete, 'complete -p pinfold'].join('\n')
  const { stdout } = await run('bash', ['-c', script], { cwd: folder })
  const completed = stdout.trimEnd().split('\n')
  expect(completed.pop(), files?.begun).toContain('-o default')
  expect(completed).toEqual(words.map((line) => line.completed))
})

test.skipIf(!has('zsh', '--version') || !has('script', '--version'))('zsh does (needs zsh, script)', async () => {
  const home = join(folder, 'zsh')
  await mkdir(home)
  await writeFile(join(home, 'completion.zsh'), await ok('completion', 'zsh'))
  // A key completes the line, records the result, and begins another.
  const settings = `
    autoload -U compinit && compinit -u -d "$ZDOTDIR/dump"
    source "$ZDOTDIR/completion.zsh"
    note() { zle complete-word; print -r -- "$BUFFER" >>"$ZDOTDIR/seen"; BUFFER= }
    zle -N note
    bindkey ';' note`
  await writeFile(join(home, '.zshrc'), settings)
  await writeFile(
    join(home, 'keys'),
    `${lines()
      .map(({ begun }) => `${begun};`)
      .join('')}exit\r`,
  )
  const env = { ...process.env, ZDOTDIR: home }
  await run('sh', ['-c', 'script -qec "zsh -i" /dev/null <zsh/keys'], { cwd: folder, env })
  const seen = (await readFile(join(home, 'seen'), 'utf8')).trimEnd().split('\n')
  expect(seen.map((line) => line.trimEnd().split(' ').at(-1))).toEqual(lines().map(({ completed }) => completed))
})

test.skipIf(!has('fish', '--version'))('fish does (needs fish)', async () => {
  await writeFile(join(folder, 'pinfold.fish'), await ok('completion', 'fish'))
  const complete = lines().map(({ begun }) => `echo (complete -C '${begun}' | string split -f 1 \\t)`)
  const script = ['source pinfold.fish', ...complete].join('\n')
  const { stdout } = await run('fish', ['--no-config', '-c', script], { cwd: folder })
  expect(stdout.trimEnd().split('\n')).toEqual(lines().map(({ completed }) => completed))
})
