// The service worker: lessons that were read and cards that are due, without a connection; the offline
// page for everything else. Served as /sw.js after a line that names its VERSION. docs/adr/0050
import { FOR, addAssets, assetsIn, belongTo, catchUp, doubt, drop, empty, keep, kept, keptPicture, known, now, refreshReview } from './keeping.js'
import { HASHED, SHELL, STATIC, find, isLesson, isPersonal, quietly } from './shelf.js'

const SHELF = SHELL + self.VERSION
const LANGUAGES = ['en', 'ru']
const AWAY = [502, 503, 504] // a proxy whose server is away
const NOT_OURS = /^\/(admin|api|ws|dev)\//
const CHANGES_CARDS = /^\/(cards|review\/done)\/|\/result\// // pages on which one lands after that
const offlinePage = language => `/offline/${language}/`

// ── Coming and going ──────────────────────────────────────────────────────────────────────────
async function install() {
  const shelf = await caches.open(SHELF)
  for (const language of LANGUAGES) {
    const response = await fetch(offlinePage(language), { credentials: 'omit', cache: 'no-store' })
    if (!response.ok) throw new Error('no offline page')
    await addAssets(await response.clone().text())
    await shelf.put(offlinePage(language), response)
  }
  await self.skipWaiting()
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(SHELL) && name !== SHELF) await caches.delete(name)
  await quietly(prune)
  await self.registration.navigationPreload?.enable()
  await self.clients.claim()
}

// Old files stay for as long as a kept page names them: it is shown with those that it was made with.
async function prune() {
  const wanted = new Set()
  for (const name of await caches.keys()) {
    if (name !== SHELF && !isPersonal(name)) continue
    const cache = await caches.open(name)
    for (const page of await cache.matchAll(undefined, { ignoreVary: true })) {
      if (page.headers.get('Content-Type')?.startsWith('text/html')) for (const path of assetsIn(await page.text())) wanted.add(path)
    }
  }
  const cache = await caches.open(STATIC)
  for (const sheet of [...wanted].filter(path => path.endsWith('.css'))) {
    const text = await (await cache.match(sheet, { ignoreVary: true }))?.text() ?? ''
    for (const [, path] of text.matchAll(/url\(["']?([^"')]+)/g)) wanted.add(new URL(path, new URL(sheet, location)).pathname)
  }
  for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request, { ignoreVary: true })
}

// ── Requests ──────────────────────────────────────────────────────────────────────────────────
async function page(event, path) {
  const begun = now()
  let response
  try {
    response = await event.preloadResponse ?? await fetch(event.request)
  } catch {
    return away(path)
  }
  if (AWAY.includes(response.status)) return await quietly(() => kept(path)) ?? response
  if (response.ok && response.headers.get(FOR)) {
    const copy = response.clone()
    event.waitUntil(quietly(() => keep(path, copy, begun)))
  } else if (isLesson(path) && (response.type === 'opaqueredirect' || response.status === 404)) {
    event.waitUntil(quietly(() => drop(path))) // no longer theirs to read
  }
  return response
}

async function away(path) {
  return await quietly(() => kept(path)) ?? offline()
}

async function offline() {
  const { language } = await known()
  const preferred = [language, ...navigator.languages.map(each => each.slice(0, 2))].find(each => LANGUAGES.includes(each))
  return await find(SHELF, offlinePage(preferred ?? LANGUAGES[0])) ?? Response.error()
}

// Files with a hash in their name never change; others, in development, come from the server while it is there.
async function asset(event, path) {
  const found = await find(STATIC, path)
  if (found && HASHED.test(path)) return found
  try {
    const response = await fetch(event.request)
    if (response.ok && event.request.destination === 'font') { // which ones a page needs, only the browser knows
      const copy = response.clone()
      event.waitUntil(quietly(async () => (await caches.open(STATIC)).put(path, copy)))
    }
    return response
  } catch (error) {
    if (found) return found
    throw error
  }
}

async function picture(event, path) {
  try {
    return await fetch(event.request)
  } catch (error) {
    const found = await keptPicture(path)
    if (found) return found
    throw error
  }
}

// Somebody signs in or out, here or by a form that scripts send.
async function change(event) {
  await empty()
  try {
    return await fetch(event.request)
  } catch (error) {
    if (event.request.mode === 'navigate') return offline()
    throw error
  } finally {
    await empty()
  }
}

function answer(event) {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== location.origin || NOT_OURS.test(pathname)) return
  const isAccounts = pathname.startsWith('/accounts/')
  if (request.method !== 'GET') {
    if (isAccounts && request.method === 'POST') event.respondWith(change(event))
    return
  }
  if (request.mode === 'navigate') {
    if (request.destination !== 'document') return
    if (isAccounts) event.waitUntil(doubt()) // a provider may have sent somebody else
    event.respondWith(page(event, pathname))
  } else if (pathname.startsWith('/static/')) {
    event.respondWith(asset(event, pathname))
  } else if (request.destination === 'image' && pathname.startsWith('/media/')) {
    event.respondWith(picture(event, pathname))
  }
}

// What pages say of themselves: whose they are, and that there is time to fetch ahead.
async function hear({ account, language, path, hasTime }) {
  await belongTo(account, language)
  if (!hasTime) return
  await self.clients.claim() // a page that was on its way when the worker came
  if (isLesson(path)) await quietly(() => catchUp(path))
  await refreshReview(CHANGES_CARDS.test(path))
}

addEventListener('install', event => event.waitUntil(install()))
addEventListener('activate', event => event.waitUntil(activate()))
addEventListener('fetch', answer)
addEventListener('message', event => event.waitUntil(quietly(() => hear(event.data))))
