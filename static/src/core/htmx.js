// htmx with our form token, and a word to the reader when a request fails.
import htmx from 'htmx.org'
import { csrfToken } from './csrf.js'
import { goToMistake } from './forms.js'
import { toast } from './toasts.js'

window.htmx = htmx

document.addEventListener('htmx:configRequest', event => {
  if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = csrfToken()
})

// a refused rule comes as a toast (HX-Retarget) with the status of the refusal
document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  if (detail.xhr.getResponseHeader('HX-Retarget')) detail.shouldSwap = true
})

// A part that comes in above pushes away what a keyboard is at: it is brought back into the window.
const isInside = ({ top, bottom }) => bottom > 0 && top < innerHeight
let seen = null
document.addEventListener('htmx:beforeSwap', () => {
  const now = document.activeElement
  if (now?.matches(':focus-visible') && isInside(now.getBoundingClientRect())) seen = now
})
document.addEventListener('htmx:afterSettle', () => {
  if (seen && seen === document.activeElement && !isInside(seen.getBoundingClientRect())) seen.scrollIntoView({ block: 'center' })
  seen = null
})

const says = name => document.getElementById('toasts')?.dataset[name]

// a kept page asks for its parts in vain: that it is one stands at its top
const isUnasked = event => document.documentElement.dataset.kept && !event?.isTrusted
document.addEventListener('htmx:sendError', ({ detail }) => {
  if (!isUnasked(detail.requestConfig.triggeringEvent)) toast({ text: says('offline'), level: 'bad' })
})
document.addEventListener('htmx:responseError', ({ detail: { xhr } }) => {
  const told = xhr.getResponseHeader('HX-Retarget') || xhr.getResponseHeader('HX-Trigger')?.includes('toast')
  if (!told) toast({ text: says('failed'), level: 'bad' })
})

// The new page's focus goes to what the server marked, so that a keyboard isn't thrown back to the top.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  const asked = detail.elt.querySelector?.('[autofocus]')
  if (asked) asked.focus()
  else goToMistake(detail.elt)
})
