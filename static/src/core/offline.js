// Without a connection: a line under the header that says so, and when a kept page is from. The worker that
// keeps pages is for people who are signed in; every page tells it whose it is.
import { moment } from './moment.js'

const root = document.documentElement
const kept = Number(root.dataset.kept)
const worker = navigator.serviceWorker // not there over plain HTTP, and where it is forbidden

function show() {
  const saysSo = kept || document.querySelector('[data-offline-page]')
  for (const line of document.querySelectorAll('[data-offline-line]')) line.hidden = navigator.onLine || Boolean(saysSo)
  for (const line of document.querySelectorAll('[data-kept-line]')) {
    line.hidden = !kept
    if (!kept) continue
    line.querySelector('time').textContent = moment(kept)
    line.querySelector('[data-reload]').hidden = !navigator.onLine
  }
}

// ── The worker ────────────────────────────────────────────────────────────────────────────────
function tell(to, more) {
  const { signedIn, visitor } = document.body.dataset
  if (signedIn || visitor !== undefined) to?.postMessage({ account: signedIn ?? '', language: root.lang, path: location.pathname, ...more })
}

async function prepare() {
  if (document.body.dataset.signedIn) {
    await worker.register('/sw.js', { updateViaCache: 'none' })
    tell((await worker.ready).active, { hasTime: true })
  } else {
    tell((await worker.getRegistration())?.active)
  }
}

// Grades that wait are sent by review.js, which not every page has.
function sendWhatWaits() {
  const { signedIn, sends } = document.body.dataset
  if (!signedIn || !sends || document.querySelector(`script[src="${sends}"]`)) return
  try {
    if (!Object.keys(localStorage).some(name => name.startsWith(`edu.grades.${signedIn}.`))) return
  } catch {
    return
  }
  document.head.append(Object.assign(document.createElement('script'), { src: sends }))
}

addEventListener('online', show)
addEventListener('offline', show)
document.addEventListener('DOMContentLoaded', () => {
  show()
  if (worker?.controller) tell(worker.controller)
  if (kept) for (const frame of document.querySelectorAll('iframe')) frame.remove() // a video's own page of an error
})
addEventListener('load', () => {
  sendWhatWaits()
  if (worker && !kept) setTimeout(() => prepare().catch(() => {}))
})
document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-reload]')) location.reload()
})
