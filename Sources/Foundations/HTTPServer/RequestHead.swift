internal import CMicroHTTPD
internal import Glibc
package import Wire

/// A request's line and headers, copied out of the connection into one block, so that it outlives the
/// request. Headers are found by scanning.
@safe package final class RequestHead: @unchecked Sendable {
    // Unchecked: the block is written before init returns and never again.
    private let block: UnsafeMutablePointer<UInt8>
    private let fieldCount: Int
    private let targetStart: Int
    private let pathRange: Range<Int>
    private let queryRange: Range<Int>
    private let decodedTarget: DecodedTarget

    /// A token; `GET` for a HEAD request too, see `isHead`.
    package let method: String
    /// The client wants GET's headers and no body: the server leaves the body out by itself.
    package let isHead: Bool
    package let httpVersion: HTTPVersion
    /// The sender's address: behind trusted proxies, the rightmost address of X-Forwarded-For that is not theirs.
    package let remoteAddress: RemoteAddress
    /// The client's side was https, as a trusted proxy says.
    package let isSecure: Bool

    /// The version that the client speaks; all that is not 1.1 counts as 1.0.
    package enum HTTPVersion: Sendable { case http10, http11 }

    /// Makes a head for tests and for calls that come from within; `nil` where the target is not a valid path.
    package convenience init?(
        method: String, target: String, headers: [(String, String)] = [],
        remoteAddress: RemoteAddress = .unspecified
    ) {
        let head = unsafe Self.makeBlock(target: Array(target.utf8), headers: headers)
        unsafe self.init(
            captured: head, method: method, version: .http11, peer: remoteAddress, trusting: [])
        guard targetFault == nil else { return nil }
    }

    /// Takes over the block of `head`.
    init(
        captured head: mhd_head, method: String, version: HTTPVersion, peer: RemoteAddress,
        trusting proxies: [AddressRange]
    ) {
        unsafe block = head.block
        fieldCount = unsafe Int(head.field_count)
        targetStart = unsafe Int(head.target)
        let target = unsafe Int(head.target)..<Int(head.target + head.target_length)
        (pathRange, queryRange) = unsafe Self.split(head.block, target)
        decodedTarget = unsafe DecodedTarget(
            path: UnsafeBufferPointer(start: head.block + pathRange.lowerBound, count: pathRange.count),
            query: UnsafeBufferPointer(start: head.block + queryRange.lowerBound, count: queryRange.count))
        isHead = method == "HEAD"
        self.method = isHead ? "GET" : method
        httpVersion = version
        if proxies.isEmpty || !proxies.contains(peer) {
            remoteAddress = peer
            isSecure = false
        } else {
            let fields = unsafe FieldTable(block: head.block, count: Int(head.field_count))
            remoteAddress = unsafe Self.client(behind: proxies, peer: peer, fields)
            let proto = unsafe fields.all("x-forwarded-proto").last ?? ""
            isSecure = equalIgnoringCase(
                proto.split(separator: ",").last.map { trimmed($0) } ?? "", "https")
        }
    }

    deinit { unsafe free(block) }

    /// The request's target as it was sent.
    package var target: String { text(targetStart..<queryRange.upperBound) }

    /// The path as it was sent, escapes and all.
    package var path: String { text(pathRange) }

    /// The query as it was sent, without its question mark; empty where there is none.
    package var rawQuery: String { text(queryRange) }

    /// The path's segments, each decoded by itself: an escaped slash stays inside its segment. `/` has
    /// none; a trailing slash makes an empty last one.
    package var segments: [String] { decodedTarget.segments }

    /// The query's names and values, decoded, in their order; `+` is a space.
    package var query: [QueryItem] { decodedTarget.query }

    /// The first query value of that name.
    package func queryValue(_ name: String) -> String? {
        queryRange.isEmpty ? nil : query.first { $0.name == name }?.value
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        unsafe fields.first(name).map { text($0) }
    }

    /// The first header's bytes, valid during the call only: no string is made.
    package func withHeader<R>(
        _ name: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows
        -> R?
    {
        guard let range = unsafe fields.first(name) else { return nil }
        return try unsafe body(UnsafeBufferPointer(start: block + range.lowerBound, count: range.count))
    }

    /// All headers, in their order, with the names as they were sent.
    package var headers: [(name: String, value: String)] {
        (0..<fieldCount).map {
            let field = unsafe fields[$0]
            return (text(field.nameRange), text(field.valueRange))
        }
    }

    var fields: FieldTable { unsafe FieldTable(block: block, count: fieldCount) }

    /// The client takes gzip (RFC 9110 §12.5.3).
    var acceptsGzip: Bool {
        guard let range = unsafe fields.first("accept-encoding") else { return false }
        for part in text(range).split(separator: ",") {
            let pieces = part.split(separator: ";")
            guard let coding = pieces.first.map({ trimmed($0) }),
                equalIgnoringCase(coding, "gzip") || coding == "*"
            else { continue }
            let quality = pieces.dropFirst().map { trimmed($0) }.first {
                $0.hasPrefix("q=") || $0.hasPrefix("Q=")
            }
            return quality.flatMap { Double($0.dropFirst(2)) } ?? 1 > 0
        }
        return false
    }

    /// `nil` when every escape is whole, nothing decodes to NUL or to invalid UTF-8, and there is a path.
    var targetFault: HTTPFault? {
        guard !pathRange.isEmpty else { return .badTarget }
        if unsafe block[pathRange.lowerBound] != UInt8(ascii: "/") {
            guard method == "OPTIONS", path == "*", queryRange.isEmpty else { return .badTarget }
        }
        var isASCII = true
        var index = targetStart
        while index < queryRange.upperBound {
            let byte = unsafe block[index]
            index += 1
            let fault: HTTPFault = index <= pathRange.upperBound ? .badTarget : .badQuery
            if byte <= 0x20 || byte == 0x7f { return fault }
            if byte >= 0x80 { isASCII = false }
            guard byte == UInt8(ascii: "%") else { continue }
            guard index + 2 <= queryRange.upperBound, let high = unsafe hexValue(block[index]),
                let low = unsafe hexValue(block[index + 1])
            else { return fault }
            let value = high << 4 | low
            if value == 0 { return fault }
            if value >= 0x80 { isASCII = false }
            index += 2
        }
        return isASCII || decodedTarget.isValidUTF8 ? nil : .badTarget
    }

    private func text(_ range: Range<Int>) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: block + range.lowerBound, count: range.count),
            as: UTF8.self)
    }

    /// Where path and query lie; of an absolute target (`http://host/path`) only what follows the authority.
    private static func split(
        _ block: UnsafePointer<UInt8>, _ target: Range<Int>
    ) -> (
        Range<Int>, Range<Int>
    ) {
        var start = target.lowerBound
        if unsafe !target.isEmpty && block[start] != UInt8(ascii: "/") {
            for scheme in ["http://", "https://"] as [StaticString]
            where target.count > scheme.utf8CodeUnitCount {
                let length = scheme.utf8CodeUnitCount
                guard
                    unsafe strncasecmp(
                        UnsafeRawPointer(block + start).assumingMemoryBound(to: CChar.self),
                        UnsafeRawPointer(scheme.utf8Start).assumingMemoryBound(to: CChar.self), length) == 0
                else { continue }
                start += length
                while unsafe start < target.upperBound && block[start] != UInt8(ascii: "/") { start += 1 }
                break
            }
        }
        guard let mark = unsafe memchr(block + start, Int32(UInt8(ascii: "?")), target.upperBound - start)
        else {
            return (start..<target.upperBound, target.upperBound..<target.upperBound)
        }
        let place = unsafe UnsafeRawPointer(mark) - UnsafeRawPointer(block)
        return (start..<place, place + 1..<target.upperBound)
    }

    /// The rightmost forwarded address that no trusted proxy has; what cannot be read ends the search.
    private static func client(
        behind proxies: [AddressRange], peer: RemoteAddress, _ fields: FieldTable
    )
        -> RemoteAddress
    {
        var client = peer
        let hops = unsafe fields.all("x-forwarded-for").flatMap { $0.split(separator: ",") }
        for hop in hops.reversed() {
            guard proxies.contains(client), let address = RemoteAddress(trimmed(hop)) else { break }
            client = address
        }
        return client
    }

    private static func makeBlock(target: [UInt8], headers: [(String, String)]) -> mhd_head {
        let table = headers.count * MemoryLayout<mhd_field>.stride
        let names = headers.map { (Array($0.0.utf8), Array($0.1.utf8)) }
        let size = names.reduce(table + target.count) { $0 + $1.0.count + $1.1.count }
        guard let raw = unsafe malloc(size + 1) else { fatalError("out of memory") }
        let block = unsafe raw.assumingMemoryBound(to: UInt8.self)
        var cursor = table
        func store(_ bytes: [UInt8]) -> UInt32 {
            for (offset, byte) in bytes.enumerated() { unsafe block[cursor + offset] = byte }
            cursor += bytes.count
            return UInt32(cursor - bytes.count)
        }
        _ = store(target)
        for (index, (name, value)) in names.enumerated() {
            let field = mhd_field(
                name: store(name), name_length: UInt32(name.count), value: store(value),
                value_length: UInt32(value.count))
            unsafe raw.storeBytes(
                of: field, toByteOffset: index * MemoryLayout<mhd_field>.stride, as: mhd_field.self)
        }
        return unsafe mhd_head(
            block: block, field_count: UInt32(headers.count),
            field_bytes: UInt32(size - table - target.count),
            target: UInt32(table), target_length: UInt32(target.count), capacity: 0, cursor: 0)
    }
}

