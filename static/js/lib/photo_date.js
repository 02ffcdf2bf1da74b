/**
 * When a photo was taken, by its own words: "2026-11-14", or null. No browser in here.
 *
 * JPEG and HEIC both carry an EXIF block: the mark "Exif", then a TIFF directory. The tag
 * DateTimeOriginal is the camera's wall clock at the place, which is the day a person means.
 */
const MARK = [0x45, 0x78, 0x69, 0x66, 0, 0]
const POINTER_TO_EXIF = 0x8769
const TAKEN = [0x9003, 0x9004, 0x0132]
const WRITTEN = /^(\d{4})[:-](\d\d)[:-](\d\d)/
const MOST_ENTRIES = 200

export function takenOn(buffer) {
  const bytes = new Uint8Array(buffer)
  for (let at = find(bytes, 0); at >= 0; at = find(bytes, at + 1)) {
    const day = dayOf(new DataView(buffer, at + MARK.length))
    if (day) return day
  }
  return null
}

function find(bytes, from) {
  for (let at = bytes.indexOf(MARK[0], from); at >= 0; at = bytes.indexOf(MARK[0], at + 1)) {
    if (MARK.every((byte, offset) => bytes[at + offset] === byte)) return at
  }
  return -1
}

function dayOf(tiff) {
  try {
    const order = tiff.getUint16(0)
    if (order !== 0x4949 && order !== 0x4d4d) return null
    const isLittle = order === 0x4949
    const first = directory(tiff, tiff.getUint32(4, isLittle), isLittle)
    const exif = first.has(POINTER_TO_EXIF)
      ? directory(tiff, tiff.getUint32(first.get(POINTER_TO_EXIF), isLittle), isLittle)
      : first
    for (const tag of TAKEN) {
      const place = exif.get(tag) ?? first.get(tag)
      const day = place && read(tiff, tiff.getUint32(place, isLittle))
      if (day) return day
    }
  } catch {
    // Cut short, or no directory after all: nothing is known.
  }
  return null
}

/** Where the value of each tag stands. */
function directory(tiff, start, isLittle) {
  const places = new Map()
  const count = Math.min(tiff.getUint16(start, isLittle), MOST_ENTRIES)
  for (let index = 0; index < count; index += 1) {
    const entry = start + 2 + 12 * index
    places.set(tiff.getUint16(entry, isLittle), entry + 8)
  }
  return places
}

function read(tiff, start) {
  const text = Array.from({ length: 10 }, (_, at) => String.fromCharCode(tiff.getUint8(start + at)))
  const [, year, month, day] = text.join("").match(WRITTEN) ?? []
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCMonth() === month - 1 && year >= "1950"
  return isReal ? `${year}-${month}-${day}` : null
}
