// Sets the remembered theme before the first paint; without one the system decides.
const theme = localStorage.getItem('theme')
if (theme === 'paper' || theme === 'ink') document.documentElement.dataset.theme = theme
