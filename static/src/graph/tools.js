// The buttons of a map: nearer, farther, all of it, the whole screen.
export function wireTools(frame, canvas) {
  const full = frame.querySelector('[data-zoom=full]')
  if (full && !document.fullscreenEnabled) full.hidden = true
  frame.addEventListener('click', ({ target }) => {
    const way = target.closest('[data-zoom]')?.dataset.zoom
    if (way === 'in') canvas.scaleBy(1.4)
    if (way === 'out') canvas.scaleBy(1 / 1.4)
    if (way === 'fit') canvas.fit()
    if (way === 'full') document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()
  })
}
