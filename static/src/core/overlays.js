// Menus, dialogs, sheets and tabs by data attributes, so that they also work in what htmx brings.
const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea'
const menuOf = node => node.closest('[data-menu]')
const buttonOf = menu => menu.querySelector('[aria-expanded]')
const panelOf = menu => menu.querySelector('[data-menu-panel]')
const isOpen = menu => buttonOf(menu).getAttribute('aria-expanded') === 'true'

function setMenu(menu, open) {
  buttonOf(menu).setAttribute('aria-expanded', open)
  panelOf(menu).hidden = !open
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll('[data-menu]')) if (menu !== except && isOpen(menu)) setMenu(menu, false)
}

function moveIn(list, step, from) {
  const items = [...list].filter(item => item.offsetParent)
  const next = { Home: 0, End: items.length - 1 }[step] ?? (items.indexOf(from) + step + items.length) % items.length
  items[next]?.focus()
  return items[next]
}

function menuKey(event, menu) {
  const items = panelOf(menu).querySelectorAll(FOCUSABLE)
  if (event.key === 'Escape' && isOpen(menu)) {
    setMenu(menu, false)
    buttonOf(menu).focus()
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    setMenu(menu, true)
    moveIn(items, event.key === 'ArrowDown' ? 1 : -1, document.activeElement)
  } else if (isOpen(menu) && (event.key === 'Home' || event.key === 'End') && !event.target.matches('input, textarea')) {
    event.preventDefault()
    moveIn(items, event.key, document.activeElement)
  }
}

function tabKey(event, tab) {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: 'Home', End: 'End' }[event.key]
  if (!step) return
  event.preventDefault()
  moveIn(tab.closest('[role=tablist]').querySelectorAll('[role=tab]'), step, tab)?.click()
}

function chooseTab(tab) {
  for (const other of tab.closest('[role=tablist]').querySelectorAll('[role=tab]')) {
    const chosen = other === tab
    other.setAttribute('aria-selected', chosen)
    other.tabIndex = chosen ? 0 : -1
    const panel = document.getElementById(other.getAttribute('aria-controls'))
    if (panel) panel.hidden = !chosen
  }
}

export function openDialog(id) {
  const dialog = document.getElementById(id)
  if (dialog && !dialog.open) dialog.showModal()
}

document.addEventListener('click', event => {
  const { target } = event
  const menu = menuOf(target)
  closeMenus(menu)
  if (menu && target.closest('[aria-expanded]') === buttonOf(menu)) setMenu(menu, !isOpen(menu))
  else if (menu && target.closest('a, button:not([data-theme-set])')) setMenu(menu, false)

  const opener = target.closest('[data-open]')
  if (opener) openDialog(opener.dataset.open)
  if (target.closest('[data-close]')) target.closest('dialog')?.close()
  // a click on the backdrop arrives at the dialog itself
  if (target.matches('dialog.dialog, dialog.sheet') && !inside(event, target)) target.close()

  const tab = target.closest('[role=tab]')
  if (tab) chooseTab(tab)
})

function inside({ clientX, clientY }, element) {
  const box = element.getBoundingClientRect()
  return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom
}

document.addEventListener('keydown', event => {
  const menu = menuOf(event.target)
  if (menu) menuKey(event, menu)
  const tab = event.target.closest('[role=tab]')
  if (tab) tabKey(event, tab)
})
document.addEventListener('focusin', ({ target }) => closeMenus(menuOf(target)))

// The server opens what it sends with HX-Trigger: {"dialog:open": "id"}, and closes the open one with "dialog:close".
document.addEventListener('dialog:open', ({ detail }) => openDialog(detail.value))
document.addEventListener('dialog:close', () => document.querySelector('dialog[open]')?.close())

// A row of tabs that is wider than the phone shows the current one.
document.addEventListener('DOMContentLoaded', () => {
  for (const tab of document.querySelectorAll('.tabline [aria-current]')) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' })
})
