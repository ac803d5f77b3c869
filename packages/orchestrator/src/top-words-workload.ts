// The built-in workload: the top N words of every input file, counted by the task script on the nodes.

import { basename, parse } from 'node:path'
import { quote, wrapCommandsInShell } from '@malachite/model'
import { configurationError } from './configuration-error.ts'
import { ensureNodeCommands, useNodeCommand } from './node-runtime.ts'
import type { InputFile, OutputTarget, Workload } from './workload.ts'

/** What the top-words workload needs to know. */
export interface TopWordsOptions {
  /** Absolute path of the task script, one self-contained JavaScript file. */
  scriptPath: string
  /** Words to list per file, at least 1. @default 3 */
  numWords?: number
}

/** Counts the words of every input file; one task `topNtask0`, `topNtask1`, … per file. */
export function topWordsWorkload({ scriptPath, numWords = 3 }: TopWordsOptions): Workload {
  if (!Number.isSafeInteger(numWords) || numWords < 1) {
    throw configurationError([`The number of words must be a whole number of at least 1, not ${numWords}.`])
  }
  const script = basename(scriptPath)
  return {
    name: `top ${numWords} words`,
    applicationFiles: [scriptPath],
    startCommands: () => [
      'cp -R "$AZ_BATCH_TASK_WORKING_DIR"/. "$AZ_BATCH_NODE_SHARED_DIR"/',
      ...ensureNodeCommands(),
    ],
    toTask: (input, index, output) => ({
      id: `topNtask${index}`,
      commandLine: wrapCommandsInShell('linux', [
        useNodeCommand,
        `node "$AZ_BATCH_NODE_SHARED_DIR"/${quote(script)} ${scriptArguments(input, numWords, output)}`,
      ]),
      resourceFiles: [input.resourceFile],
    }),
    resultName: (input) => `${parse(input).name}_OUTPUT${parse(input).ext}`,
  }
}

function scriptArguments(input: InputFile, numWords: number, output: OutputTarget): string {
  return [
    `--filepath ${quote(asPath(input.name))}`,
    `--numwords ${numWords}`,
    `--storageaccount ${quote(output.account)}`,
    `--storagecontainer ${quote(output.container)}`,
    `--sastoken ${quote(output.sas)}`,
    // The script knows the address of an account in the public cloud; Azurite's and other clouds' it must be told.
    ...(output.url === `https://${output.account}.blob.core.windows.net`
      ? []
      : [`--storageurl ${quote(output.url)}`]),
  ].join(' ')
}

/** A name that starts with a dash would be taken for an option. */
function asPath(name: string): string {
  return name.startsWith('-') ? `./${name}` : name
}
