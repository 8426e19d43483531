// Discussions: words of the lesson that are asked about, and what others write while the page is open.
const box = () => document.querySelector('[data-discussion]')
const composer = () => box()?.querySelector('form[data-composer]')
const joined = new Set()
let words = ''

function show(form) {
  const passage = form.elements.passage.value
  form.querySelector('[data-passage]').hidden = !passage
  form.querySelector('[data-passage-words]').textContent = passage
}

// the words wait until the field is there: a discussion loads when it comes into view
function fill() {
  const form = composer()
  if (!form || !words) return
  form.elements.passage.value = words
  if (form.elements.is_question) form.elements.is_question.checked = true
  words = ''
  show(form)
  form.scrollIntoView({ block: 'center' })
  form.elements.content.focus({ preventScroll: true })
  form.dispatchEvent(new Event('input', { bubbles: true }))
}

document.addEventListener('lesson:ask', ({ detail }) => {
  words = detail.quote
  fill()
  if (words) (box() ?? document.querySelector('[data-discussion-place]'))?.scrollIntoView({ block: 'start' })
})

function join() {
  const { kind, id } = box()?.dataset ?? {}
  if (!kind || joined.has(`${kind}:${id}`) || !('signedIn' in document.body.dataset)) return
  joined.add(`${kind}:${id}`)
  window.edu.join(kind, Number(id))
}

// threads that others answered are read anew, unless somebody is writing in them
function refresh(ids) {
  for (const id of ids.split(',')) {
    const thread = document.getElementById(`thread-${id}`)
    if (!thread || thread.querySelector('form[data-replying]') || thread.querySelector('details[open]')) continue
    window.htmx.ajax('GET', thread.dataset.url, { target: thread, swap: 'outerHTML' })
  }
}

document.addEventListener('htmx:load', ({ target }) => {
  if (target.matches('[data-discussion]') || target.querySelector('[data-discussion]')) {
    join()
    fill()
  }
  if (target.dataset?.answered) refresh(target.dataset.answered)
  // a field that was asked for is ready to be written in
  if (target.matches('form[data-replying]')) target.querySelector('textarea').focus()
})
document.addEventListener('draft:restored', ({ target }) => {
  if (target.matches('[data-composer]')) show(target)
})

document.addEventListener('click', event => {
  const { target } = event
  if (target.closest('[data-passage-clear]')) {
    const form = target.closest('form')
    form.elements.passage.value = ''
    show(form)
    form.elements.content.focus()
  }
  const cancel = target.closest('[data-cancels]')
  if (cancel?.closest('[data-reply-place]')) {
    event.preventDefault()
    cancel.closest('form').remove()
  }
  // which list is shown
  const tab = target.closest('[data-show]')
  if (tab) for (const other of tab.parentElement.children) other.toggleAttribute('aria-current', other === tab)
  // the passage stands on this very page
  const passage = target.closest('[data-passage-of]')
  if (passage && document.querySelector('article.prose')) {
    const shown = new CustomEvent('lesson:show', { detail: { quote: passage.dataset.passageOf }, cancelable: true })
    if (!document.dispatchEvent(shown)) event.preventDefault()
  }
})

// the address of a comment names it
document.addEventListener('DOMContentLoaded', () => {
  const named = location.hash.startsWith('#comment-') && document.getElementById(location.hash.slice(1))
  if (named) named.focus()
})
