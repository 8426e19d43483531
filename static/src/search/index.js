// The catalogue: suggestions under the search field, filters that move into the sheet on a phone.
import { csrfToken } from '../core/csrf.js'

const field = () => document.querySelector('[data-suggests]')
const list = () => document.getElementById('suggestions')
const options = () => [...list().querySelectorAll('[role=option]')]
const chosen = () => list().querySelector('[aria-selected=true]')
const isOpen = () => !list().hidden

let asking
let waiting

function close() {
  clearTimeout(waiting)
  asking?.abort()
  if (!list()) return
  list().hidden = true
  field().setAttribute('aria-expanded', 'false')
  field().removeAttribute('aria-activedescendant')
}

async function ask() {
  const input = field()
  asking?.abort()
  asking = new AbortController()
  const url = new URL(input.dataset.suggests, location)
  url.searchParams.set('q', input.value)
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { 'X-Requested-With': 'fetch' } })
    if (answer.ok) show(await answer.text())
  } catch (error) {
    if (error.name !== 'AbortError') close()
  }
}

function show(html) {
  if (document.activeElement !== field()) return
  list().innerHTML = html
  const said = list().querySelector('[data-said]')
  document.getElementById('suggestions-said').textContent = said?.textContent ?? ''
  said?.remove()
  const some = options().length > 0
  list().hidden = !some
  field().setAttribute('aria-expanded', some)
  field().removeAttribute('aria-activedescendant')
}

function choose(option) {
  chosen()?.setAttribute('aria-selected', 'false')
  option?.setAttribute('aria-selected', 'true')
  option?.scrollIntoView({ block: 'nearest' })
  if (option) field().setAttribute('aria-activedescendant', option.id)
  else field().removeAttribute('aria-activedescendant')
}

function step(by) {
  const all = options()
  const at = all.indexOf(chosen())
  // one place more than there are options: the field itself
  const next = (at + 1 + by + all.length + 1) % (all.length + 1)
  choose(all[next - 1])
}

function take(option) {
  if (option.dataset.fills === undefined) return location.assign(option.href)
  field().value = option.dataset.fills
  close()
  field().form.requestSubmit()
}

document.addEventListener('input', ({ target }) => {
  if (target !== field()) return
  clearTimeout(waiting)
  if (target.value.trim()) waiting = setTimeout(ask, 120)
  else close()
})
document.addEventListener('keydown', event => {
  if (event.target !== field()) return
  if (event.key === 'Escape' && isOpen()) {
    event.preventDefault()
    close()
  } else if (event.key === 'Enter') {
    if (isOpen() && chosen()) {
      event.preventDefault()
      take(chosen())
    } else close()
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    if (isOpen()) step(event.key === 'ArrowDown' ? 1 : -1)
    else if (field().value.trim()) ask()
  }
})
document.addEventListener('click', event => {
  const option = event.target.closest('#suggestions [data-fills]')
  if (option && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    take(option)
  } else if (!event.target.closest('.suggest-host')) close()
})
document.addEventListener('focusout', ({ target, relatedTarget }) => {
  if (target === field() && !relatedTarget?.closest('.suggest-host')) close()
})
// pressing the mouse on the list must not take the focus from the field
document.addEventListener('mousedown', event => {
  if (event.target.closest('#suggestions')) event.preventDefault()
})

// ── Filters ──
// There is one set of them: it goes into the sheet while that is open, and home again.
document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-moves=facets]')) document.querySelector('#filters .sheet-body').append(document.getElementById('facets'))
})
document.addEventListener('close', ({ target }) => {
  if (target.id === 'filters') document.getElementById('facets-home').append(document.getElementById('facets'))
}, true)

// what the reader folded stays folded when new counts arrive
let folds = {}
document.addEventListener('htmx:beforeSwap', () => {
  folds = Object.fromEntries([...document.querySelectorAll('#facets details')].map(part => [part.id, part.open]))
})
document.addEventListener('htmx:oobAfterSwap', () => {
  for (const [id, open] of Object.entries(folds)) {
    const part = document.getElementById(id)
    if (part) part.open = open
  }
})
// a page of the history shows the words of its address
document.addEventListener('htmx:historyRestore', () => {
  if (field()) field().value = new URLSearchParams(location.search).get('q') ?? ''
})

// ── What was searched for ──
// Told once the search is meant: sent, opened by its address, or answered by a click on a course.
let told = ''
function tell() {
  const input = field()
  const text = input?.value.trim()
  if (!input?.dataset.remembers || !text || text === told) return
  told = text
  const body = new URLSearchParams({ q: text })
  fetch(input.dataset.remembers, { method: 'POST', body, keepalive: true, headers: { 'X-CSRFToken': csrfToken() } })
}
document.addEventListener('submit', ({ target }) => { if (target === field()?.form) tell() })
document.addEventListener('click', ({ target }) => { if (target.closest('#results h3 a')) tell() })
tell()
