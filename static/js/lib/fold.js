/**
 * Fold a text so that two ways of writing one name compare equal, as the server does: without
 * case, accents and punctuation, digits apart from letters. "Omega3" and "OMEGA-3" are "omega 3".
 */
export function folded(text) {
  const plain = caseless(caseless(text).normalize("NFKD").replace(/\p{M}/gu, ""))
  return (plain.match(/\p{L}+|\p{Nd}+/gu) ?? []).join(" ")
}

/** Upper case first, so that "ß" becomes "ss". */
function caseless(text) {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ")
}
