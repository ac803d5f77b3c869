// What the packages export, as the compiler sees it. It reads all of them at once, because that takes it a second.

import { join, relative } from 'node:path'
import { isVariableDeclaration, type Node } from 'typescript/unstable/ast'
import { API, SymbolFlags, type Project, type Symbol as ApiSymbol } from 'typescript/unstable/sync'
import { describeDeclaration, docOf, type ApiDeclaration } from './declaration.ts'
import type { DocComment } from './doc-comment.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** One exported name. */
export interface ApiExport extends ApiDeclaration {
  name: string
  doc: DocComment | undefined
  /** Of its file, relative to the root of the repository. */
  path: string
}

interface Target {
  name: string
  symbol: ApiSymbol
}

/** The exports of the packages in these folders, by folder, in alphabetical order. */
export function readExports(folders: readonly string[]): Map<string, ApiExport[]> {
  const api = new API({ cwd: ROOT })
  try {
    const config = join(ROOT, 'tsconfig.json')
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (project === undefined) throw new Error(`The compiler does not open ${config}`)
    const targets = folders.map((folder) => targetsOf(folder, project))
    const exported = new Set(targets.flat().map(({ symbol }) => symbol.id))
    const scope = { project, isExported: (symbol: ApiSymbol) => exported.has(symbol.id), meanings: new Map() }
    return new Map(
      folders.map((folder, at) => [folder, (targets[at] ?? []).map((target) => toExport(target, scope))]),
    )
  } finally {
    api.close()
  }
}

function targetsOf(folder: string, { program, checker }: Project): Target[] {
  const index = program.getSourceFile(join(ROOT, folder, 'src/index.ts'))
  const module = index && checker.getSymbolAtLocation(index)
  if (module === undefined) throw new Error(`${folder}/src/index.ts exports nothing`)
  const targets = checker.getExportsOfModule(module).map((symbol) => ({
    name: symbol.name,
    symbol: symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  }))
  const key = ({ name }: Target): string => `${name.toLowerCase()} ${name}`
  return targets.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function toExport({ name, symbol }: Target, scope: Parameters<typeof describeDeclaration>[1]): ApiExport {
  const node = symbol.declarations[0]?.resolve(scope.project)
  if (node === undefined) throw new Error(`${name} is declared nowhere`)
  return {
    name,
    ...describeDeclaration(node, scope),
    doc: docOf(statementOf(node)),
    path: relative(ROOT, node.getSourceFile().fileName),
  }
}

/** The statement that has the comment: that of a constant is around its declaration. */
function statementOf(node: Node): Node {
  return isVariableDeclaration(node) ? node.parent.parent : node
}
