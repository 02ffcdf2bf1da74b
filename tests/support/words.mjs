/** The English words, for modules that are tested without a page. */
import { readFileSync } from "node:fs"

const data = new URL("../data/phone_words.json", import.meta.url)

export default JSON.parse(readFileSync(data, "utf8")).en.words
