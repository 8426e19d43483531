// The order of modules and lessons: by dragging, by Alt and the arrows, and by the menus.

const ITEM = '[data-lesson], [data-module]'
const childrenOf = list => [...list.children].filter(child => child.matches(ITEM))

export const outline = () => ({
  said: '',

  // ── Dragging ──────────────────────────────────────────────────────────────────────────────────
  start(event) {
    this.moving = event.target.closest(ITEM)
    this.before = this.order()
    this.moving.classList.add('is-moving')
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', '')
  },
  over(event) {
    if (!this.moving) return
    event.preventDefault()
    const isLesson = this.moving.matches('[data-lesson]')
    const target = event.target.closest(isLesson ? ITEM : '[data-module]')
    if (!target || target === this.moving) return
    if (isLesson && target.matches('[data-module]')) {
      const list = target.querySelector('[data-lessons]')
      if (!event.target.closest('[data-lesson]') && this.moving.parentElement !== list) list.append(this.moving)
      return
    }
    const { top, height } = target.getBoundingClientRect()
    target[event.clientY < top + height / 2 ? 'before' : 'after'](this.moving)
  },
  drop(event) {
    if (this.moving) event.preventDefault()
  },
  end() {
    if (!this.moving) return
    this.moving.classList.remove('is-moving')
    const moved = this.moving
    this.moving = null
    if (this.order() !== this.before) this.send(moved)
  },

  // ── Keys and menus ────────────────────────────────────────────────────────────────────────────
  keys(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    const handle = event.target.closest('[data-handle]')
    if (!step || !event.altKey || !handle) return
    event.preventDefault()
    this.move(handle.closest(ITEM), step)
    handle.focus()
  },
  nudge({ target }) {
    const button = target.closest('[data-move]')
    if (!button) return
    const item = button.closest(ITEM)
    this.move(item, Number(button.dataset.move))
    item.querySelector('[data-handle]').focus()
  },
  ask(event) {
    const question = event.target.dataset.ask
    if (question && !window.confirm(question)) event.preventDefault()
  },
  move(item, step) {
    const before = this.order()
    const next = step < 0 ? item.previousElementSibling : item.nextElementSibling
    if (next) next[step < 0 ? 'before' : 'after'](item)
    else if (item.matches('[data-lesson]')) this.moveToNeighbour(item, step)
    if (this.order() !== before) this.send(item)
  },
  moveToNeighbour(lesson, step) {
    const module = lesson.closest('[data-module]')
    const neighbour = step < 0 ? module.previousElementSibling : module.nextElementSibling
    neighbour?.querySelector('[data-lessons]')[step < 0 ? 'append' : 'prepend'](lesson)
  },

  // ── Telling ───────────────────────────────────────────────────────────────────────────────────
  order() {
    const modules = childrenOf(this.$root.querySelector('[data-modules]')).map(module => ({
      id: Number(module.dataset.module),
      lessons: childrenOf(module.querySelector('[data-lessons]')).map(lesson => Number(lesson.dataset.lesson)),
    }))
    return JSON.stringify({ modules })
  },
  async send(moved) {
    this.number()
    this.tell(moved)
    const { order, failed } = this.$root.dataset
    try {
      const response = await fetch(order, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': window.edu.csrfToken() },
        body: this.order(),
      })
      if (response.ok) return
    } catch { /* told below */ }
    window.edu.toast({ text: failed, level: 'bad' })
    setTimeout(() => location.reload(), 1500)
  },
  number() {
    this.$root.querySelectorAll('[data-number]').forEach((place, index) => { place.textContent = index + 1 })
  },
  tell(item) {
    const all = childrenOf(item.parentElement)
    this.said = this.$root.dataset.said
      .replace('{title}', item.querySelector('[data-title]').textContent)
      .replace('{place}', all.indexOf(item) + 1)
      .replace('{count}', all.length)
  },
})
