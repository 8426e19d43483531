// What is written but not sent stays in this browser: a form with data-draft="name" finds it again.
const KEEP_AFTER = 300
const AGE = 30 * 24 * 3600 * 1000
const prefix = () => `edu.draft.${document.body.dataset.signedIn}.`
const timers = new WeakMap()
// what the page says of itself isn't anybody's words; whom a reply is for belongs to them
const OF_PAGE = ['csrfmiddlewaretoken', 'category', 'after', 'at', 'is_page']
const fields = form => [...form.elements].filter(each => each.name && !OF_PAGE.includes(each.name) && !['submit', 'checkbox'].includes(each.type))

function read(form) {
  try { return JSON.parse(localStorage.getItem(prefix() + form.dataset.draft)) } catch { return null }
}

function say(form, state) {
  const line = form.querySelector('[data-draft-line]')
  if (line) line.textContent = state ? line.dataset[state] : ''
}

function keep(form) {
  const words = Object.fromEntries(fields(form).map(each => [each.name, each.value]))
  const empty = !Object.entries(words).some(([name, value]) => name !== 'reply_to' && value.trim())
  try {
    if (empty) localStorage.removeItem(prefix() + form.dataset.draft)
    else localStorage.setItem(prefix() + form.dataset.draft, JSON.stringify({ words, at: Date.now() }))
    say(form, empty ? '' : 'kept')
  } catch { /* storage is forbidden */ }
}

export function forget(form) {
  clearTimeout(timers.get(form))
  try { localStorage.removeItem(prefix() + form.dataset.draft) } catch { /* storage is forbidden */ }
  say(form, '')
}

function restore(form) {
  const kept = read(form)
  if (!kept) return
  if (Date.now() - kept.at > AGE) return forget(form)
  // what the server sent back, or a quote that was asked for, isn't written over
  if (fields(form).some(each => each.type !== 'hidden' && each.value.trim())) return
  for (const each of fields(form)) if (kept.words[each.name] !== undefined) each.value = kept.words[each.name]
  form.dispatchEvent(new CustomEvent('draft:restored', { bubbles: true }))
  say(form, 'restored')
}

document.addEventListener('input', ({ target }) => {
  const form = target.closest('form[data-draft]')
  if (!form) return
  clearTimeout(timers.get(form))
  timers.set(form, setTimeout(() => keep(form), KEEP_AFTER))
})
addEventListener('pagehide', () => document.querySelectorAll('form[data-draft]').forEach(form => {
  if (timers.has(form) && fields(form).some(each => each.type !== 'hidden' && each.value.trim())) keep(form)
}))
document.addEventListener('htmx:load', ({ target }) => {
  const forms = [...target.querySelectorAll('form[data-draft]')]
  if (target.matches('form[data-draft]')) forms.push(target)
  forms.forEach(restore)
})
// sent, and taken: before the answer is swapped in
document.addEventListener('htmx:beforeOnLoad', ({ detail: { elt, xhr } }) => {
  if (elt.matches('form[data-draft]') && xhr.status >= 200 && xhr.status < 300) {
    forget(elt)
    timers.delete(elt)
  }
})
