// Forum and discussions: writing with a toolbar, drafts and mentions; replies that arrive; tags.
import './discussion.js'
import './drafts.js'
import './folds.js'
import './mentions.js'
import './replies.js'
import './tags.js'
import './writing.js'
