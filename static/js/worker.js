import { EntryStore } from "./lib/entry_store.js"
import { Outbox } from "./lib/outbox.js"
import { post } from "./lib/post.js"

/**
 * The service worker: the program and the pages of the coming days without a network.
 *
 * The server puts `TOLD` before this: the addresses of the program, and where the plan is that
 * says which pages a device keeps. Pages come from the network where it answers in time; what
 * it says is kept in a cache of the account, which goes when somebody else comes or nobody is
 * signed in. Every page tells whose it is and what it is true for (its edition).
 */
const SHELL = `shell-${TOLD.name}`
const KEPT = "kept-"
const LEAVING = "leaving"
const SHARED = "shared"
const PATIENCE = 3_000
const MOST_KEPT = 200
const AT_A_TIME = 4
const SNOOZE = 10 * 60_000
const UNREACHABLE = [502, 503, 504]
const program = new Set(TOLD.shell)
const channel = new BroadcastChannel("outbox")
let keeping = null

addEventListener("install", (event) => event.waitUntil(install()))
addEventListener("activate", (event) => event.waitUntil(activate()))
addEventListener("fetch", answer)
addEventListener("push", (event) => event.waitUntil(notify(event.data?.json())))
addEventListener("notificationclick", (event) => event.waitUntil(clicked(event)))
addEventListener("sync", (event) => event.tag === "outbox" && event.waitUntil(flush()))
addEventListener("message", (event) => {
  const { kind, account, edition } = event.data ?? {}
  if (kind === "skip") skipWaiting()
  if (kind === "keep") event.waitUntil(keepAll(account, edition))
  if (kind === "leave") event.waitUntil(leave(event.data.signOut, event.ports[0]))
})

async function install() {
  const shell = await caches.open(SHELL)
  await shell.addAll(TOLD.shell.map((url) => new Request(url, { cache: "reload" })))
}

/** The pages of the program before stay until the new ones are there: `keepAll` sees to that. */
async function activate() {
  const names = (await caches.keys()).filter((name) => name.startsWith("shell-"))
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)))
  await clients.claim()
}

function answer(event) {
  const { request } = event
  const { origin, pathname, search } = new URL(request.url)
  if (origin !== location.origin) return
  if (request.method === "POST" && pathname === TOLD.share) event.respondWith(share(request))
  if (request.method !== "GET") return
  if (program.has(pathname + search)) event.respondWith(ofProgram(request))
  else if (request.mode === "navigate" || request.headers.get("Accept") === "text/html") {
    event.respondWith(ofPage(event, pathname + search))
  }
}

async function ofProgram(request) {
  const shell = await caches.open(SHELL)
  return (await shell.match(request)) ?? fetch(request)
}

/** From the network; from the cache if that fails, or is silent for three seconds. */
async function ofPage(event, address) {
  const { request } = event
  const found = tellOfLeaving().then(() => fetch(request))
  event.waitUntil(found.then((response) => keep(address, response.clone())).catch(() => {}))
  try {
    const response = await ((await keptPage(address)) ? within(PATIENCE, found) : found)
    if (!UNREACHABLE.includes(response.status)) return response
    return (await keptPage(address)) ?? response
  } catch {
    const page = (await keptPage(address)) ?? (await ofOffline(request))
    return page ?? Response.error()
  }
}

function within(milliseconds, promise) {
  const late = new Promise((_, reject) => setTimeout(reject, milliseconds, new Error("late")))
  return Promise.race([promise, late])
}

async function ofOffline({ mode }) {
  return mode === "navigate" ? (await caches.open(SHELL)).match(TOLD.offline) : null
}

// Cached pages

async function account() {
  const name = (await caches.keys()).find((each) => each.startsWith(KEPT))
  return name?.slice(KEPT.length)
}

/** A page of the account that was here last. Today is whichever day it is by the plan. */
async function keptPage(address) {
  const owner = await account()
  if (!owner) return null
  const cache = await caches.open(KEPT + owner)
  const plan = await planIn(cache)
  const url = address === TOLD.today ? currentDay(plan)?.url : address
  const hasBegun = dayBefore(plan, url)?.ends_at <= Date.now()
  const page = hasBegun && (await cache.match(asBegun(url)))
  return page || ((url && (await cache.match(url))) ?? null)
}

/** The pages of a day ahead are read only, until it begins: then they are those to log on. */
function asBegun(url) {
  return `${url}${url.includes("?") ? "&" : "?"}ahead=yes`
}

/** The day before the one that a page or sheet of a day ahead is of. */
function dayBefore(plan, address) {
  const isOf = ({ url }) => address === url || address?.startsWith(`${url}/`)
  return plan?.days[plan.days.findIndex(isOf) - 1]
}

function currentDay(plan) {
  return plan?.days.find(({ ends_at }) => ends_at > Date.now())
}

async function planIn(cache) {
  return (await cache.match(TOLD.plan))?.json()
}

/** Cache the network's answer; refetch everything when it comes from another edition. */
async function keep(address, response) {
  const owner = response.headers.get("Strand-Account")
  if (!response.ok || response.redirected) return
  if (!owner) {
    if (address.split("?")[0] === TOLD.signIn) await forget()
    return
  }
  await keepAll(owner, response.headers.get("Strand-Edition"))
  const cache = await caches.open(KEPT + owner)
  const plan = await planIn(cache)
  const key = address === TOLD.today ? plan?.days[0].url : address
  if (key) await cache.put(key, response)
}

/** Fetch every page of the plan, unless those of this edition are here. One at a time does it. */
function keepAll(owner, edition) {
  keeping = (keeping ?? Promise.resolve()).then(() => fill(owner, edition)).catch(() => {})
  return keeping
}

