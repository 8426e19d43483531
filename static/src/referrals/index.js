// Sharing the invitation by the device's own sheet; without one the link opens a letter.
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-share]')
  if (!link || !navigator.share) return
  event.preventDefault()
  navigator.share({ title: link.dataset.title, url: link.dataset.share }).catch(() => {})
})
