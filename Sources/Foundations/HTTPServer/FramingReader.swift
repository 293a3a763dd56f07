/// Reads the bytes of a connection before the library does, and finds where the head and the body of each request
/// begin and end (RFC 9112). The library is lenient where a proxy in front may read the same bytes otherwise: it takes
/// an empty field name for the end of a head and a bare LF for the end of a line, it accepts folded lines, and it
/// answers what it refuses with a page of its own. Therefore it gets sound requests only. At the first fault the bytes
/// are cut off, the request that the library has begun to read is completed, and the connection answers with the fault
/// (decision 0009).
struct FramingReader {
    /// A fault, and the number of its request on the connection, counted from 0.
    struct Refusal {
        let request: Int
        let fault: HTTPFault
        /// Whether the head was sound and the fault is in the body's chunks.
        let isInBody: Bool
    }

    /// The fields that decide the framing.
    private enum Known { case other, host, length, coding, expect }

    /// The byte that replaces a question mark for the library, which would otherwise allocate memory for each
    /// parameter of a query.
    static let questionMark: UInt8 = 1
    /// The most bytes of a chunk's line, its extensions included.
    private static let sizeLineMax = 256
    /// The most bytes of a body's trailers, which nobody reads.
    private static let trailerBytesMax = 1024
    private static let trailersMax = 8
    private static let methodBytesMax = 32
    private static let versionText: InlineArray<8, UInt8> = [72, 84, 84, 80, 47, 49, 46, 49]  // HTTP/1.1

    private(set) var refusal: Refusal?
    private let limits: HTTPServerConfiguration.Limits
    private var state = State.start
    /// The number of bytes of the current part: the method, the target, the version or a chunk's line.
    private var count = 0
    private var requests = 0
    private var hasBlankLine = false

    private var framing = Framing()
    private var isHTTP10 = false
    private var fields = 0
    private var fieldBytes = 0
    private var hosts = 0
    private var lengths = 0
    private var known = Known.other
    /// The first bytes of the current field's name, or of the value of a known field, in lower case.
    private var text = InlineArray<20, UInt8>(repeating: 0)
    private var textCount = 0
    /// The number of bytes of the body or the chunk that have not arrived yet.
    private var remaining: Int64 = 0

    /// The framing of each head that has been read and not yet taken.
    private var framings: [Framing] = []
    private var taken = 0

    init(_ limits: HTTPServerConfiguration.Limits) { self.limits = limits }

    /// Returns the framing of the next head; nil where the library has a head that this reader never saw.
    mutating func takeFraming() -> Framing? {
        guard taken < framings.count else { return nil }
        defer {
            taken += 1
            if taken == framings.count {
                framings.removeAll(keepingCapacity: true)
                taken = 0
            }
        }
        return framings[taken]
    }

    /// Checks the bytes in place, and returns how many the library may see: more than arrived where a request had to
    /// be completed, 0 where the connection is already refused, nil where there is no room to complete the request.
    mutating func read(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, capacity: Int) -> Int? {
        var index = 0
        while index < count {
            switch state {
            case .refused: return index
            case .target: unsafe skipTarget(bytes, &index, count)
            case .value, .trailerValue: unsafe skipValue(bytes, &index, count)
            case .body, .data: skipBody(&index, count)
            default: break
            }
            guard index < count else { break }
            let (byte, before) = (unsafe bytes[index], state)
            guard let fault = step(byte) else {
                if before == .target, byte == UInt8(ascii: "?") { unsafe bytes[index] = Self.questionMark }
                // The changed byte keeps the library from allocating memory for each cookie; `mhd_store_field`
                // restores it.
                if before == .name, textCount == 3, isText("coo") { unsafe bytes[index] |= 0x80 }
                index += 1
                continue
            }
            // A head may be complete and still be refused: its last byte is passed on unchanged.
            if before == .endLF, byte == UInt8(ascii: "\n") {
                refuse(fault)
                return index + 1
            }
            let rest = state.completion(after: self.count, isLength: known == .length)
            refuse(fault)
            guard index + rest.utf8CodeUnitCount <= capacity else { return nil }
            for place in 0..<rest.utf8CodeUnitCount {
                unsafe bytes[index + place] = rest.utf8Start[place]
            }
            return index + rest.utf8CodeUnitCount
        }
        return index
    }

    private mutating func refuse(_ fault: HTTPFault) {
        let isInBody = state.isInBody
        refusal = Refusal(request: isInBody ? requests - 1 : requests, fault: fault, isInBody: isInBody)
        if !isInBody { framings.append(framing) }
        state = .refused
    }

    // MARK: Stretches in which most bytes lie

    private mutating func skipTarget(_ bytes: UnsafeMutablePointer<UInt8>, _ index: inout Int, _ end: Int) {
        let stop = min(end, index + limits.targetBytesMax - count)
        let begin = index
        while index < stop {
            let byte = unsafe bytes[index]
            if byte <= 0x20 || byte == 0x7f || byte == UInt8(ascii: "?") { break }
            index += 1
        }
        count += index - begin
    }

