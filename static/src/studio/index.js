// Writing questions: rows grow as they are needed, an abandoned form goes without a new page.
const RIGHT = 'input[name=right]'

function addRow(button) {
  const rows = button.closest('fieldset').querySelector('[data-rows]')
  const all = rows.querySelectorAll('[data-form-row]')
  const row = all[all.length - 1].cloneNode(true)
  const number = all.length + 1
  row.querySelector('.error')?.remove()
  for (const input of row.querySelectorAll('input')) {
    input.removeAttribute('aria-invalid')
    input.removeAttribute('aria-describedby')
    input.ariaLabel = input.ariaLabel?.replace(/\d+/, number)
    if (input.matches(RIGHT)) Object.assign(input, { checked: false, value: all.length })
    else input.value = ''
  }
  const shown = row.querySelector('.num')
  if (shown) shown.textContent = number
  rows.append(row)
  row.querySelector('.input').focus()
  button.hidden = number >= Number(rows.dataset.most)
}

document.addEventListener('click', event => {
  const more = event.target.closest('[data-add-row]')
  if (more) addRow(more)
  const place = event.target.closest('[data-gives-up]')?.closest('#new-question')
  if (place) {
    event.preventDefault()
    place.replaceChildren()
  }
})