async function fill(owner, edition) {
  for (const name of await caches.keys()) {
    if (name.startsWith(KEPT) && name !== KEPT + owner) await caches.delete(name)
  }
  const cache = await caches.open(KEPT + owner)
  if ((await planIn(cache))?.edition === edition) return
  const told = await fetch(TOLD.plan, { cache: "no-store" })
  const plan = told.ok ? await told.clone().json() : null
  if (plan?.account !== owner) return
  const pages = [...plan.days.map(({ url }) => url), ...plan.pages]
  const wanted = pages.flatMap((url) => (dayBefore(plan, url) ? [url, asBegun(url)] : [url]))
  for (let start = 0; start < wanted.length; start += AT_A_TIME) {
    await Promise.all(
      wanted.slice(start, start + AT_A_TIME).map(async (url) => {
        const page = await fetch(url, { headers: { Accept: "text/html" }, cache: "no-store" })
        if (page.headers.get("Strand-Account") !== owner) throw new Error("somebody else")
        if (page.ok) await cache.put(url, page)
      }),
    )
  }
  await cache.put(TOLD.plan, told)
  const keys = await cache.keys()
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST_KEPT))) await cache.delete(key)
}

/** Somebody signed out without a network: sign out on the server before any other request. */
async function leave(signOut, port) {
  await (await caches.open(LEAVING)).put(signOut, new Response())
  await forget()
  port.postMessage("done")
}

async function tellOfLeaving() {
  if (!(await caches.has(LEAVING))) return
  for (const { url } of await (await caches.open(LEAVING)).keys()) {
    await fetch(url, { method: "POST", redirect: "manual" })
  }
  await caches.delete(LEAVING)
}

async function forget() {
  const isPersonal = (name) => name.startsWith(KEPT) || name === SHARED
  const names = (await caches.keys()).filter(isPersonal)
  await Promise.all(names.map((name) => caches.delete(name)))
  const isSent = ({ state }) => state === "sent"
  await new EntryStore().edit((stored) => ({ remove: stored.filter(isSent) })).catch(() => {})
}

// Photos of other apps

/** Store a shared photo for the photo form, which asks for the view; only if signed in. */
async function share(request) {
  const owner = await account()
  if (!owner) return Response.redirect(TOLD.today, 303)
  const shared = await caches.open(SHARED)
  for (const file of (await request.formData()).getAll("photo")) {
    await shared.put(`${TOLD.share}/${crypto.randomUUID()}`, new Response(file))
  }
  const day = currentDay(await planIn(await caches.open(KEPT + owner)))
  return Response.redirect(day ? `${day.url}/photos/new` : TOLD.photos, 303)
}

// Reminders

/** Show a notification, then tell the server and open pages that it was shown. */
async function notify(told) {
  const { title, body, tag, data } = told.notification
  const most = Notification.maxActions ?? 2
  await registration.showNotification(title, {
    body,
    tag,
    data,
    renotify: true,
    icon: TOLD.icon,
    badge: TOLD.badge,
    actions: (data.actions ?? []).slice(0, most),
  })
  new BroadcastChannel("reminders").postMessage(data.delivery)
  await fetch(TOLD.shown, {
    method: "POST",
    body: new URLSearchParams({ delivery: data.delivery }),
  }).catch(() => {})
}

/** A button answers through the outbox, so it works without a network; a tap opens the page. */
async function clicked({ action, notification }) {
  notification.close()
  const { data } = notification
  if (action === "snooze") return snooze(data)
  if (action) return answerAll(data, action)
  const path = new URL(data.address).pathname
  const url = new URL(path, location.origin).href
  const open = await clients.matchAll({ type: "window" })
  const page = open.find(({ focused }) => focused) ?? open[0]
  if (!page) return clients.openWindow(url)
  await page.focus()
  return page.navigate(url).catch(() => clients.openWindow(url))
}

/** Answer each dose of a notification, as its own row on Today would. */
async function answerAll({ account, on, doses, label }, status) {
  const entries = outboxOf(account)
  await entries.add(
    ...doses.map(([item, at]) => ({
      subject: `dose/${item}/${on}/${at}`,
      action: `${TOLD.root}/regimen/${item}/doses`,
      fields: [
        ["due_on", on],
        ["due_time", at],
        ["status", status],
        ["only_if_open", "yes"],
        ["time_zone", Intl.DateTimeFormat().resolvedOptions().timeZone],
      ],
      label,
    })),
  )
  await sendAll(entries)
}

async function snooze({ account, on, part, label }) {
  const until = new Date(Date.now() + SNOOZE).toISOString()
  const entries = outboxOf(account)
  const fields = Object.entries({ on, part, until })
  await entries.add({ subject: `snooze/${on}/${part}`, action: TOLD.snooze, fields, label })
  await sendAll(entries)
}

async function sendAll(entries) {
  if (!(await entries.flush().catch(() => false))) {
    await registration.sync?.register("outbox").catch(() => {})
  }
}

// The outbox, with no page open

/** Send what waits, each entry as the account that made it: the server compares. */
async function flush() {
  const store = new EntryStore()
  const waiting = (await store.all()).filter(({ state }) => state !== "sent")
  const owners = new Set(waiting.map(({ account }) => account))
  let isEmpty = true
  for (const owner of owners) {
    isEmpty = (await outboxOf(owner, store).flush()) && isEmpty
  }
  if (!isEmpty) throw new Error("Something still waits: the browser tries again.")
}

function outboxOf(owner, store = new EntryStore()) {
  const outbox = new Outbox({
    store,
    send: post,
    clock: () => new Date(),
    about: { account: owner, release: TOLD.release, device: "", skew: 0 },
    lock: (work) => navigator.locks.request("outbox", work),
  })
  outbox.addEventListener("change", () => channel.postMessage(null))
  return outbox
}