    private mutating func skipValue(_ bytes: UnsafeMutablePointer<UInt8>, _ index: inout Int, _ end: Int) {
        guard known == .other || known == .host else { return }
        let stop = min(
            end, index + (state == .value ? limits.headBytesMax : Self.trailerBytesMax) - fieldBytes)
        let begin = index
        while index < stop {
            let byte = unsafe bytes[index]
            if byte < 0x20 || byte == 0x7f { break }
            index += 1
        }
        fieldBytes += index - begin
    }

    private mutating func skipBody(_ index: inout Int, _ end: Int) {
        let length = Int(min(Int64(end - index), remaining))
        index += length
        remaining -= Int64(length)
        if remaining == 0 { state = state == .body ? .start : .dataCR }
    }

    // MARK: One byte

    private mutating func step(_ byte: UInt8) -> HTTPFault? {
        switch state {
        case .start, .startLF, .method, .target, .version, .versionLF: stepRequestLine(byte)
        case .line, .name, .valueStart, .value, .valueLF, .endLF: stepField(byte)
        case .size, .sizeExtension, .sizeLF, .dataCR, .dataLF: stepChunk(byte)
        case .trailer, .trailerName, .trailerValue, .trailerLF, .trailerEndLF: stepTrailer(byte)
        case .body, .data, .refused: nil
        }
    }

    private mutating func stepRequestLine(_ byte: UInt8) -> HTTPFault? {
        switch (state, byte) {
        case (.start, UInt8(ascii: "\r")) where !hasBlankLine: state = .startLF
        case (.startLF, UInt8(ascii: "\n")): (state, hasBlankLine) = (.start, true)
        case (.startLF, _): return .badRequestLine
        case (.start, _), (.method, _):
            if state == .start {
                guard isToken(byte) else { return .badMethod }
                (state, count) = (.method, 0)
            }
            if byte == UInt8(ascii: " ") {
                (state, count) = (.target, 0)
                return nil
            }
            count += 1
            guard isToken(byte), count <= Self.methodBytesMax else { return .badMethod }
        case (.target, UInt8(ascii: " ")):
            guard count > 0 else { return .badRequestLine }
            (state, count, isHTTP10) = (.version, 0, false)
        case (.target, _):
            guard byte > 0x20, byte != 0x7f else {
                return byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") ? .badRequestLine : .badTarget
            }
            count += 1
            guard count <= limits.targetBytesMax else { return .targetTooLong(limit: limits.targetBytesMax) }
        case (.version, _): return stepVersion(byte)
        default:
            guard byte == UInt8(ascii: "\n") else { return .badRequestLine }
            beginHead()
        }
        return nil
    }

    private mutating func stepVersion(_ byte: UInt8) -> HTTPFault? {
        if count == Self.versionText.count {
            guard byte == UInt8(ascii: "\r") else { return .badRequestLine }
            state = .versionLF
            return nil
        }
        if byte != Self.versionText[count] {
            let isNumber = (48...57).contains(byte)
            guard isNumber, count == 5 || count == 7 else { return .badRequestLine }
            guard count == 7, byte == UInt8(ascii: "0") else { return .unsupportedVersion }
            isHTTP10 = true
        }
        count += 1
        return nil
    }

    private mutating func beginHead() {
        (state, framing, fields, fieldBytes) = (.line, Framing(), 0, 0)
        (hosts, lengths, hasBlankLine) = (0, 0, false)
    }

    private mutating func stepField(_ byte: UInt8) -> HTTPFault? {
        switch (state, byte) {
        case (.line, UInt8(ascii: "\r")): state = .endLF
        case (.line, _), (.name, _):
            if state == .line {
                guard isToken(byte) else { return .badField }
                fields += 1
                (state, textCount) = (.name, 0)
            }
            if byte == UInt8(ascii: ":") { return beginValue() }
            guard isToken(byte) else { return .badField }
            keep(byte)
            fieldBytes += 1
        case (.valueStart, UInt8(ascii: " ")), (.valueStart, UInt8(ascii: "\t")): fieldBytes += 1
        case (.valueStart, _), (.value, _):
            if state == .valueStart { (state, textCount) = (.value, 0) }
            if byte == UInt8(ascii: "\r") {
                if let fault = endValue() { return fault }
                state = .valueLF
                return nil
            }
            guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") else { return .badField }
            fieldBytes += 1
            if known == .length { return stepLength(byte) }
            if known != .other { keep(byte) }
        case (.valueLF, UInt8(ascii: "\n")): state = .line
        case (.endLF, UInt8(ascii: "\n")): return endHead()
        default: return .badField
        }
        guard fields <= limits.headFieldsMax, fieldBytes <= limits.headBytesMax else {
            return .headTooLarge(limit: limits.headBytesMax)
        }
        return nil
    }

