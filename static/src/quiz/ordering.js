// Putting items in order: buttons, or dragging. The places chosen are what the form sends.
const rowsOf = list => [...list.querySelectorAll('[data-row]')]

function number(list) {
  const rows = rowsOf(list)
  rows.forEach((row, index) => {
    row.querySelector('[data-place]').value = index + 1
    row.querySelector('[data-up]').disabled = index === 0
    row.querySelector('[data-down]').disabled = index === rows.length - 1
  })
}

function told(list) {
  number(list)
  list.querySelector('[data-place]').dispatchEvent(new Event('input', { bubbles: true }))
}

function nudge(button) {
  const row = button.closest('[data-row]')
  const list = row.parentElement
  if (button.matches('[data-up]')) row.previousElementSibling?.before(row)
  else row.nextElementSibling?.after(row)
  told(list)
  // at an end the pressed button sleeps: the other one goes on
  const next = button.disabled ? row.querySelector('[data-up]:enabled, [data-down]:enabled') : button
  next?.focus()
}

function dragging(list) {
  let held
  list.addEventListener('dragstart', event => {
    held = event.target.closest('[data-row]')
    event.dataTransfer.effectAllowed = 'move'
    held.classList.add('is-moving')
  })
  list.addEventListener('dragover', event => {
    const over = event.target.closest('[data-row]')
    if (!held || !over) return
    event.preventDefault()
    if (over === held) return
    const box = over.getBoundingClientRect()
    if (event.clientY > box.top + box.height / 2) over.after(held)
    else over.before(held)
  })
  list.addEventListener('dragend', () => {
    held?.classList.remove('is-moving')
    held = null
    told(list)
  })
}

export function watchOrder(form) {
  for (const list of form.querySelectorAll('[data-ordering]')) {
    number(list)
    for (const row of rowsOf(list)) row.draggable = true
    dragging(list)
  }
  form.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-up], [data-down]')
    if (button) nudge(button)
  })
}
