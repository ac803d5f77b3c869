// What a reader does with a page, in its order: save a file, give a command, compare what it prints.

import type { Block } from './blocks.ts'

/** A file that the page shows. */
export interface FileStep {
  kind: 'file'
  at: string
  name: string
  text: string
}

/** A command that the page shows. */
export interface CommandStep {
  kind: 'command'
  at: string
  /** As it is given to the shell; several lines if it goes on. */
  command: string
  /** What tables call it: without comments, on one line. */
  name: string
  /** What the page says that it prints; absent = the page does not say. */
  output?: string
}

export type Step = FileStep | CommandStep

/** The steps of a block; none if it is neither commands nor a file. */
export function stepsOf({ at, language, title, text }: Block): Step[] {
  if (title !== undefined) return [{ kind: 'file', at, name: title, text }]
  if (language === 'sh') return commandsIn(text).map((command) => step(at, command))
  return isSession(language, text) ? sessionSteps(at, text) : []
}

/** A session shows commands after `$ `, and what they print. */
export function isSession(language: string, text: string): boolean {
  return language === 'console' || (language === '' && text.startsWith('$ '))
}

function step(at: string, command: string, output?: string): CommandStep {
  const name = command
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .join(' ')
    .replaceAll(/\\ /g, '')
    .trim()
  return { kind: 'command', at, command, name, ...(output !== undefined && { output }) }
}

function sessionSteps(at: string, text: string): CommandStep[] {
  const parts = text.split(/^\$ /m)
  if (parts[0] !== '') throw new Error(`${at}: a session begins with "$ " and a command.`)
  return parts.slice(1).map((part) => {
    const lines = part.split('\n')
    const end = lines.findIndex((_, index) => isComplete(lines.slice(0, index + 1).join('\n'))) + 1
    return step(at, lines.slice(0, end).join('\n'), lines.slice(end).join('\n'))
  })
}

/** The commands of a script. Lines belong together as long as the shell would ask for more. */
export function commandsIn(script: string): string[] {
  const commands: string[] = []
  let lines: string[] = []
  for (const line of script.split('\n')) {
    if (lines.length === 0 && /^\s*(#|$)/.test(line)) continue
    lines.push(line)
    if (!isComplete(lines.join('\n'))) continue
    commands.push(lines.join('\n'))
    lines = []
  }
  if (lines.length > 0) throw new Error(`This command has no end: ${lines.join('\n')}`)
  return commands
}

const TOKEN = /\\[^]|'[^']*'|"(?:\\[^]|[^"\\])*"|(?:^|(?<=\s))#[^\n]*|[^\\'"]/gy

/** Whether a shell would run this, and not wait for the end of a quotation, a document or a continued line. */
function isComplete(text: string): boolean {
  const [, word] = /<<-?\s*["']?(\w+)["']?/.exec(text) ?? []
  if (word !== undefined) return text.split('\n').slice(1).includes(word)
  if (text.endsWith('\\')) return false
  return Array.from(text.matchAll(TOKEN), ([token]) => token).join('') === text
}
