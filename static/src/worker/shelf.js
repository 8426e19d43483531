// What this browser keeps of the site for hours without a connection, and whose it is.
//   edu-shell-<version>     the offline page in each language
//   edu-static              style, scripts and fonts that kept pages name
//   edu-pages-<account>     the review and lessons, the oldest first
//   edu-pictures-<account>  what these lessons show
//   edu-state               whose pages may be shown
export const STATE = 'edu-state'
export const STATIC = 'edu-static'
export const SHELL = 'edu-shell-'
export const REVIEW = '/review/'
export const AT = 'Kept-At' // milliseconds by this device's clock
export const TITLE = 'Kept-Title'

const LONGEST = 30 * 24 * 3600 * 1000 // a page is shown and listed, milliseconds

export const HASHED = /\.[0-9a-f]{12}\./ // a file's name that changes with its content

const KINDS = ['edu-pages-', 'edu-pictures-']
const FACTS = '/state'

export const pagesOf = account => KINDS[0] + account
export const picturesOf = account => KINDS[1] + account
export const isPersonal = name => KINDS.some(kind => name.startsWith(kind))
export const isLesson = path => /^\/learn\/[^/]+\/\d+\/$/.test(path)
export const keptAt = response => Number(response.headers.get(AT))
export const isOld = response => Date.now() - keptAt(response) > LONGEST

// A browser that forbids storage, or has no room, costs what was to be kept and nothing else.
export async function quietly(work) {
  try {
    return await work()
  } catch {
    return undefined
  }
}

// An entry, without making the cache that it would be in.
export const find = (cacheName, key) => quietly(() => caches.match(key, { cacheName, ignoreVary: true }))

export async function readState() {
  const found = await find(STATE, FACTS)
  return { account: '', language: '', ...(found && await quietly(() => found.json())) }
}

export async function writeState(state) {
  await quietly(async () => (await caches.open(STATE)).put(FACTS, new Response(JSON.stringify(state))))
}

// What may be read now: [{ path, title, at }], the last one first; `review`: whether cards are here.
export async function readable() {
  const { account } = await readState()
  if (!account || !await caches.has(pagesOf(account))) return { lessons: [], review: false }
  const cache = await caches.open(pagesOf(account))
  const lessons = []
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname
    const found = isLesson(path) && await cache.match(request, { ignoreVary: true })
    if (found && !isOld(found)) lessons.unshift({ path, title: decodeURIComponent(found.headers.get(TITLE)), at: keptAt(found) })
  }
  const review = await cache.match(REVIEW, { ignoreVary: true })
  return { lessons, review: review?.status === 200 && !isOld(review) }
}
