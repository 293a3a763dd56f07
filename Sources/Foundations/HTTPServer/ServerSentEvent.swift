/// One message of an event stream (WHATWG HTML §9.2.6).
package struct ServerSentEvent: Sendable {
    package var id: String?
    package var event: String?
    package var data: String

    package init(id: String? = nil, event: String? = nil, data: String) {
        (self.id, self.event, self.data) = (id, event, data)
    }

    /// A comment, which readers ignore: the usual heartbeat.
    package static let comment: [UInt8] = Array(":\n\n".utf8)

    /// A line break in `id` or `event` ends it there, since it would start another field.
    package var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(data.utf8.count + 48)
        func line(_ name: String, _ value: some Sequence<UInt8>) {
            out.append(contentsOf: name.utf8)
            out.append(contentsOf: value)
            out.append(10)
        }
        let isBreak = { (byte: UInt8) in byte == 10 || byte == 13 }
        if let id { line("id: ", id.utf8.prefix { !isBreak($0) && $0 != 0 }) }
        if let event { line("event: ", event.utf8.prefix { !isBreak($0) }) }
        // \r\n is one break: the empty line between its halves must not become a data line.
        var start = data.utf8.startIndex
        var index = start
        while index < data.utf8.endIndex {
            let byte = data.utf8[index]
            if isBreak(byte) {
                line("data: ", data.utf8[start..<index])
                let next = data.utf8.index(after: index)
                if byte == 13, next < data.utf8.endIndex, data.utf8[next] == 10 { index = next }
                start = data.utf8.index(after: index)
            }
            index = data.utf8.index(after: index)
        }
        line("data: ", data.utf8[start...])
        out.append(10)
        return out
    }
}
