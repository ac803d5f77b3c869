// Options of the tools below test/: what is wrong with them is one line and exit code 2, --help is what there is.

import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/** Reads the arguments of this process. Ends it, when they are wrong or ask for help. */
export function readOptions<T extends ParseArgsOptionsConfig>(usage: string, options: T) {
  if (process.argv.some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return refuse((error as Error).message)
  }
}

/** The whole number that an option names. Ends this process, when it is none. */
export function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (text === '' || !Number.isSafeInteger(number) || number < 0)
    refuse(`--${name} must be a whole number, not "${text}"`)
  return number
}

function refuse(message: string): never {
  console.error(`${message}. See --help.`)
  process.exit(2)
}
