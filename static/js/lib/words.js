/** Words in the language of the page: its import map says which table that is. */
import words from "#words"

let table = words
let plurals = null

/** Take this table instead. */
export function learn(words) {
  table = words
  plurals = null
}

export function known() {
  return table
}

/** Message `name` with its placeholders filled; one that has plural forms goes by `n`. */
export function say(name, given = {}) {
  const message = known().messages[name]
  const text = typeof message === "string" ? message : (message[form(given.n)] ?? message.other)
  return text.replace(/\{(\w+)\}/g, (_, key) => given[key])
}

/** Three; 13. */
export function numberWord(number) {
  return known().numbers[number] ?? String(number)
}

/** 11.7, or 11,7: one decimal at most. */
export function figure(number) {
  return (Math.round(number * 10) / 10).toLocaleString(known().locale, { useGrouping: false })
}

/** 23 Nov, as the server writes it. */
export function shortDay(instant, timeZone = "UTC") {
  const part = (name) => dateFormat({ timeZone, [name]: "numeric" }).format(instant)
  return say("short_day", { day: part("day"), month: known().months[part("month") - 1] })
}

/** 21 to 23 Nov; 30 Nov to 2 Dec: with the year where it is not `thisYear`. */
export function daysWords(first, last, thisYear) {
  const begins = first.getUTCFullYear()
  const isOneYear = begins === last.getUTCFullYear()
  const dated = (date, isPlain) =>
    isPlain ? shortDay(date) : `${shortDay(date)} ${date.getUTCFullYear()}`
  const end = dated(last, isOneYear && begins === thisYear)
  return isOneYear && first.getUTCMonth() === last.getUTCMonth()
    ? say("day_to", { first: first.getUTCDate(), last: end })
    : say("days_to", { first: dated(first, isOneYear), last: end })
}

/** A format of dates and times in the page's language. */
export function dateFormat(how) {
  return new Intl.DateTimeFormat(known().locale, how)
}

function form(number) {
  plurals ??= new Intl.PluralRules(known().locale)
  return plurals.select(number)
}
