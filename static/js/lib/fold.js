// Letters without an accent in Unicode's sense, which people still type without their mark.
const PLAIN_LETTERS = {
  ı: "i",
  ø: "o",
  ł: "l",
  đ: "d",
  ħ: "h",
  ŧ: "t",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ð: "d",
}

// Apostrophes, primes and invisible marks are part of a word and separate nothing.
const WITHIN_WORDS = /['`´‘’‛ʹʻʼʽ′＇\p{Cf}]/gu
const SHORTEST_AS_ONE = 5

/**
 * Fold a text so that two ways of writing one name compare equal, as the server does: without
 * case, accents and punctuation, digits apart from letters. "Omega3" and "OMEGA-3" are "omega 3".
 */
export function folded(text) {
  const bare = caseless(
    caseless(text.replace(WITHIN_WORDS, "")).normalize("NFKD").replace(/\p{M}/gu, ""),
  )
  const plain = bare
    .replace(/[ıøłđħŧæœþð]/g, (letter) => PLAIN_LETTERS[letter])
    .replace(/\p{Nd}/gu, asciiDigit)
  return (plain.match(/\p{L}+|\p{Nd}+/gu) ?? []).join(" ")
}

/** Whether words in a row of `text` begin as `wanted` does, spaces aside; both are folded. */
export function beginsAsOne(text, wanted) {
  const letters = [...wanted.replaceAll(" ", "")]
  return letters.length >= SHORTEST_AS_ONE && new RegExp(`(^| )${letters.join(" ?")}`).test(text)
}

/** The decimal digit of any script as 0 to 9: the digits of a script stand in a row of ten. */
function asciiDigit(digit) {
  const code = digit.codePointAt(0)
  if (code < 128) return digit
  let zero = code
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(code - zero)
}

/** Upper case first, so that "ß" becomes "ss". */
function caseless(text) {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ")
}