extension mhd_field {
    var nameRange: Range<Int> { Int(name)..<Int(name) + Int(name_length) }
    var valueRange: Range<Int> { Int(value)..<Int(value) + Int(value_length) }
}

/// The header fields of a head's block.
@unsafe struct FieldTable {
    let block: UnsafePointer<UInt8>
    let count: Int

    init(block: UnsafeMutablePointer<UInt8>, count: Int) {
        unsafe self.block = UnsafePointer(block)
        unsafe self.count = count
    }

    subscript(_ index: Int) -> mhd_field {
        unsafe UnsafeRawPointer(block).load(
            fromByteOffset: index * MemoryLayout<mhd_field>.stride, as: mhd_field.self)
    }

    /// Where the first value of that name lies.
    func first(_ name: String) -> Range<Int>? {
        for index in unsafe 0..<count where unsafe isNamed(name, index) {
            return unsafe self[index].valueRange
        }
        return nil
    }

    func all(_ name: String) -> [String] {
        unsafe (0..<count).filter { unsafe isNamed(name, $0) }.map { unsafe text(self[$0].valueRange) }
    }

    func text(_ range: Range<Int>) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: block + range.lowerBound, count: range.count),
            as: UTF8.self)
    }

    func isNamed(_ name: String, _ index: Int) -> Bool {
        let field = unsafe self[index]
        let utf8 = name.utf8
        guard utf8.count == Int(field.name_length) else { return false }
        var place = Int(field.name)
        for byte in utf8 {
            if unsafe lowercased(byte) != lowercased(block[place]) { return false }
            place += 1
        }
        return true
    }
}

/// Without the spaces and tabs around it.
func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
}
