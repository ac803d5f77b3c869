// What shells need to complete a command line: a small function each, and the commands as its data.

import type { CommandFacts, FlagFacts } from './command-tree.ts'
import type { CompletionShell } from './program-tools.ts'

/** The script of a shell. */
export function toCompletion(shell: CompletionShell, commands: readonly CommandFacts[]): string {
  return { bash, zsh, fish }[shell](commands)
}

const quoteWord = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

const wordsOf = ({ commands, argumentChoices, flags }: CommandFacts): string[] => [
  ...commands,
  ...argumentChoices,
  ...flags.flatMap(({ names }) => names.filter((name) => name.startsWith('--'))),
  '--help',
]

/** Lines of a `case`: the words that can follow a command; values of flags; flags that take a value. */
function caseLines(commands: readonly CommandFacts[]): {
  words: string[]
  values: string[]
  takers: string[]
} {
  return {
    words: commands.map(
      (facts) => `    ${quoteWord(facts.path)}) candidates=${quoteWord(wordsOf(facts).join(' '))} ;;`,
    ),
    values: commands.flatMap(({ path, flags }) =>
      flags
        .filter(({ choices }) => choices.length > 0)
        .map(
          ({ names, choices }) =>
            `    ${names.map((name) => quoteWord(`${path} ${name}`)).join('|')}) candidates=${quoteWord(choices.join(' '))} ;;`,
        ),
    ),
    takers: commands.flatMap(({ path, flags }) =>
      flags
        .filter(({ takesValue }) => takesValue)
        .map(({ names }) => names.map((name) => quoteWord(`${path} ${name}`)).join('|')),
    ),
  }
}

/** The part that bash and zsh share: from the words typed so far to those that can follow, in `candidates`. */
function finder(commands: readonly CommandFacts[]): string {
  const { words, values, takers } = caseLines(commands)
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [quoteWord(path)]))
  return `_malachite_words() {
  local at='' before='' word
  candidates=''
  for word in "$@"; do
    case "$at $before" in
      ${takers.join('|')}) before=''; continue ;;
    esac
    before=$word
    case "\${at:+$at }$word" in
      ${paths.join('|')}) at="\${at:+$at }$word"; before='' ;;
    esac
  done
  case "$at $before" in
${values.join('\n')}
    ${takers.join('|')}) candidates='' ;;
    *) case "$at" in
${words.join('\n')}
    esac ;;
  esac
}`
}

function bash(commands: readonly CommandFacts[]): string {
  return `# Completion of malachite for bash: eval "$(malachite completion bash)"
${finder(commands)}
_malachite() {
  local candidates
  _malachite_words "\${COMP_WORDS[@]:1:COMP_CWORD-1}"
  COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _malachite malachite
`
}

function zsh(commands: readonly CommandFacts[]): string {
  return `#compdef malachite
# Completion of malachite for zsh: malachite completion zsh > "\${fpath[1]}/_malachite"
${finder(commands)}
_malachite() {
  local given=("\${(@)words[2,CURRENT-1]}")
  local candidates
  _malachite_words "\${given[@]}"
  if [[ -n $candidates ]]; then compadd -- \${=candidates}; else _files; fi
}
if [ "$funcstack[1]" = _malachite ]; then _malachite "$@"; else compdef _malachite malachite; fi
`
}

function fish(commands: readonly CommandFacts[]): string {
  const lines = commands.flatMap((facts) => {
    const isHere = `-n ${quoteWord(`__malachite_at ${quoteWord(facts.path)}`)}`
    const subs = facts.commands.map((name) => {
      const path = `${facts.path} ${name}`.trim()
      const summary = commands.find((known) => known.path === path)?.summary ?? ''
      return `complete -c malachite ${isHere} -f -a ${name} -d ${quoteWord(summary)}`
    })
    const choices = facts.argumentChoices.map((choice) => `complete -c malachite ${isHere} -f -a ${choice}`)
    return [...subs, ...choices, ...facts.flags.map((flag) => fishFlag(isHere, flag))]
  })
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoteWord(path))
  return `# Completion of malachite for fish: malachite completion fish > ~/.config/fish/completions/malachite.fish
function __malachite_at
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l longer (string trim "$path $word")
    contains -- $longer ${paths.join(' ')}; and set path $longer
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`
}

function fishFlag(isHere: string, { names, description, takesValue, choices }: FlagFacts): string {
  const parts = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  const values = choices.length > 0 ? ` -f -a ${quoteWord(choices.join(' '))}` : ''
  const argument = takesValue ? ` -r${values}` : ''
  return `complete -c malachite ${isHere} ${parts.join(' ')}${argument} -d ${quoteWord(description)}`
}
