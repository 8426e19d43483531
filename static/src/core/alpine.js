// Alpine, the build that needs no eval. Files of apps register with
//   document.addEventListener('alpine:init', () => Alpine.data('name', () => ({ … })))
// and are loaded before this one runs, because both are deferred and this one waits for the page.
import Alpine from '@alpinejs/csp'

window.Alpine = Alpine
document.addEventListener('DOMContentLoaded', () => Alpine.start())
