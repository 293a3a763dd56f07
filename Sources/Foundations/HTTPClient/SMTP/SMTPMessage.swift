/// A mail as it is sent after DATA (RFC 5321 §4.5.2): lines end in CRLF, those that begin with a dot get another,
/// and at the end stands a dot alone.
func smtpLines(_ message: [UInt8]) -> [UInt8] {
    let (lineFeed, carriageReturn, dot) = (UInt8(0x0A), UInt8(0x0D), UInt8(0x2E))
    var lines: [UInt8] = []
    lines.reserveCapacity(message.count + message.count / 32 + 8)
    var start = 0
    while start < message.count {
        let end = message[start...].firstIndex { $0 == lineFeed || $0 == carriageReturn } ?? message.count
        if message[start] == dot { lines.append(dot) }
        lines += message[start..<end]
        lines += [carriageReturn, lineFeed]
        let isPair = end + 1 < message.count && message[end] == carriageReturn && message[end + 1] == lineFeed
        start = end + (isPair ? 2 : 1)
    }
    lines += [dot, carriageReturn, lineFeed]
    return lines
}
