// What a page has to say as it opens: a live region is read out only when it changes after that.
const READY = 300 // milliseconds

addEventListener('load', () => setTimeout(() => {
  for (const region of document.querySelectorAll('[role=status][data-says]')) region.textContent = region.dataset.says
  for (const said of document.querySelectorAll('#toasts [data-toast-text]')) said.replaceChildren(...said.childNodes)
}, READY))
