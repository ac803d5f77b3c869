// Tables of the documentation that are made from the command line itself.

import {
  describeCommands,
  type CommandFacts,
  type FlagFacts,
} from '../../packages/cli/src/program/command-tree.ts'
import { EXIT, EXIT_MEANINGS } from '../../packages/cli/src/text/exit-code.ts'
import { commandLine } from '../../packages/cli/src/main.ts'

/** Flags that many commands have; the text tells of them once. */
const COMMON = ['--backend', '--endpointsFile', '--output']

/** One row per command that does something: what it does, and its own flags. */
export function commandTable(): string {
  const rows = describeCommands(commandLine())
    .filter(({ path, commands }) => path !== '' && (commands.length === 0 || path === 'emulator'))
    .map(
      (facts) =>
        `| ${cell(`\`${usageOf(facts)}\``)} | ${cell(facts.description)} | ${cell(flagsOf(facts))} |`,
    )
  return ['| command | what it does | its own flags |', '|---|---|---|', ...rows].join('\n')
}

function usageOf({ path, arguments: given }: CommandFacts): string {
  return `${path} ${given}`.trim()
}

function flagsOf({ flags }: CommandFacts): string {
  return flags
    .filter(({ names }) => !names.some((name) => COMMON.includes(name)))
    .map((flag) => `\`${withChoices(flag)}\``)
    .join(', ')
}

function withChoices({ flags, choices }: FlagFacts): string {
  return choices.length === 0 ? flags : flags.replace(/<\w+>/, choices.join('|'))
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('…', '...')
}

/** What each exit code means. */
export function exitCodeTable(): string {
  const rows = Object.entries(EXIT).map(
    ([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`,
  )
  return ['| code | meaning |', '|---|---|', ...rows].join('\n')
}
