// Tags of a topic: a plain field of words with commas becomes chips; the field keeps what is sent.
const split = value => value.split(',').map(word => word.trim().replace(/^#/, '')).filter(Boolean)

function chips(host) {
  const kept = host.querySelector('input[type=hidden]')
  const typed = host.querySelector('[data-tag-typed]')
  const list = host.querySelector('[data-tag-chips]')
  const most = Number(host.dataset.most)
  const all = () => split(kept.value)

  function show() {
    list.replaceChildren(...all().map(tag => {
      const chip = host.querySelector('template').content.firstElementChild.cloneNode(true)
      chip.querySelector('[data-tag-name]').textContent = tag
      chip.querySelector('button').setAttribute('aria-label', `${host.dataset.remove} ${tag}`)
      chip.querySelector('button').addEventListener('click', () => {
        set(all().filter(each => each !== tag))
        typed.focus()
      })
      return chip
    }))
    typed.hidden = all().length >= most
  }
  function set(tags) {
    kept.value = [...new Set(tags.map(each => each.toLowerCase()))].slice(0, most).join(', ')
    show()
    kept.dispatchEvent(new Event('input', { bubbles: true }))
  }
  function take() {
    const more = split(typed.value)
    typed.value = ''
    if (more.length) set([...all(), ...more])
  }
  typed.addEventListener('keydown', event => {
    if (event.key === 'Enter' && typed.value.trim() && !event.isComposing) {
      event.preventDefault()
      take()
    } else if (event.key === 'Backspace' && !typed.value) set(all().slice(0, -1))
  })
  typed.addEventListener('input', () => { if (typed.value.includes(',')) take() })
  typed.addEventListener('change', take)
  host.closest('form').addEventListener('draft:restored', show)
  show()
}

function begin(host) {
  const field = host.querySelector('input')
  const kept = Object.assign(document.createElement('input'), { type: 'hidden', name: field.name, value: field.value })
  host.append(kept)
  field.removeAttribute('name')
  field.value = ''
  field.setAttribute('data-tag-typed', '')
  chips(host)
}

document.addEventListener('htmx:load', ({ target }) => {
  for (const host of target.querySelectorAll('[data-tags]:not([data-ready])')) {
    host.dataset.ready = ''
    begin(host)
  }
})
