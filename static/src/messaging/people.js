// Choosing people: names appear while one types; whoever is chosen stands before the field.
let asking
let waiting

const picker = node => node.closest?.('[data-picker]')
const field = host => host.querySelector('[role=combobox]')
const list = host => host.querySelector('[role=listbox]')
const options = host => [...list(host).querySelectorAll('[role=option]')]
const chosen = host => list(host).querySelector('[aria-selected=true]')

function close(host) {
  clearTimeout(waiting)
  asking?.abort()
  list(host).hidden = true
  field(host).setAttribute('aria-expanded', 'false')
  field(host).removeAttribute('aria-activedescendant')
}

async function ask(host) {
  asking?.abort()
  asking = new AbortController()
  const url = new URL(host.dataset.people, location)
  url.searchParams.set('q', field(host).value)
  const answer = await fetch(url, { signal: asking.signal, headers: { 'X-Requested-With': 'fetch' } }).catch(() => null)
  if (!answer?.ok) return
  list(host).innerHTML = await answer.text()
  for (const option of options(host)) option.hidden = picked(host).includes(option.dataset.username)
  list(host).hidden = false
  field(host).setAttribute('aria-expanded', 'true')
  mark(host, options(host).find(option => !option.hidden))
}

const picked = host => [...host.querySelectorAll('[data-picked] input')].map(input => input.value)

function mark(host, option) {
  chosen(host)?.setAttribute('aria-selected', 'false')
  if (!option) return field(host).removeAttribute('aria-activedescendant')
  option.setAttribute('aria-selected', 'true')
  option.scrollIntoView({ block: 'nearest' })
  field(host).setAttribute('aria-activedescendant', option.id)
}

function step(host, by) {
  const all = options(host).filter(option => !option.hidden)
  if (all.length) mark(host, all[(all.indexOf(chosen(host)) + by + all.length) % all.length])
}

function take(host, option) {
  const chip = host.querySelector('[data-chip]').content.firstElementChild.cloneNode(true)
  chip.querySelector('input').value = option.dataset.username
  chip.querySelector('[data-face]').replaceWith(option.querySelector('[data-face]').firstElementChild.cloneNode(true))
  chip.querySelector('[data-name]').textContent = option.dataset.name
  const off = chip.querySelector('[data-unpick]')
  off.setAttribute('aria-label', off.dataset.label.replace('{name}', option.dataset.name))
  host.querySelector('[data-picked]').append(chip)
  field(host).value = ''
  close(host)
  field(host).focus()
  grouped()
}

// a name is for a group
export function grouped() {
  const title = document.querySelector('[data-group-title]')
  if (title) title.hidden = document.querySelectorAll('.talk-form [data-picked] input').length < 2 && !title.querySelector('input').value
}

document.addEventListener('input', ({ target }) => {
  const host = picker(target)
  if (!host || target !== field(host)) return
  clearTimeout(waiting)
  if (target.value.trim()) waiting = setTimeout(() => ask(host), 150)
  else close(host)
})
document.addEventListener('keydown', event => {
  const host = picker(event.target)
  if (!host || event.target !== field(host)) return
  const open = !list(host).hidden
  if (event.key === 'Escape' && open) {
    event.preventDefault()
    close(host)
  } else if (event.key === 'Enter' && (open || field(host).value)) {
    event.preventDefault()
    if (open && chosen(host)) take(host, chosen(host))
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    if (open) step(host, event.key === 'ArrowDown' ? 1 : -1)
    else if (field(host).value.trim()) ask(host)
  } else if (event.key === 'Backspace' && !event.target.value) {
    host.querySelector('[data-picked]').lastElementChild?.remove()
    grouped()
  }
})
document.addEventListener('click', ({ target }) => {
  const host = picker(target)
  const option = target.closest('[data-picker] [role=option]')
  if (option) take(host, option)
  const off = target.closest('[data-unpick]')
  if (off) {
    off.closest('li').remove()
    field(host).focus()
    grouped()
  }
})
document.addEventListener('focusout', ({ target, relatedTarget }) => {
  const host = picker(target)
  if (host && target === field(host) && !host.contains(relatedTarget)) close(host)
})
// pressing the mouse on the list must not take the focus from the field
document.addEventListener('mousedown', event => {
  if (event.target.closest('[data-picker] [role=listbox]')) event.preventDefault()
})
