// Beside the lesson: own notes, and the tutor.
import { Notes } from './notes.js'
import { find, show } from './passages.js'
import { buttonsAtHeadings, watchSelection } from './toolbar.js'
import { Tutor } from './tutor.js'

function makeCard({ quote }) {
  const form = document.querySelector('[data-passage-card]')
  form.elements.back.value = quote
  form.elements.front.value = ''
  window.edu.openDialog('passage-card-dialog')
  form.elements.front.focus()
}

// The address of another lesson's page named a passage of this one.
function arrive(article) {
  const range = article.dataset.passage && find(article, article.dataset.passage)
  if (range) show(range)
}

document.addEventListener('DOMContentLoaded', () => {
  const section = document.querySelector('[data-notes]')
  const article = document.querySelector('article.prose')
  const drawer = document.querySelector('[data-tutor]')
  if (article) arrive(article)
  // whoever shows words of the lesson elsewhere on its page leads back to them
  if (article) document.addEventListener('lesson:show', event => {
    const range = find(article, event.detail.quote)
    if (range) {
      event.preventDefault()
      show(range)
    }
  })
  if (drawer && article) new Tutor(drawer, article)
  if (!section || !article) return
  const notes = new Notes(section, article)
  const ask = spot => document.dispatchEvent(new CustomEvent('lesson:ask', { detail: spot }))
  const acts = { ask, note: spot => notes.add(spot), bookmark: spot => notes.bookmark(spot), card: makeCard }
  notes.selected = watchSelection(article, document.querySelector('[data-passage-bar]'), (action, spot) => acts[action](spot))
  buttonsAtHeadings(article, spot => notes.add(spot))
  for (const opener of document.querySelectorAll('[data-notes-open]')) {
    opener.addEventListener('click', event => {
      event.preventDefault()
      notes.open()
    })
  }
})
