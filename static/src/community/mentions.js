// @ in a field for Markdown opens a list of people: arrows choose, Enter or Tab takes, Escape closes.
import { put } from '../courses/tools.js'

const TYPED = /(?:^|[\s(>*_])@([\p{L}\p{N}_.-]{0,30})$/u
const WAIT = 120

let field
let asking
let timer

const list = () => field?.closest('[data-writing]')?.querySelector('[data-people-list]')
const said = () => field.closest('[data-writing]').querySelector('[data-people-said]')
const options = () => [...(list()?.querySelectorAll('[role=option]') ?? [])]
const chosen = () => list()?.querySelector('[aria-selected=true]')
const isOpen = () => list() && !list().hidden

function close() {
  clearTimeout(timer)
  asking?.abort()
  if (!list()) return
  list().hidden = true
  field.removeAttribute('aria-activedescendant')
  said().textContent = ''
}

function choose(option) {
  chosen()?.setAttribute('aria-selected', 'false')
  option.setAttribute('aria-selected', 'true')
  option.scrollIntoView({ block: 'nearest' })
  field.setAttribute('aria-activedescendant', option.id)
}

function typed() {
  if (!field || field.selectionStart !== field.selectionEnd) return null
  return field.value.slice(0, field.selectionStart).match(TYPED)?.[1] ?? null
}

async function ask(words) {
  asking?.abort()
  asking = new AbortController()
  const asker = field
  const url = new URL(field.closest('[data-writing]').dataset.people, location)
  url.searchParams.set('q', words)
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { 'X-Requested-With': 'fetch' } })
    if (!answer.ok || document.activeElement !== asker) return close()
    list().innerHTML = await answer.text()
    const line = list().querySelector('[data-said]')
    said().textContent = line?.textContent ?? ''
    line?.remove()
    list().hidden = !options().length
    // above the field where there is no room below
    list().toggleAttribute('data-up', field.getBoundingClientRect().bottom + list().offsetHeight + 80 > innerHeight)
    if (options().length) choose(options()[0])
    else field.removeAttribute('aria-activedescendant')
  } catch (error) {
    if (error.name !== 'AbortError') close()
  }
}

function take(option) {
  const at = field.selectionStart
  const words = typed()
  if (words === null) return close()
  put(field, at - words.length, at, `${option.dataset.username} `)
  close()
}

document.addEventListener('input', ({ target }) => {
  if (!target.matches('[data-writing] textarea')) return
  field = target
  const words = typed()
  clearTimeout(timer)
  if (words === null) close()
  else timer = setTimeout(() => ask(words), WAIT)
})

// before the keys of lists and of sending
document.addEventListener('keydown', event => {
  if (event.target !== field || !isOpen()) return
  const all = options()
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length])
  else if (event.key === 'Enter' || event.key === 'Tab') take(chosen())
  else if (event.key === 'Escape') close()
  else return
  event.preventDefault()
  event.stopPropagation()
}, true)
document.addEventListener('mousedown', event => {
  const option = event.target.closest('[data-people-list] [role=option]')
  if (!option) return
  event.preventDefault()
  take(option)
})
document.addEventListener('focusout', ({ target }) => { if (target === field) close() })
