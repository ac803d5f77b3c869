// What programs print, made fit to show: escape sequences and control characters go, endless lines are cut.

import { formatNumber } from './format.ts'

/** Longer lines are cut: browsers take seconds to lay out a line of a megabyte. */
export const LONGEST_LINE = 2000

// oxlint-disable no-control-regex -- control characters are what this module is about
// CSI (colours, cursor; also one that has not arrived in whole), OSC (titles, links) up to its end, and the two-character sequences.
const ESCAPES =
  /\u001B(?:\[[0-?]*[ -/]*(?:[@-~]|$)|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[PX^_][^\u001B]*(?:\u001B\\)?|[ -/]*[0-Z\\`-~])/g
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u0080-\u009F]/g
// Characters that turn the direction of what follows, so that a text reads as something else.
const DIRECTIONS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** Text without escape sequences; other control characters become visible signs, `\r` acts as on a terminal. */
export function toPlainText(text: string): string {
  return text
    .replaceAll(ESCAPES, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map(lastWritten)
    .map(cutLine)
    .join('\n')
    .replaceAll(CONTROLS, toSign)
    .replaceAll(DIRECTIONS, '\uFFFD')
}

/** What a line shows after its carriage returns: the last text that was written over it. */
function lastWritten(line: string): string {
  if (!line.includes('\r')) return line
  return line.split('\r').findLast((part) => part !== '') ?? ''
}

function cutLine(line: string): string {
  if (line.length <= LONGEST_LINE) return line
  const more = formatNumber(line.length - LONGEST_LINE)
  return `${line.slice(0, LONGEST_LINE)} […${more} more characters in this line]`
}

/** Control Pictures of Unicode. */
function toSign(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\uFFFD'
}

/** Whether bytes are no text: they have a zero, as text of every usual encoding but UTF-16 has not. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8192).includes(0)
}

/** Bytes as a hex dump of 16 to the line. */
export function toHex(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const signs = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${signs}`)
  }
  return lines.join('\n')
}