    /// Finds out, at the colon, which field begins and whether it is allowed here.
    private mutating func beginValue() -> HTTPFault? {
        known = .other
        switch textCount {
        case 4 where isText("host"):
            known = .host
            hosts += 1
            if hosts > 1 { return .duplicateField("Host") }
        case 6 where isText("expect"): known = .expect
        case 14 where isText("content-length"):
            known = .length
            lengths += 1
            if lengths > 1 { return .duplicateField("Content-Length") }
            if framing.isChunked { return .lengthWithCoding }
            framing.length = 0
        case 17 where isText("transfer-encoding"):
            known = .coding
            if lengths > 0 { return .lengthWithCoding }
            if framing.isChunked || isHTTP10 { return .unsupportedCoding }
        default: break
        }
        (state, textCount) = (.valueStart, 0)
        return nil
    }

    /// Reads a digit of a Content-Length. More than 18 digits might not fit.
    private mutating func stepLength(_ byte: UInt8) -> HTTPFault? {
        guard (48...57).contains(byte) else { return .badLength }
        textCount += 1
        guard textCount <= 18 else { return .bodyTooLarge(limit: .max) }
        framing.length = (framing.length ?? 0) * 10 + Int64(byte - 48)
        return nil
    }

    private mutating func endValue() -> HTTPFault? {
        switch known {
        case .length: return textCount == 0 ? .badLength : nil
        case .coding:
            guard textCount == 7, isText("chunked") else { return .unsupportedCoding }
            framing.isChunked = true
        case .expect:
            guard textCount == 12, isText("100-continue") else { return .expectationFailed }
            framing.expectsContinue = true
        case .other, .host: break
        }
        return nil
    }

    private mutating func endHead() -> HTTPFault? {
        if hosts == 0, !isHTTP10 { return .missingHost }
        framings.append(framing)
        requests += 1
        (count, fields, fieldBytes, known) = (0, 0, 0, .other)
        remaining = framing.length ?? 0
        state = framing.isChunked ? .size : remaining > 0 ? .body : .start
        return nil
    }

    private mutating func stepChunk(_ byte: UInt8) -> HTTPFault? {
        switch (state, byte) {
        case (.size, UInt8(ascii: ";")) where count > 0: state = .sizeExtension
        case (.size, UInt8(ascii: "\r")) where count > 0: state = .sizeLF
        case (.size, _):
            guard let digit = hexValue(byte) else { return .badChunk }
            if count == 0 { remaining = 0 }
            // Fifteen digits fit; the limits on bodies are far below that.
            guard count < 15 else { return .bodyTooLarge(limit: .max) }
            remaining = remaining << 4 | Int64(digit)
        case (.sizeExtension, UInt8(ascii: "\r")): state = .sizeLF
        case (.sizeExtension, _):
            guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t"), count < Self.sizeLineMax else {
                return .badChunk
            }
        case (.sizeLF, UInt8(ascii: "\n")):
            (state, count) = (remaining == 0 ? .trailer : .data, 0)
            return nil
        case (.dataCR, UInt8(ascii: "\r")): state = .dataLF
        case (.dataLF, UInt8(ascii: "\n")):
            (state, count) = (.size, 0)
            return nil
        default: return .badChunk
        }
        count += 1
        return nil
    }

    private mutating func stepTrailer(_ byte: UInt8) -> HTTPFault? {
        switch (state, byte) {
        case (.trailer, UInt8(ascii: "\r")): state = .trailerEndLF
        case (.trailerEndLF, UInt8(ascii: "\n")): (state, count) = (.start, 0)
        case (.trailer, _), (.trailerName, _):
            if state == .trailerName, byte == UInt8(ascii: ":") {
                state = .trailerValue
                return nil
            }
            guard isToken(byte) else { return .badField }
            if state == .trailer { fields += 1 }
            state = .trailerName
            fieldBytes += 1
        case (.trailerValue, UInt8(ascii: "\r")): state = .trailerLF
        case (.trailerValue, _):
            guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") else { return .badField }
            fieldBytes += 1
        case (.trailerLF, UInt8(ascii: "\n")): state = .trailer
        default: return .badField
        }
        guard fields <= Self.trailersMax, fieldBytes <= Self.trailerBytesMax else {
            return .headTooLarge(limit: Self.trailerBytesMax)
        }
        return nil
    }

    private mutating func keep(_ byte: UInt8) {
        if textCount < text.count { text[textCount] = lowercased(byte) }
        textCount += 1
    }

    private func isText(_ expected: StaticString) -> Bool {
        for place in 0..<expected.utf8CodeUnitCount where unsafe text[place] != expected.utf8Start[place] {
            return false
        }
        return true
    }
}

/// Returns whether the byte may stand in a token (RFC 9110 §5.6.2).
func isToken(_ byte: UInt8) -> Bool {
    guard byte < 128 else { return false }
    let half: UInt64 = byte < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
    return half >> UInt64(byte & 63) & 1 == 1
}
