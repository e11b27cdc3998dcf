import { dirname, join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

/** A source file: its path, with slashes, and its text. */
export interface Source {
  path: string
  text: string
}

/** A node of a syntax tree (ESTree with TypeScript's additions). */
interface Node {
  type: string
  start: number
  [field: string]: unknown
}

/** An import of a file or a package, including type imports and `import('…')`. */
interface Import {
  from: string
  /** Its target: the path of a file, or a package. */
  target: string
  /** The imported names; undefined for all of them. */
  names: string[] | undefined
}

const trees = new Map<string, Node>()

/** Parses a file; each text only once. */
function treeOf({ path, text }: Source): Node {
  const key = `${path}\n${text}`
  const tree = trees.get(key) ?? (parseAst(text, { lang: 'ts' }, path) as unknown as Node)
  trees.set(key, tree)
  return tree
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** Walks a tree, parents first. */
function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child)
}

/** Returns the text of a string in the source; of a template, the text before its first gap. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateLiteral') return undefined
  const [first] = node.quasis as { value: { cooked: string } }[]
  return first?.value.cooked
}

const nameOf = (node: unknown): string => (isNode(node) ? String(node.name ?? node.value ?? '') : '')

/** Returns the imports and re-exports of a file. */
export function importsOf(source: Source): Import[] {
  return [...nodesOf(treeOf(source))].flatMap((node) => {
    if (!/^(Import|Export(Named|All))Declaration$|^ImportExpression$|^TSImportType$/.test(node.type)) return []
    const named = textOf(node.source) ?? textOf(node.argument)
    if (named === undefined) return []
    const specifiers = node.specifiers as Node[] | undefined
    const names = specifiers?.every(({ type }) => /^(Import|Export)Specifier$/.test(type))
      ? specifiers.map(({ imported, local }) => nameOf(imported ?? local))
      : undefined
    return [{ from: source.path, target: named.startsWith('.') ? join(dirname(source.path), named) : named, names }]
  })
}

const asText = ({ from, target }: Import): string => `${from} -> ${target}`
const roomOf = (path: string): string => path.split('/')[0] ?? ''

/**
 * Finds imports from a room that is not among those below: `rooms` lists for each the rooms that it may import from.
 */
export function importsUp(sources: readonly Source[], rooms: Record<string, readonly string[]>): string[] {
  const paths = new Set(sources.map(({ path }) => path))
  const between = sources.flatMap(importsOf).filter(({ target }) => paths.has(target))
  const isUp = (from: string, to: string) => from !== to && from in rooms && !rooms[from]?.includes(to)
  return between.filter(({ from, target }) => isUp(roomOf(from), roomOf(target))).map(asText)
}

/** Finds files that import each other, each cycle as a list of paths (Tarjan's strongly connected components). */
export function circles(sources: readonly Source[]): string[][] {
  const edges = new Map(sources.map((source) => [source.path, importsOf(source).map(({ target }) => target)]))
  const found: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const visit = (path: string): number => {
    index.set(path, index.size)
    let lowest = index.get(path) ?? 0
    open.push(path)
    for (const next of edges.get(path) ?? []) {
      if (!edges.has(next)) continue
      if (!index.has(next)) lowest = Math.min(lowest, visit(next))
      else if (open.includes(next)) lowest = Math.min(lowest, index.get(next) ?? 0)
    }
    low.set(path, lowest)
    if (lowest === index.get(path)) {
      const circle = open.splice(open.indexOf(path))
      if (circle.length > 1 || edges.get(path)?.includes(path)) found.push(circle.sort())
    }
    return lowest
  }
  for (const path of edges.keys()) if (!index.has(path)) visit(path)
  return found
}

/** Kysely's methods that take tables. */
const tableMethods =
  /^(selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto|from|using|(inner|left|right|full|cross)Join(Lateral)?)$/
/** Those of them that begin a query. */
const queryMethods = /^(selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto)$/

/** Yields the method calls in a file, with the names of the methods. */
function* callsOf(source: Source): Generator<{ method: string; call: Node }> {
  for (const node of nodesOf(treeOf(source))) {
    if (node.type !== 'CallExpression' || !isNode(node.callee)) continue
    if (node.callee.type === 'MemberExpression') yield { method: nameOf(node.callee.property), call: node }
  }
}

/** Finds files with queries other than those that may have them. */
export function queriesOutside(sources: readonly Source[], mayHave: RegExp): string[] {
  const hasQuery = (source: Source) => [...callsOf(source)].some(({ method }) => queryMethods.test(method))
  return sources.filter((source) => !mayHave.test(source.path) && hasQuery(source)).map(({ path }) => path)
}

/**
 * Finds tables that another domain's store names: `owners` has the domain of each table. Tables are recognised by the
 * calls that take them, and in the text of `sql` templates.
 */
export function foreignTables(sources: readonly Source[], owners: Record<string, string>): string[] {
  const found = sources.flatMap((source) => {
    const [, domain] = /^domains\/([^/]+)\/store(\.ts|\/)/.exec(source.path) ?? []
    const foreign = [...tablesIn(source, Object.keys(owners))].filter((table) => domain && owners[table] !== domain)
    return foreign.map((table) => `${source.path}: ${table}`)
  })
  return [...new Set(found)].sort()
}

