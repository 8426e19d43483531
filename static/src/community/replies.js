// A topic that is open: told of new replies, an answer to one of them, addresses of posts.
const topic = () => document.querySelector('[data-topic]')

document.addEventListener('DOMContentLoaded', () => {
  if (!topic()) return
  if ('signedIn' in document.body.dataset) window.edu.join('topic', Number(topic().dataset.topic))
  // #post-12 is on the page that the server knows
  const number = location.hash.match(/^#post-(\d+)$/)?.[1]
  if (number && !document.getElementById(`post-${number}`) && new URLSearchParams(location.search).get('post') !== number) {
    location.replace(`${location.pathname}?post=${number}${location.hash}`)
  }
})

// ── Answering somebody ──
function selected(post) {
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed || !post) return ''
  const range = selection.getRangeAt(0)
  return post.querySelector('[data-words]')?.contains(range.commonAncestorContainer) ? selection.toString().trim() : ''
}

function quoted(words) {
  return words.split('\n').map(line => `> ${line}`.trimEnd()).join('\n')
}

function address(form, number, name) {
  form.elements.reply_to.value = number ?? ''
  const line = form.querySelector('[data-replying]')
  line.hidden = !number
  if (!number) return
  line.querySelector('[data-replying-to]').textContent = `#${number} ${name}`.trim()
  line.querySelector('[data-replying-to]').href = `#post-${number}`
}

document.addEventListener('click', event => {
  const { target } = event
  const form = document.getElementById('reply')
  const link = target.closest('[data-replies-to]')
  if (link && form?.matches('form')) {
    event.preventDefault()
    const text = form.querySelector('textarea')
    const words = selected(link.closest('.post'))
    const { repliesTo, name, quote } = link.dataset
    if (repliesTo) address(form, repliesTo, name)
    const cited = words || (quote !== undefined ? link.closest('.post').querySelector('[data-words]').innerText.trim() : '')
    if (cited) {
      const before = text.value.trimEnd()
      text.setRangeText(`${before ? `${before}\n\n` : ''}${quoted(cited)}\n\n`, 0, text.value.length, 'end')
      text.dispatchEvent(new Event('input', { bubbles: true }))
    }
    text.focus()
    text.setSelectionRange(text.value.length, text.value.length)
    form.scrollIntoView({ block: 'nearest' })
  }
  if (target.closest('[data-replies-to-nobody]') && form) {
    event.preventDefault()
    address(form, null)
    form.querySelector('textarea').focus()
  }
})
document.addEventListener('draft:restored', ({ target }) => {
  const number = target.elements.reply_to?.value
  if (number) address(target, number, document.getElementById(`post-${number}`)?.dataset.author ?? '')
})

// ── What was brought in ──
// the keyboard goes on at the first of the new replies
document.addEventListener('htmx:load', ({ target }) => {
  if (target.matches('.post[data-fresh]')) target.querySelector('.post-number')?.focus({ preventScroll: false })
})
