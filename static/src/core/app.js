// What every page loads: htmx and the small behaviours of the components.
// Files of apps are bundled apart; what they need of this one stands in window.edu.
import './htmx.js'
import './themes.js'
import './announced.js'
import './celebration.js'
import './forms.js'
import './habit.js'
import './keys.js'
import './offline.js'
import { csrfToken } from './csrf.js'
import { openDialog } from './overlays.js'
import { join, leave, send } from './realtime.js'
import { toast } from './toasts.js'
import './unread.js'

window.edu = { csrfToken, join, leave, openDialog, send, toast }
