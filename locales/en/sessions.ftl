sessions-title = Sessions
sessions-intro = The browsers in which you are signed in.
sessions-hint = A session ends by itself after fifteen minutes without use, and after eight hours. If you don’t recognise one, end it and tell your identity provider.
sessions-col-device = Browser
sessions-col-network = Network
sessions-col-since = Signed in
sessions-col-used = Last used
sessions-this = This browser
sessions-unknown-device = Unknown browser
sessions-unknown-network = Unknown
sessions-end = End
sessions-end-others = End all others
# $count (Number) - sessions that were ended
flash-sessions-ended = { $count ->
    [0] No session was left to end.
    [one] One session has ended.
   *[other] { $count } sessions have ended.
}
