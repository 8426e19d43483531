// Runs Lighthouse on the pages that standard input lists, in Debian's Chromium, and writes a report of each
// run. Before the site stands what Caddy is in production: a proxy that compresses pages and speaks HTTP/2.
//   {"pages": "http://127.0.0.1:1234", "sockets": "http://127.0.0.1:1235", "folder": "…", "rounds": 5,
//    "asked": [{"name", "path", "cookie"}]}
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']
const TEXT = /^(text\/|application\/(json|javascript|manifest\+json))/

const asked = JSON.parse(fs.readFileSync(0, 'utf8'))
const site = new URL(asked.pages)
const sockets = new URL(asked.sockets)
let cookie = '' // of whoever the page is shown to; the browser is given none of its own

// what belongs to a connection or to one version of the protocol isn't passed on
const OWN = /^(:|connection$|keep-alive$|transfer-encoding$|proxy-)/
const passed = headers => Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.test(name)))
const withCookie = headers => ({ ...headers, cookie: [cookie, headers.cookie].filter(Boolean).join('; '), 'x-forwarded-proto': 'https' })

function pass(request, answer) {
  const { hostname, port } = site
  const onward = http.request({ hostname, port, path: request.url, method: request.method, headers: { ...withCookie(passed(request.headers)), host: request.headers.host ?? request.headers[':authority'] } }, from => {
    const headers = passed(from.headers)
    const isPlain = !headers['content-encoding'] && TEXT.test(headers['content-type'] ?? '') && from.statusCode === 200
    if (!isPlain || !/gzip/.test(request.headers['accept-encoding'] ?? '')) {
      answer.writeHead(from.statusCode, headers)
      return from.pipe(answer)
    }
    delete headers['content-length']
    answer.writeHead(200, { ...headers, 'content-encoding': 'gzip', vary: [headers.vary, 'Accept-Encoding'].filter(Boolean).join(', ') })
    from.pipe(zlib.createGzip({ level: 5 })).pipe(answer)
  })
  onward.on('error', () => answer.writeHead(502).end())
  request.pipe(onward)
}

function passSocket(request, socket, head) {
  const onward = net.connect(sockets.port, sockets.hostname, () => {
    const lines = Object.entries(withCookie(request.headers)).map(([name, value]) => `${name}: ${value}`)
    onward.write([`GET ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
    onward.write(head)
    onward.pipe(socket).pipe(onward)
  })
  onward.on('error', () => socket.destroy())
  socket.on('error', () => onward.destroy())
}

// a certificate that nobody but this run's browser accepts
function certificate() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lighthouse-'))
  const [key, cert] = ['key.pem', 'cert.pem'].map(name => path.join(folder, name))
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const found = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) }
  fs.rmSync(folder, { recursive: true })
  return found
}

const proxy = http2.createSecureServer({ ...certificate(), allowHTTP1: true }, pass).on('upgrade', passSocket)
const sessions = new Set()
proxy.on('session', session => sessions.add(session.on('close', () => sessions.delete(session))))
await new Promise(done => proxy.listen(0, '127.0.0.1', done))
const origin = `https://localhost:${proxy.address().port}`
// Now and then a trace lacks its beginning: then the page is measured again.
async function measured(url, options) {
  for (let tries = 0; tries < 5; tries++) {
    const found = await lighthouse(url, options)
    if (!found.lhr.runtimeError) return found
  }
  throw new Error(`${url} couldn't be measured`)
}

const chrome = await launch({
  chromePath: CHROMIUM,
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--ignore-certificate-errors'],
  logLevel: 'silent',
})
try {
  for (const page of asked.asked) {
    cookie = page.cookie
    for (let round = 1; round <= asked.rounds; round++) {
      const found = await measured(origin + page.path, { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: CATEGORIES })
      fs.writeFileSync(path.join(asked.folder, `${page.name}-${round}.json`), found.report)
      process.stderr.write(`${page.name} ${round}/${asked.rounds}\n`)
    }
  }
} finally {
  chrome.kill()
  proxy.close()
  for (const session of sessions) session.destroy()
}