function* tablesIn(source: Source, tables: readonly string[]): Generator<string> {
  for (const { method, call } of callsOf(source)) {
    if (!tableMethods.test(method)) continue
    const [first] = call.arguments as Node[]
    const named = first?.type === 'ArrayExpression' ? (first.elements as Node[]) : [first]
    for (const text of named.map(textOf)) {
      const name = text?.split(' ')[0]
      // The end of a table's name may come from a variable: `event_keys_${n}`.
      if (name) yield* tables.filter((table) => table === name || (name.endsWith('_') && table.startsWith(name)))
    }
  }
  for (const node of nodesOf(treeOf(source))) {
    if (node.type !== 'TaggedTemplateExpression' || !isNode(node.tag) || nameOf(node.tag) !== 'sql') continue
    const { quasis } = node.quasi as unknown as { quasis: { value: { raw: string } }[] }
    const sql = quasis.map(({ value }) => value.raw).join(' ? ')
    yield* tables.filter((table) => new RegExp(`\\b(from|join|into|update|table)\\s+"?${table}\\b`, 'i').test(sql))
  }
}

/** Finds imports of files that match `from` whose target they may not import. */
export function importsBeyond(sources: readonly Source[], from: RegExp, mayHave: RegExp): string[] {
  const imports = sources.filter(({ path }) => from.test(path)).flatMap(importsOf)
  return imports.filter(({ target }) => !mayHave.test(target)).map(asText)
}

/** Finds imports of a package by files that may not have it. */
export function packageOutside(sources: readonly Source[], name: string, mayHave: RegExp): string[] {
  const imports = sources.filter(({ path }) => !mayHave.test(path)).flatMap(importsOf)
  return imports.filter(({ target }) => target === name || target.startsWith(`${name}/`)).map(asText)
}

/** Finds files of a domain, such as `store.ts`, that are imported from outside of it. */
export function reachedFromOutside(sources: readonly Source[], inner: RegExp): string[] {
  const imports = sources.flatMap(importsOf).filter(({ target }) => inner.test(target))
  const homeOf = (path: string) => domainOf(path) ?? dirname(path)
  return imports.filter(({ from, target }) => homeOf(from) !== homeOf(target)).map(asText)
}

/** Returns the domain of a file, including its subfolders. */
const domainOf = (path: string): string | undefined => /^domains\/[^/]+\//.exec(path)?.[0]

/** Returns what other domains and rooms use of each domain: names by path. */
export function facesOfDomains(sources: readonly Source[]): Map<string, Set<string>> {
  const used = sources.flatMap(importsOf).filter(({ from, target }) => {
    const domain = domainOf(target)
    return domain !== undefined && domain !== domainOf(from)
  })
  const faces = new Map<string, Set<string>>()
  for (const { target, names } of used) faces.set(target, new Set([...(faces.get(target) ?? []), ...(names ?? [])]))
  return faces
}

/**
 * Finds missing doc comments among the exports under these names: functions, and each member of interfaces, types and
 * classes. Re-exported names are looked up in their source.
 */
export function undocumented(sources: readonly Source[], faces: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const found = new Set<string>()
  const done = new Set<string>()
  const look = (path: string, name: string): void => {
    const source = byPath.get(path)
    if (!source || done.has(`${path} ${name}`)) return
    done.add(`${path} ${name}`)
    for (const node of treeOf(source).body as Node[]) {
      if (node.type === 'ExportAllDeclaration') look(join(dirname(path), textOf(node.source) ?? ''), name)
      if (node.type !== 'ExportNamedDeclaration') continue
      for (const { exported, local } of node.specifiers as Node[])
        if (nameOf(exported) === name) look(join(dirname(path), textOf(node.source) ?? ''), nameOf(local))
      if (isNode(node.declaration) && declaredNames(node.declaration).includes(name))
        for (const lacking of lackingIn(source, node, node.declaration)) found.add(`${path}: ${name}${lacking}`)
    }
  }
  for (const [path, names] of faces) for (const name of names) look(path, name)
  return [...found].sort()
}

/** Returns the names that a file exports, including re-exports. */
export function exportedNames(source: Source): Set<string> {
  const names = (treeOf(source).body as Node[]).flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration') return []
    const passedOn = (node.specifiers as Node[]).map(({ exported }) => nameOf(exported))
    return isNode(node.declaration) ? [...passedOn, ...declaredNames(node.declaration)] : passedOn
  })
  return new Set(names)
}

function declaredNames(declaration: Node): string[] {
  if (declaration.type !== 'VariableDeclaration') return [nameOf(declaration.id)]
  return (declaration.declarations as Node[]).map(({ id }) => nameOf(id))
}

/** Returns what in a declaration has no doc comment: '' for itself, or `.member`. */
function lackingIn(source: Source, statement: Node, declaration: Node): string[] {
  const hasDoc = (node: Node) => source.text.slice(0, node.start).trimEnd().endsWith('*/')
  if (declaration.type === 'FunctionDeclaration') return hasDoc(statement) ? [] : ['']
  if (!/^(TSInterface|TSTypeAlias|Class)Declaration$/.test(declaration.type)) return []
  return membersOf(declaration)
    .filter((member) => !hasDoc(member))
    .map(({ key }) => `.${nameOf(key)}`)
}

/** Returns the members of an interface, of the object types within a type, or the public ones of a class. */
function membersOf(declaration: Node): Node[] {
  const bodies = [declaration.body, declaration.typeAnnotation].filter(isNode)
  return bodies.flatMap((body): Node[] => {
    if (body.type === 'TSIntersectionType' || body.type === 'TSUnionType')
      return (body.types as Node[]).flatMap((type) => membersOf({ ...type, typeAnnotation: type }))
    const members = (body.type === 'TSTypeLiteral' ? body.members : body.body) as Node[] | undefined
    const isPublic = ({ type, key, kind, accessibility, override }: Node) =>
      /^TS(Property|Method)Signature$|^(PropertyDefinition|MethodDefinition)$/.test(type) &&
      kind !== 'constructor' &&
      accessibility !== 'private' &&
      !override &&
      isNode(key) &&
      key.type !== 'PrivateIdentifier'
    return (members ?? []).filter(isPublic)
  })
}
