// Menus of posts are <details>, so that they open without scripts; here they close as menus do.
const open = () => document.querySelector('details.menu-host[open]')

document.addEventListener('click', ({ target }) => {
  const menu = open()
  if (menu && (!menu.contains(target) || target.closest('.menu-card a, .menu-card button'))) menu.open = false
})
document.addEventListener('focusin', ({ target }) => {
  const menu = open()
  if (menu && !menu.contains(target)) menu.open = false
})
document.addEventListener('keydown', event => {
  const menu = event.target.closest?.('details.menu-host')
  if (!menu) return
  if (event.key === 'Escape' && menu.open) {
    menu.open = false
    menu.querySelector('summary').focus()
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    menu.open = true
    const items = [...menu.querySelectorAll('.menu-card a, .menu-card button')]
    const at = items.indexOf(document.activeElement)
    items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus()
  }
})
