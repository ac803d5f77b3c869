import { expect, test } from 'vitest'
import { toShellSyntax } from './shell-syntax.ts'

const variables = { A: `it's "$HOME" \\ ;`, B: 'b' }

test('bash takes everything between single quotes as it is', () => {
  expect(toShellSyntax(variables, 'bash')).toBe(`export A='it'\\''s "$HOME" \\ ;'\nexport B='b'\n`)
})

test('fish escapes single quotes and backslashes', () => {
  expect(toShellSyntax(variables, 'fish')).toBe(`set -gx A 'it\\'s "$HOME" \\\\ ;'\nset -gx B 'b'\n`)
})

test('PowerShell doubles single quotes, the curly ones as well', () => {
  expect(toShellSyntax({ A: "it's ’" }, 'powershell')).toBe("$Env:A = 'it''s ’’'\n")
})

test('JSON is one object', () => {
  expect(JSON.parse(toShellSyntax(variables, 'json'))).toEqual(variables)
})
