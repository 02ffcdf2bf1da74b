/** Compares programs: a file of JSON with `{ name: [one, other] }`; prints the names of those that differ. */
import { readFileSync } from "node:fs"
import { argv } from "node:process"
import { parse } from "acorn"

const NOT_MEANT = new Set(["start", "end", "raw"])

/** The tree of a module, without where things stand and how they are written. */
function treeOf(source) {
  const tree = parse(source, { ecmaVersion: "latest", sourceType: "module" })
  return JSON.stringify(tree, (key, value) => (NOT_MEANT.has(key) ? undefined : value))
}

const pairs = JSON.parse(readFileSync(argv[2], "utf8"))
for (const [name, [one, other]] of Object.entries(pairs)) {
  if (treeOf(one) !== treeOf(other)) console.log(name)
}
