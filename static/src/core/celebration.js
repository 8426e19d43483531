// The one celebration: a dialog that the server sends where nobody is in the middle of something.
// What was closed is marked as seen, and isn't shown again even if the server hears of it late.
import { csrfToken } from './csrf.js'

const TOGETHER = 1500 // ms: what comes within them is one celebration
const SEEN = 'celebrated'
const BUSY = 'input, textarea, select, [contenteditable]'

let waiting
const place = () => document.getElementById('celebration')
const known = () => Number(sessionStorage.getItem(SEEN) ?? 0)

function tellSeen(upto) {
  sessionStorage.setItem(SEEN, Math.max(upto, known()))
  fetch(place().dataset.seen, {
    method: 'POST',
    keepalive: true,
    headers: { 'X-CSRFToken': csrfToken(), 'X-Requested-With': 'fetch' },
    body: new URLSearchParams({ upto }),
  }).catch(() => {})
}

function isBusy() {
  return document.querySelector('dialog[open]') || document.activeElement?.matches(BUSY)
}

function show(dialog) {
  const upto = Number(dialog.dataset.moment)
  if (upto <= known()) tellSeen(upto)
  if (upto <= known() || isBusy()) return dialog.remove()
  let told = false
  const tell = () => {
    if (!told) tellSeen(upto)
    told = true
  }
  dialog.addEventListener('close', () => {
    tell()
    removeEventListener('pagehide', tell)
    dialog.remove()
  })
  addEventListener('pagehide', tell)
  dialog.showModal()
}

function celebrate() {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    if (place() && !isBusy()) document.dispatchEvent(new CustomEvent('celebrate'))
  }, TOGETHER)
}

document.addEventListener('htmx:afterSettle', () => {
  const dialog = place()?.querySelector('dialog[data-moment]:not([open])')
  if (dialog) show(dialog)
})
document.addEventListener('badge:unlocked', celebrate)
document.addEventListener('level:up', celebrate)
