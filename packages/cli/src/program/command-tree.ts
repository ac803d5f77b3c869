// The commands of the command line as plain data: completion and documentation are made of it.

import type { Command } from 'commander'

/** A flag. */
export interface FlagFacts {
  /** As the help writes it: `-o, --output <format>`. */
  flags: string
  /** `-o`, `--output`. */
  names: readonly string[]
  description: string
  takesValue: boolean
  choices: readonly string[]
  /** As the help writes it. */
  usual?: string
  env?: string
}

/** A command, or a group of commands. */
export interface CommandFacts {
  /** `pool list`; '' for the program. */
  path: string
  description: string
  summary: string
  /** As the help writes them: `<job> [file]`. */
  arguments: string
  /** Values that the first argument can have. */
  argumentChoices: readonly string[]
  flags: readonly FlagFacts[]
  /** Names of the commands below it. */
  commands: readonly string[]
}

/** All commands, each group before its own. */
export function describeCommands(program: Command): CommandFacts[] {
  return describe(program, '')
}

function describe(command: Command, path: string): CommandFacts[] {
  const [first] = command.registeredArguments
  const facts: CommandFacts = {
    path,
    description: command.description(),
    summary: command.summary() || command.description(),
    arguments: command
      .usage()
      .replaceAll(/\[(options|command)\] ?/g, '')
      .trim(),
    argumentChoices: first?.argChoices ?? [],
    flags: describeFlags(command),
    commands: command.commands.map((sub) => sub.name()),
  }
  return [facts, ...command.commands.flatMap((sub) => describe(sub, `${path} ${sub.name()}`.trim()))]
}

function describeFlags(command: Command): FlagFacts[] {
  return command.options
    .filter((option) => !option.hidden)
    .map((option) => ({
      flags: option.flags,
      names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
      ...(option.defaultValue !== undefined && {
        usual: option.defaultValueDescription ?? String(option.defaultValue),
      }),
      ...(option.envVar !== undefined && { env: option.envVar }),
    }))
}
