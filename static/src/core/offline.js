// A line under the header while there is no connection.
function show() {
  for (const line of document.querySelectorAll('[data-offline-line]')) line.hidden = navigator.onLine
}

addEventListener('online', show)
addEventListener('offline', show)
document.addEventListener('DOMContentLoaded', show)
