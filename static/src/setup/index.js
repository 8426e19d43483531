// The admin's setup page: tries the browser's own socket, and says that a test is running.
const SECONDS = 6

function trySocket(line) {
  const address = new URL(line.dataset.socket, location.href)
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  let told = false
  const tell = works => {
    if (told) return
    told = true
    line.textContent = works ? line.dataset.works : line.dataset.broken
    line.classList.add('font-medium', ...(works ? ['text-green-700', 'dark:text-green-400'] : ['text-red-700', 'dark:text-red-400']))
    socket.close()
  }
  const socket = new WebSocket(address)
  socket.addEventListener('message', ({ data }) => { if (JSON.parse(data).type === 'ready') tell(true) })
  socket.addEventListener('close', () => tell(false))
  setTimeout(() => tell(false), SECONDS * 1000)
}

document.querySelectorAll('[data-socket]').forEach(trySocket)
document.querySelectorAll('form[data-busy]').forEach(form => form.addEventListener('submit', () => {
  const button = form.querySelector('button')
  button.disabled = true
  button.textContent = form.dataset.busy
}))
addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload() })
