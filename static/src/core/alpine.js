// Alpine, the build that needs no eval, for the pages that keep local state: heavier than all our own scripts
// together, so those alone load it. Files of apps register with
//   document.addEventListener('alpine:init', () => Alpine.data('name', () => ({ … })))
// and are loaded before this one runs, because both are deferred and this one waits for the page.
import Alpine from '@alpinejs/csp'

window.Alpine = Alpine
document.addEventListener('DOMContentLoaded', () => Alpine.start())
