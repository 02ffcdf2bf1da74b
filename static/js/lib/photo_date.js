/**
 * When a photo was taken, by its own words: "2026-11-14", or null. Needs no browser.
 *
 * JPEG and HEIC both carry an EXIF block: the mark "Exif", then a TIFF directory. The tag
 * DateTimeOriginal is the camera's wall clock at the place, which is the day a person means.
 */
const MARK = "Exif\0\0"
const LITTLE_ENDIAN = 0x4949
const BIG_ENDIAN = 0x4d4d
const POINTER_TO_EXIF = 0x8769
const TAKEN = [0x9003, 0x9004, 0x0132]
const WRITTEN = /^(\d{4})[:-](\d\d)[:-](\d\d)/
const MOST_ENTRIES = 200

export function takenOn(buffer) {
  // One letter a byte.
  const text = new TextDecoder("latin1").decode(buffer)
  let day = null
  for (let at = text.indexOf(MARK); at >= 0 && !day; at = text.indexOf(MARK, at + 1)) {
    const start = at + MARK.length
    try {
      day = dayOf(new DataView(buffer, start), text.slice(start))
    } catch {
      // Cut short, or not a directory: the date is unknown.
    }
  }
  return day
}

function dayOf(tiff, text) {
  const order = tiff.getUint16(0)
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return null
  const isLittle = order === LITTLE_ENDIAN
  const first = tiff.getUint32(4, isLittle)
  const exif = placeOf(POINTER_TO_EXIF, first) ?? first
  for (const tag of TAKEN) {
    const place = placeOf(tag, exif) ?? placeOf(tag, first)
    const day = place && read(text.slice(place))
    if (day) return day
  }
  return null

  /** What a directory says of a tag: mostly the place of its value. */
  function placeOf(tag, directory) {
    const count = Math.min(tiff.getUint16(directory, isLittle), MOST_ENTRIES)
    for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12) {
      if (tiff.getUint16(entry, isLittle) === tag) return tiff.getUint32(entry + 8, isLittle)
    }
    return null
  }
}

function read(text) {
  const [, year, month, day] = text.match(WRITTEN) ?? []
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCMonth() === month - 1 && year >= "1950"
  return isReal ? `${year}-${month}-${day}` : null
}
