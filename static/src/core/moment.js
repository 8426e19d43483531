// A moment in the page's language: "22 November at 18:04".
export const moment = at => new Intl.DateTimeFormat(document.documentElement.lang, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }).format(at)
