// What can be done with selected words: a small bar above them, and a button at each heading.
import { quoted } from './passages.js'

const GAP = 8

export function watchSelection(article, bar, act) {
  const range = () => {
    const selection = getSelection()
    if (!selection?.rangeCount || selection.isCollapsed) return null
    const found = selection.getRangeAt(0)
    return article.contains(found.commonAncestorContainer) ? found : null
  }
  let timer

  function place(found) {
    const box = found.getBoundingClientRect()
    bar.hidden = false
    const { width, height } = bar.getBoundingClientRect()
    const left = Math.max(GAP, Math.min(box.left + (box.width - width) / 2, document.documentElement.clientWidth - width - GAP))
    const above = box.top - height - GAP
    const header = document.querySelector('.site-header')?.getBoundingClientRect().bottom ?? 0
    bar.style.setProperty('left', `${left + scrollX}px`)
    bar.style.setProperty('top', `${(above < header ? box.bottom + GAP : above) + scrollY}px`)
  }

  function look() {
    const found = range()
    if (found?.toString().trim()) place(found)
    else if (!bar.contains(document.activeElement)) bar.hidden = true
  }

  document.addEventListener('selectionchange', () => {
    clearTimeout(timer)
    timer = setTimeout(look, 150)
  })
  // the words stay selected while the bar is used
  bar.addEventListener('pointerdown', event => event.preventDefault())
  bar.addEventListener('click', ({ target }) => {
    const action = target.closest('[data-do]')?.dataset.do
    const found = range()
    const spot = action && found && quoted(article, found)
    if (!spot) return
    bar.hidden = true
    getSelection().removeAllRanges()
    act(action, spot)
  })
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') bar.hidden = true
  })
  return () => {
    const found = range()
    return found ? quoted(article, found) : null
  }
}

export function buttonsAtHeadings(article, act) {
  const model = document.querySelector('[data-heading-template]').content.firstElementChild
  for (const heading of article.querySelectorAll('h2[id], h3[id]')) {
    const button = model.cloneNode(true)
    const section = heading.textContent.trim()
    button.addEventListener('click', () => act({ section }))
    heading.append(button)
  }
}
