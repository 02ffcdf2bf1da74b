// Letters that are no letter with an accent, and yet are typed without their mark.
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

/**
 * Fold a text so that two ways of writing one name compare equal, as the server does: without
 * case, accents and punctuation, digits apart from letters. "Omega3" and "OMEGA-3" are "omega 3".
 */
export function folded(text) {
  const bare = caseless(caseless(text).normalize("NFKD").replace(/\p{M}/gu, ""))
  const plain = bare
    .replace(/[ıøłđħŧæœþð]/g, (letter) => PLAIN_LETTERS[letter])
    .replace(/\p{Nd}/gu, asciiDigit)
  return (plain.match(/\p{L}+|\p{Nd}+/gu) ?? []).join(" ")
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
