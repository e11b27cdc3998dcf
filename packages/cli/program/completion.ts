import { Argument, Command } from 'commander'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** The words that can follow a command: other commands, and options. */
interface Place {
  /** The words of the command, without `pinfold`. */
  path: string
  words: { word: string; description: string }[]
}

/** Returns `pinfold completion`, which prints a script made from the existing commands. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('Print a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(pinfold completion bash)      # in ~/.bashrc
  $ source <(pinfold completion zsh)       # in ~/.zshrc, after compinit
  $ pinfold completion fish > ~/.config/fish/completions/pinfold.fish`,
    )
    .action((shell: Shell, _: object, command: Command) => {
      const places = placesOf(command.parent ?? command)
      process.stdout.write({ bash, zsh, fish }[shell](places))
    })
}

function placesOf(command: Command, path: readonly string[] = []): Place[] {
  const options = command.createHelp().visibleOptions(command)
  const words = [
    ...command.commands.map((child) => ({ word: child.name(), description: child.description() })),
    ...options.map((option) => ({ word: option.long ?? option.flags, description: option.description })),
  ]
  const place = { path: path.join(' '), words }
  return [place, ...command.commands.flatMap((child) => placesOf(child, [...path, child.name()]))]
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const parents = (places: readonly Place[]) => places.map(({ path }) => path).filter(Boolean)

/**
 * Shell code that finds the command in the words typed so far, up to the first option or argument. Bash and zsh share
 * it.
 */
const findPath = (places: readonly Place[], words: string) => `  local place= word
  for word in ${words}; do
    case "$place\${place:+ }$word" in
      ${parents(places).map(quote).join('|')}) place="$place\${place:+ }$word" ;;
      *) break ;;
    esac
  done`

function bash(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words }) => `    ${quote(path)}) words=${quote(words.map(({ word }) => word).join(' '))} ;;`,
  )
  return `# Completion of pinfold for bash.
_pinfold() {
${findPath(places, `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  local words=
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _pinfold pinfold
`
}

function zsh(places: readonly Place[]): string {
  const entry = ({ word, description }: { word: string; description: string }) =>
    quote(`${word.replaceAll(':', '\\:')}:${description}`)
  const cases = places.map(({ path, words }) => `    ${quote(path)}) candidates=(${words.map(entry).join(' ')}) ;;`)
  return `#compdef pinfold
_pinfold() {
${findPath(places, `"\${(@)words[2,CURRENT-1]}"`)}
  local -a candidates
  case "$place" in
${cases.join('\n')}
  esac
  _describe pinfold candidates || _files
}
compdef _pinfold pinfold
`
}

function fish(places: readonly Place[]): string {
  const known = parents(places).map(quote).join(' ')
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c pinfold -n "test (__pinfold_place) = '${path}'" ${what} -d ${fishQuote(description)}`
    }),
  )
  return `# Completion of pinfold for fish.
function __pinfold_place
    set -l place
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim "$place $word")
        contains -- $longer ${known}; or break
        set place $longer
    end
    echo "$place"
end
${lines.join('\n')}
`
}

const fishQuote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
