// The landing page's question: answered once, it shows the verdict and turns the card.
document.addEventListener('alpine:init', () => Alpine.data('loop', () => ({
  answer() {
    const options = [...this.$root.querySelectorAll('.option')]
    const chosen = this.$el
    for (const option of options) {
      const right = 'right' in option.dataset
      const shown = right || option === chosen
      option.classList.add(right ? 'option-right' : option === chosen ? 'option-wrong' : 'option-rest')
      option.querySelector('.say').hidden = !shown
      option.disabled = true
    }
    for (const later of this.$root.querySelectorAll('[data-after]')) later.hidden = false
  },
})))
