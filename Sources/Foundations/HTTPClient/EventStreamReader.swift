/// Reads server-sent events out of a stream's parts, wherever these are cut (HTML Living Standard §9.2).
package struct EventStreamReader: Sendable {
    /// One event: what was sent under its names.
    package struct Frame: Hashable, Sendable {
        package var id: String?
        package var event = "message"
        package var data = ""
    }

    private var pending: [UInt8] = []
    private var frame = Frame()
    private var lines: [String] = []

    package init() {}

    /// The events that are whole after these bytes. `size` of what waits for its end is the caller's to limit.
    package mutating func read(_ bytes: [UInt8]) -> [Frame] {
        pending += bytes
        var frames: [Frame] = []
        var start = 0
        while let end = pending[start...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            // A line may end in CR, LF or both, and what comes next may be in the next part.
            if pending[end] == 0x0D, end + 1 == pending.count { break }
            let line = String(decoding: pending[start..<end], as: UTF8.self)
            start = end + 1
            if pending[end] == 0x0D, pending[start] == 0x0A { start += 1 }
            if let whole = take(line) { frames.append(whole) }
        }
        pending.removeFirst(start)
        return frames
    }

    package var size: Int { pending.count + lines.reduce(0) { $0 + $1.utf8.count } }

    private mutating func take(_ line: String) -> Frame? {
        guard !line.isEmpty else {
            defer { (frame, lines) = (Frame(), []) }
            guard !lines.isEmpty else { return nil }
            frame.data = lines.joined(separator: "\n")
            return frame
        }
        let colon = line.firstIndex(of: ":")
        var value = colon.map { line[line.index(after: $0)...] } ?? ""
        if value.first == " " { value = value.dropFirst() }
        switch line[..<(colon ?? line.endIndex)] {
        case "data": lines.append(String(value))
        case "event": frame.event = String(value)
        case "id": frame.id = String(value)
        default: break  // a comment, or a name that is not known
        }
        return nil
    }
}
