// Keys: [data-key="j"] is clicked or focused by its key, unless somebody is typing or a dialog is open.
const typing = target => target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]')

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
  const within = document.querySelector('dialog[open]') ?? document
  const marked = [...within.querySelectorAll('[data-key]')].find(element => element.dataset.key === event.key)
  if (!marked) return
  event.preventDefault()
  if (marked.matches('input, textarea, select')) marked.focus()
  else marked.click()
})
