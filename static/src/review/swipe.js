// A finger moves the card: to the right is "good", to the left "again"; up and down scroll the page.
const FAR = 96 // pixels
const AGAIN = 1
const GOOD = 3

export function watchSwipes(card, { allowed, done }) {
  let from

  const move = x => {
    card.style.transform = x ? `translateX(${x}px) rotate(${x / 40}deg)` : ''
    card.dataset.swipe = Math.abs(x) < FAR / 2 ? '' : x > 0 ? 'good' : 'again'
  }
  const end = event => {
    if (from?.id !== event.pointerId) return
    const x = event.clientX - from.x
    from = null
    card.classList.remove('is-held')
    move(0)
    if (event.type === 'pointerup' && Math.abs(x) >= FAR) done(x > 0 ? GOOD : AGAIN)
  }

  card.addEventListener('pointerdown', event => {
    if (event.pointerType === 'mouse' || !allowed() || event.target.closest('a, button, [tabindex="0"]')) return
    from = { id: event.pointerId, x: event.clientX, y: event.clientY }
  })
  card.addEventListener('pointermove', event => {
    if (from?.id !== event.pointerId) return
    const x = event.clientX - from.x
    if (!card.classList.contains('is-held') && Math.abs(x) > 12) {
      card.classList.add('is-held')
      card.setPointerCapture(event.pointerId)
    }
    if (card.classList.contains('is-held')) move(x)
  })
  // else the browser takes the next tap for the end of a fling
  card.addEventListener('touchmove', event => {
    if (card.classList.contains('is-held') && event.cancelable) event.preventDefault()
  }, { passive: false })
  card.addEventListener('pointerup', end)
  card.addEventListener('pointercancel', end)
}
