// The time left, as the server said it when the page was made; at the end the form goes by itself.
const LAST_SECONDS = 3 // what is being typed is saved at every tick: what comes late doesn't count
const two = number => String(number).padStart(2, '0')

function shown(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

export function startClock(form) {
  if (!('secondsLeft' in form.dataset)) return
  const face = form.querySelector('[data-clock]')
  const line = form.querySelector('[data-clock-line]')
  // the clock of the page, which a changed clock of the computer doesn't move
  const end = performance.now() + Number(form.dataset.secondsLeft) * 1000
  const timer = setInterval(tick, 500)

  function tick() {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    face.textContent = shown(left)
    line.classList.toggle('clock-late', left <= 60)
    if (left <= LAST_SECONDS) form.dispatchEvent(new Event('quiz:ending'))
    if (left > 0) return
    clearInterval(timer)
    form.requestSubmit()
  }
}
