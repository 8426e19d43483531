// Forms: the token of pages that carry none, busy buttons, reveal, counters, copy.
import { csrfToken } from './csrf.js'
import { toast } from './toasts.js'

function addToken(form) {
  if (form.method !== 'post' || new URL(form.action).origin !== location.origin) return
  let field = form.elements.csrfmiddlewaretoken
  if (!field) {
    field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'csrfmiddlewaretoken', value: csrfToken() })
    form.append(field)
  }
}

function busy(button) {
  if (!button?.matches('.btn')) return
  button.setAttribute('aria-busy', 'true')
}

const idle = button => button.removeAttribute('aria-busy')

// Without a connection a form stays on the page with all that is in it; only signing out goes its way.
const isLost = form => !navigator.onLine && form.method === 'post' && !form.action.endsWith('/accounts/logout/')

function keepTyped(event) {
  event.preventDefault()
  toast({ text: document.getElementById('toasts').dataset.offline, level: 'bad' })
}

document.addEventListener('submit', event => {
  const form = event.target
  const waiting = form.querySelector('button[aria-busy=true]')
  if (waiting) return event.preventDefault()
  if (event.defaultPrevented) return
  if (isLost(form)) return keepTyped(event)
  addToken(form)
  busy(event.submitter)
})
document.addEventListener('htmx:beforeRequest', ({ detail }) => busy(detail.requestConfig.triggeringEvent?.submitter ?? detail.elt))
document.addEventListener('htmx:afterRequest', () => document.querySelectorAll('[aria-busy=true].btn').forEach(idle))
// a page that comes back from the browser's memory must not look busy
addEventListener('pageshow', ({ persisted }) => { if (persisted) document.querySelectorAll('[aria-busy=true].btn').forEach(idle) })

// a form that came back begins where it is wrong, as a part does that htmx has put in
export function goToMistake(within) {
  const first = within.querySelector?.('form :is([aria-invalid=true], .note-bad[role=alert])')
  if (!first) return
  if (first.matches('fieldset')) return first.querySelector('input, select, textarea')?.focus()
  if (first.matches('.note-bad')) first.tabIndex = -1
  first.focus()
}
document.addEventListener('DOMContentLoaded', () => goToMistake(document))

function reveal(button) {
  const input = button.closest('.reveal').querySelector('input')
  const shown = input.type === 'password'
  input.type = shown ? 'text' : 'password'
  button.setAttribute('aria-pressed', shown)
}

async function copy(button) {
  const source = button.dataset.copy === 'code' ? button.closest('.code').querySelector('pre') : document.querySelector(button.dataset.copy)
  await navigator.clipboard.writeText(source.value ?? source.textContent)
  toast(document.getElementById('toasts').dataset.copied)
}

document.addEventListener('click', ({ target }) => {
  const eye = target.closest('[data-reveal]')
  if (eye) reveal(eye)
  const copier = target.closest('[data-copy]')
  if (copier) copy(copier)
})
document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-submits]')) target.form.requestSubmit()
})
document.addEventListener('input', ({ target }) => {
  const counter = target.closest('.field')?.querySelector('[data-count]')
  if (counter) counter.textContent = target.maxLength - target.value.length
})
