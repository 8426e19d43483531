// Puts pages on the shelf with what they need, takes old ones off, and empties it.
import { AT, HASHED, REVIEW, STATIC, TITLE, find, isLesson, isOld, isPersonal, keptAt, pagesOf, picturesOf, quietly, readState, writeState } from './shelf.js'

// Whose copy an answer may become: said by the view, docs/adr/0050
export const FOR = 'Offline-Copy-For'

const LESSONS = 30
const ALL_PICTURES = 20 * 2 ** 20 // bytes
const ONE_PICTURE = 4 * 2 ** 20
const BYTES = 'Kept-Bytes'
const REVIEW_SOURCE = '/review/offline/'
const REVIEW_STAYS = 30 * 60 * 1000
const LOST = ['Content-Encoding', 'Content-Length']

let state // whose pages may be shown, as this worker knows it; set at once, written after that
let reading
let changes = 0 // of the account: what was asked for before one is kept for nobody

export const now = () => changes

export async function known() {
  reading ??= readState().then(found => { state ??= found })
  await reading
  return state
}

// ── Whose ─────────────────────────────────────────────────────────────────────────────────────
async function deleteAllBut(own) {
  await quietly(async () => {
    for (const name of await caches.keys()) if (isPersonal(name) && !own.includes(name)) await caches.delete(name)
  })
}

// Somebody signs in or out: nobody's pages stay.
export async function empty() {
  changes += 1
  state = { language: '', ...state, account: '' }
  await deleteAllBut([])
  await writeState(state)
}

// Nothing is shown until a page says again whose it is.
export async function doubt() {
  changes += 1
  state = { ...await known(), account: '' }
  await writeState(state)
}

function settle(account, language) {
  const before = state
  state = { account, language: language || before.language }
  if (before.account && before.account !== account) changes += 1
  return (async () => {
    if (before.account !== account) await deleteAllBut([pagesOf(account), picturesOf(account)])
    await writeState(state)
  })()
}

export async function belongTo(account, language) {
  await known()
  if (state.account !== account || state.language !== language) await settle(account, language)
}

// ── Pages ─────────────────────────────────────────────────────────────────────────────────────
const named = (html, pattern) => [...new Set(Array.from(html.matchAll(pattern), found => found[1]))]
// of tags alone, and without dots that lead elsewhere: a lesson's text may be about web pages
export const assetsIn = html => named(html, /<(?:link|script|body)\s[^<>]*?(?:href|src|data-sends)="(\/static\/(?:[\w-]+[./])+\w+)"/g)
const picturesIn = html => named(html, /<img[^>]*?\ssrc="(\/media\/[^"]+)"/g)

// The answer without what described its way here, and with what we know of it.
function copyOf(response, body, facts) {
  const headers = new Headers(response.headers)
  for (const name of LOST) headers.delete(name)
  for (const [name, value] of Object.entries(facts)) headers.set(name, value)
  return new Response(body, { status: 200, headers })
}

// `begun`: `now()` before it was asked for.
export async function keep(path, response, begun) {
  const account = response.headers.get(FOR)
  const html = await response.text()
  await addAssets(html) // first: a copy without its scripts would be a dead one
  await known()
  if (begun !== now()) return
  if (state.account !== account) {
    const settled = settle(account)
    begun = now()
    await settled
  }
  const title = html.match(/<title>([^<]*)<\/title>/)?.[1].replace(/ · EduPlatform$/, '') ?? ''
  const cache = await caches.open(pagesOf(account))
  await cache.delete(path, { ignoreVary: true }) // the last one read stands last
  await cache.put(path, copyOf(response, html, { [AT]: Date.now(), [TITLE]: encodeURIComponent(title) }))
  await thin(cache)
  await quietly(() => addPictures(account, html))
  if (begun !== now()) await empty() // somebody signed out meanwhile
}

export async function drop(path) {
  const { account } = await known()
  if (account && await caches.has(pagesOf(account))) await (await caches.open(pagesOf(account))).delete(path, { ignoreVary: true })
}

async function thin(cache) {
  const lessons = (await cache.keys()).filter(({ url }) => isLesson(new URL(url).pathname))
  for (const [number, request] of lessons.entries()) {
    const isSurplus = number < lessons.length - LESSONS
    if (isSurplus || isOld(await cache.match(request, { ignoreVary: true }))) await cache.delete(request, { ignoreVary: true })
  }
}

export async function addAssets(html) {
  const cache = await caches.open(STATIC)
  await Promise.all(assetsIn(html).map(async path => {
    if (HASHED.test(path) && await cache.match(path, { ignoreVary: true })) return
    const response = await fetch(path)
    if (!response.ok) throw new Error(path)
    await cache.put(path, response)
  }))
}

async function addPictures(account, html) {
  const paths = picturesIn(html)
  if (!paths.length) return
  const cache = await caches.open(picturesOf(account))
  for (const path of paths) {
    const found = await cache.match(path, { ignoreVary: true })
    const response = found ?? await fetch(path)
    if (!response.ok || !response.headers.get('Content-Type')?.startsWith('image/')) continue
    const picture = await response.blob()
    if (picture.size > ONE_PICTURE) continue
    await cache.delete(path, { ignoreVary: true })
    await cache.put(path, copyOf(response, picture, { [BYTES]: picture.size }))
  }
  let size = 0
  for (const request of (await cache.keys()).reverse()) {
    size += Number((await cache.match(request, { ignoreVary: true })).headers.get(BYTES))
    if (size > ALL_PICTURES) await cache.delete(request, { ignoreVary: true })
  }
}

// A lesson that was opened before the worker was there.
export async function catchUp(path) {
  const { account } = await known()
  if (!account || await find(pagesOf(account), path)) return
  const begun = now()
  const response = await fetch(path, { redirect: 'manual', cache: 'no-store' })
  if (response.headers.get(FOR) === account) await keep(path, response, begun)
}

// The cards that are due, before anybody asks for them.
export async function refreshReview(isStale) {
  const { account } = await known()
  if (!account) return
  const before = await find(pagesOf(account), REVIEW)
  if (before && !isStale && Date.now() - keptAt(before) < REVIEW_STAYS) return
  const begun = now()
  const response = await fetch(REVIEW_SOURCE, { redirect: 'manual', cache: 'no-store' })
  if (response.headers.get(FOR) === account) return keep(REVIEW, response, begun)
  if (response.type !== 'opaqueredirect' || begun !== now()) return
  // nothing is due: not to be asked again for a while
  const nothing = new Response(null, { status: 204, headers: { [AT]: Date.now() } })
  await (await caches.open(pagesOf(account))).put(REVIEW, nothing)
}

// The copy of a page, marked by the time that it was kept at; none that is too old.
export async function kept(path) {
  const { account } = await known()
  const found = account && await find(pagesOf(account), path)
  if (found?.status !== 200 || isOld(found)) return undefined
  const html = await found.text()
  return copyOf(found, html.replace('<html ', `<html data-kept="${keptAt(found)}" `), {})
}

export async function keptPicture(path) {
  const { account } = await known()
  return account ? find(picturesOf(account), path) : undefined
}
