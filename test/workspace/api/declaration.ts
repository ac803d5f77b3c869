// A declaration as the reference shows it: its signature, and the members of what has some.

import {
  isArrowFunction,
  isClassDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isTypeAliasDeclaration,
  isTypeLiteralNode,
  isPropertySignatureDeclaration,
  isTypeReferenceNode,
  isVariableDeclaration,
  type InterfaceDeclaration,
  type Node,
  type TypeAliasDeclaration,
  type VariableDeclaration,
} from 'typescript/unstable/ast'
import {
  NodeBuilderFlags,
  SymbolFlags,
  type Project,
  type Symbol as ApiSymbol,
  type Type,
} from 'typescript/unstable/sync'
import { parseDocComment, type DocComment } from './doc-comment.ts'
import { inOneLine, withoutBody } from './signature.ts'

/** A longer alias that is not exported is shown by its name, a longer union as its source has it. */
const LONGEST_INLINED = 70
const LONGEST_UNION = 400

/** A field or a method of an exported type. */
export interface ApiMember {
  /** In one line, without `readonly`: `addPool(pool: PoolSpec): Promise<void>`. */
  signature: string
  doc: DocComment | undefined
}

/** What is exported under a name. */
export interface ApiDeclaration {
  kind: 'function' | 'class' | 'type' | 'value'
  /** As TypeScript, in one or more lines. */
  signature: string
  /** Those of interfaces, classes and object types, and of bases that are not exported themselves. */
  members: ApiMember[]
}

/** What a declaration is read with. */
export interface Scope {
  project: Project
  isExported(this: void, symbol: ApiSymbol): boolean
  /** What names stand for, by file and name: each is asked for once. */
  meanings: Map<string, string | undefined>
}

/** Describes the declaration of an export. */
export function describeDeclaration(node: Node, scope: Scope): ApiDeclaration {
  const describe = (members: readonly Node[]): ApiMember[] =>
    members.flatMap((member) => describeMember(member, scope))
  if (isFunctionDeclaration(node))
    return { kind: 'function', signature: headOf(node, node.body), members: [] }
  if (isVariableDeclaration(node)) return describeValue(node, scope)
  if (isClassDeclaration(node)) {
    const own = node.members.filter((member) => !/^(private|protected|override|#)/.test(member.getText()))
    return { kind: 'class', signature: upToBrace(node), members: describe(own) }
  }
  if (isInterfaceDeclaration(node))
    return { kind: 'type', signature: upToBrace(node), members: describe(allMembers(node, scope)) }
  if (!isTypeAliasDeclaration(node))
    throw new Error(`The reference has no place for this export: ${node.getText()}`)
  const members = isTypeLiteralNode(node.type) ? describe(node.type.members) : []
  const signature = members.length > 0 ? upToBrace(node) : aliasOf(node, scope)
  return { kind: 'type', signature, members }
}

/** The documentation comment that stands before a node. */
export function docOf(node: Node): DocComment | undefined {
  const comment = node.jsDoc?.at(-1)?.getText()
  // The text of a file's first one begins with the comment on the file.
  return comment === undefined ? undefined : parseDocComment(comment.slice(comment.lastIndexOf('/**')))
}

function describeValue(node: VariableDeclaration, { project }: Scope): ApiDeclaration {
  const { initializer } = node
  if (initializer && isArrowFunction(initializer))
    return { kind: 'function', signature: `const ${headOf(node, initializer.body)}`, members: [] }
  const symbol = symbolOf(node.name, project)
  const type = symbol && project.checker.getTypeOfSymbol(symbol)
  const text = node.type?.getText() ?? (type && inFull(type, project.checker)) ?? 'unknown'
  return { kind: 'value', signature: `const ${node.name.getText()}: ${inOneLine(text)}`, members: [] }
}

/** An alias as it is written, or in full where its text says nothing: `(typeof STATES)[number]`. */
function aliasOf(node: TypeAliasDeclaration, { project: { checker } }: Scope): string {
  const type = /\btypeof\b/.test(node.type.getText()) ? checker.getTypeFromTypeNode(node.type) : undefined
  const text = type && inFull(type, checker)
  return text !== undefined && text.length <= LONGEST_UNION
    ? `type ${node.name.text} = ${text}`
    : withoutBody(node.getText())
}

/** A type by what it is made of, not by the name of an alias. */
function inFull(type: Type, checker: Project['checker']): string {
  const flags = NodeBuilderFlags.InTypeAlias | NodeBuilderFlags.NoTruncation
  return checker.typeToString(type, undefined, flags).replaceAll('"', "'")
}

/** A member; one whose type is a list of members is shown by those: `pools.add(…)`. */
function describeMember(node: Node, scope: Scope): ApiMember[] {
  const type = isPropertySignatureDeclaration(node) ? node.type : undefined
  if (type && isTypeLiteralNode(type) && type.getText().includes('\n')) {
    const prefix = headOf(node, type).replace(/:$/, '')
    const [own, inner] = [docOf(node), type.members.flatMap((member) => describeMember(member, scope))]
    return inner.map(({ signature, doc }, at) => ({
      signature: inOneLine(`${prefix}.${signature}`),
      doc: doc ?? (at === 0 ? own : undefined),
    }))
  }
  const body = 'body' in node ? (node.body as Node | undefined) : undefined
  return [{ signature: inOneLine(inlined(headOf(node, body), node, scope)), doc: docOf(node) }]
}

function allMembers(node: InterfaceDeclaration, scope: Scope): Node[] {
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) => [...types])
  const hidden = bases.flatMap(({ expression }) => {
    const symbol = symbolOf(expression, scope.project)
    const base =
      symbol && !scope.isExported(symbol) ? symbol.declarations[0]?.resolve(scope.project) : undefined
    return base && isInterfaceDeclaration(base) ? allMembers(base, scope) : []
  })
  return [...node.members, ...hidden]
}

/** The text with short types that readers cannot look up replaced by what they stand for. */
function inlined(text: string, node: Node, scope: Scope): string {
  let result = text
  node.forEachChild(function visit(child: Node): void {
    const meaning = isTypeReferenceNode(child) ? meaningOf(child.typeName, scope) : undefined
    if (meaning !== undefined) result = result.replace(child.getText(), meaning)
    else child.forEachChild(visit)
  })
  return result
}

function meaningOf(name: Node, scope: Scope): string | undefined {
  const key = `${name.getSourceFile().fileName} ${name.getText()}`
  if (!scope.meanings.has(key)) scope.meanings.set(key, findMeaning(name, scope))
  return scope.meanings.get(key)
}

function findMeaning(name: Node, { project, isExported }: Scope): string | undefined {
  const symbol = symbolOf(name, project)
  if (symbol === undefined || isExported(symbol)) return undefined
  const declaration = symbol.declarations[0]?.resolve(project)
  if (!declaration || !isTypeAliasDeclaration(declaration) || declaration.typeParameters) return undefined
  if (declaration.getSourceFile().isDeclarationFile) return undefined
  const type = project.checker.getTypeFromTypeNode(declaration.type)
  const text = type && inFull(type, project.checker)
  return text !== undefined && text.length <= LONGEST_INLINED ? text : undefined
}

function symbolOf(name: Node, { checker }: Project): ApiSymbol | undefined {
  const symbol = isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined
  return symbol && symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** The text of a declaration before its body. */
function headOf(node: Node, body: Node | undefined): string {
  return withoutBody(node.getSourceFile().text.slice(node.getStart(), body ? body.pos : node.end))
}

function upToBrace(node: Node): string {
  return withoutBody(node.getText().split('{', 1).join())
}
