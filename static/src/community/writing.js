// A field for Markdown: its toolbar, the keys of a list, and a preview that the server makes.
// What needs scripts is hidden in the page until this one is there.
import { continueList, put, toolOf, tools } from '../courses/tools.js'

const host = node => node.closest?.('[data-writing]')
export const fieldOf = writing => writing.querySelector('textarea')

function quote(text) {
  const { selectionStart: from, selectionEnd: to, value } = text
  const lead = !from || value[from - 1] === '\n' ? '' : '\n'
  const words = value.slice(from, to).split('\n').map(line => `> ${line}`).join('\n')
  put(text, from, to, lead + words, [lead.length + words.length, lead.length + words.length])
}

function use(name, writing) {
  const text = fieldOf(writing)
  if (name === 'quote') quote(text)
  else tools[name](text, writing.dataset)
}

async function preview(writing, button) {
  const text = fieldOf(writing)
  const pane = writing.querySelector('[data-preview-pane]')
  const on = button.getAttribute('aria-pressed') !== 'true'
  const set = () => {
    button.setAttribute('aria-pressed', on)
    pane.hidden = !on
    text.hidden = on
    for (const tool of writing.querySelectorAll('[data-tool]')) tool.disabled = on
  }
  if (!on) {
    set()
    return text.focus()
  }
  const body = new URLSearchParams({ content: text.value })
  try {
    const answer = await fetch(writing.dataset.preview, { method: 'POST', body, headers: { 'X-CSRFToken': window.edu.csrfToken() } })
    if (!answer.ok) throw new Error(answer.status)
    pane.innerHTML = await answer.text()
    set()
  } catch {
    window.edu.toast({ text: document.getElementById('toasts').dataset.failed, level: 'bad' })
  }
}

document.addEventListener('click', ({ target }) => {
  const writing = host(target)
  if (!writing) return
  const tool = target.closest('[data-tool]')
  if (tool) use(tool.dataset.tool, writing)
  const button = target.closest('[data-preview-button]')
  if (button) preview(writing, button)
})

document.addEventListener('keydown', event => {
  const { target } = event
  const writing = host(target)
  if (!writing || target !== fieldOf(writing) || event.defaultPrevented) return
  const name = toolOf(event)
  if (name) {
    event.preventDefault()
    use(name, writing)
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    target.form.requestSubmit(target.form.querySelector('[type=submit]:not([formaction])'))
  } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && continueList(target)) {
    event.preventDefault()
  }
})

document.addEventListener('htmx:load', ({ target }) => {
  for (const part of target.querySelectorAll('[data-needs-scripts]')) part.hidden = false
})
