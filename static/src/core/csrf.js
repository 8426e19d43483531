// The form token lives in a cookie. Pages from the shared cache carry neither token nor cookie: then we make one,
// and Django compares cookie with header, which only our own pages can do.
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

const kept = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]

function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(256)).filter(byte => byte < 248)
  return Array.from(bytes.slice(0, 32), byte => LETTERS[byte % 62]).join('')
}

export function csrfToken() {
  if (!kept()) {
    const secure = location.protocol === 'https:' ? '; Secure' : ''
    document.cookie = `csrftoken=${made()}; Path=/; Max-Age=31449600; SameSite=Lax${secure}`
  }
  return kept() ?? ''
}
