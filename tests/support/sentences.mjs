/** Prints what looks like English for people in the modules of a folder: file, line and text. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { argv } from "node:process"
import { parse } from "acorn"

// Functions whose argument at this place is a class or a selector; -1: all arguments.
const NOT_SAID = {
  make: 1,
  button: 1,
  querySelector: -1,
  querySelectorAll: -1,
  closest: -1,
  matches: -1,
  Error: -1,
}
// Names of keys, headers and methods, and units.
const NAMES = new Set(["Escape", "Date", "Accept", "min"])
const WORDS = /\p{L}{2,} \p{L}{2,}/u
const IN_TEMPLATE = /(^|\s)\p{L}{2,}[\s.:,]|[\s(]\p{L}{2,}[.:,]?$/u
const CAPITALISED = /^\p{Lu}\p{Ll}+([.:?!]|$)/u
const LOCALE = /^en(-[A-Z]{2})?$/
const SELECTOR = /[#.[\]>=]\S|, /

function* textsIn(node, isTemplate = false) {
  if (!node || typeof node !== "object") return
  if (Array.isArray(node)) {
    for (const each of node) yield* textsIn(each, isTemplate)
  } else if (node.type === "ImportDeclaration") {
    return
  } else if (node.type === "Literal" && typeof node.value === "string") {
    yield { text: node.value, isTemplate: false, start: node.start }
  } else if (node.type === "TemplateElement") {
    yield { text: node.value.cooked, isTemplate: true, start: node.start }
  } else if (["CallExpression", "NewExpression"].includes(node.type)) {
    yield* textsIn(node.callee)
    const skipped = NOT_SAID[node.callee.name ?? node.callee.property?.name]
    yield* textsIn(node.arguments.filter((_, place) => skipped !== -1 && place !== skipped))
  } else {
    const { type: _type, start: _start, end: _end, ...parts } = node
    for (const part of Object.values(parts)) yield* textsIn(part)
  }
}

function isSaid({ text, isTemplate }) {
  if (NAMES.has(text.trim()) || (SELECTOR.test(text) && !/[.?!]$/.test(text))) return false
  return (
    WORDS.test(text) ||
    CAPITALISED.test(text) ||
    LOCALE.test(text) ||
    (isTemplate && IN_TEMPLATE.test(text))
  )
}

const folder = argv[2]
for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".js"))) {
  const source = readFileSync(join(folder, name), "utf8")
  const tree = parse(source, { ecmaVersion: "latest", sourceType: "module" })
  for (const { start, ...said } of textsIn(tree)) {
    const line = source.slice(0, start).split("\n").length
    if (isSaid(said)) console.log(`${name}:${line}: ${said.text.trim()}`)
  }
}
