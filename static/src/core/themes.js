// The theme: paper, ink or the system's. [data-theme-toggle] turns it, [data-theme-set] chooses it.
const root = document.documentElement
const chosen = () => root.dataset.theme ?? 'system'
const dark = () => chosen() === 'ink' || (chosen() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)

const metas = [...document.querySelectorAll('meta[name=theme-color]')]
const colours = metas.map(meta => meta.content) // light, dark: the colour of the window around the page

function colour() {
  const only = { paper: colours[0], ink: colours[1] }[chosen()]
  for (const [number, meta] of metas.entries()) meta.content = only ?? colours[number]
}

function show() {
  colour()
  for (const button of document.querySelectorAll('[data-theme-set]')) button.setAttribute('aria-pressed', button.dataset.themeSet === chosen())
  for (const button of document.querySelectorAll('[data-theme-toggle]')) button.setAttribute('aria-pressed', dark())
}

function choose(theme) {
  if (theme === 'system') {
    localStorage.removeItem('theme')
    delete root.dataset.theme
  } else {
    localStorage.setItem('theme', theme)
    root.dataset.theme = theme
  }
  show()
}

document.addEventListener('click', ({ target }) => {
  const set = target.closest('[data-theme-set]')
  if (set) choose(set.dataset.themeSet)
  else if (target.closest('[data-theme-toggle]')) choose(dark() ? 'paper' : 'ink')
})
document.addEventListener('DOMContentLoaded', show)
document.addEventListener('htmx:afterSettle', show)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show)
