// Writing cards: a gap around what is selected; and how many cards of a list are chosen.
const GAP = /\{\{c(\d+)::/g

function makeGap(field) {
  const { selectionStart: start, selectionEnd: end, value } = field
  const next = Math.max(0, ...[...value.matchAll(GAP)].map(([, number]) => Number(number))) + 1
  field.setRangeText(`{{c${next}::${value.slice(start, end)}}}`, start, end, 'end')
  // with nothing selected the answer is written into the gap
  if (start === end) field.setSelectionRange(field.selectionEnd - 2, field.selectionEnd - 2)
  field.focus()
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-gap]')
  if (button) makeGap(document.getElementById(button.dataset.gap))
})

document.addEventListener('alpine:init', () => window.Alpine.data('bulk', () => ({
  chosen: 0,
  none: true,
  init() {
    this.count()
  },
  count() {
    this.chosen = this.$root.querySelectorAll('input[name=card]:checked').length
    this.none = !this.chosen
  },
})))
