internal import Glibc
internal import Telemetry

/// A compiled time zone: the listed transitions, and the rule for the time after the last one.
/// Source: RFC 8536. Times are seconds since 1970, offsets seconds east of UTC.
final class TransitionTable: Sendable {
    private let times: [Int64]
    /// From `times[i]` on.
    private let offsets: [Int]
    private let offsetBefore: Int
    /// The rule speaks from the last time on that the file lists, even if that changed no offset.
    private let rule: PosixRule?, lastListed: Int64?

    /// UTC.
    init() { (times, offsets, offsetBefore, rule, lastListed) = ([], [], 0, nil, nil) }

    /// `nil` unless the bytes are a file of version 1 to 4.
    init?(file: [UInt8]) {
        var reader = FileReader(bytes: file)
        guard var header = reader.header() else { return nil }
        var timeSize = 4
        if header.version >= 2 {
            // The first block holds 32-bit times for old readers.
            guard reader.skip(header.size(timeSize: 4)), let second = reader.header() else { return nil }
            (header, timeSize) = (second, 8)
        }
        guard let block = reader.block(header, timeSize: timeSize) else { return nil }
        var rule: PosixRule?
        if header.version >= 2 {
            guard let footer = reader.footer() else { return nil }
            if !footer.isEmpty {
                guard let read = PosixRule(footer) else { return nil }
                rule = read
            }
        }
        // Changes of name or of the daylight flag alone are no transitions here.
        var times: [Int64] = [], offsets: [Int] = []
        var last = block.offsetBefore
        for (time, offset) in zip(block.times, block.offsets) where offset != last {
            times.append(time)
            offsets.append(offset)
            last = offset
        }
        (self.times, self.offsets, offsetBefore) = (times, offsets, block.offsetBefore)
        (self.rule, lastListed) = (rule, block.times.last)
    }

    func offset(at time: Int64) -> Int {
        if let rule, lastListed.map({ time >= $0 }) ?? true {
            return rule.offset(at: time)
        }
        let index = indexAfter(time)
        return index == 0 ? offsetBefore : offsets[index - 1]
    }

    func nextTransition(after time: Int64) -> Int64? {
        let index = indexAfter(time)
        if index < times.count { return times[index] }
        guard let rule, let next = rule.nextTransition(after: max(time, lastListed ?? time)) else {
            return nil
        }
        return next
    }

    /// The first listed transition later than `time`.
    private func indexAfter(_ time: Int64) -> Int {
        var low = 0, high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The parts of a file (RFC 8536, section 3).
private struct FileReader {
    let bytes: [UInt8]
    var position = 0

    struct Header {
        let version: Int
        let utcFlags: Int, standardFlags: Int, leaps: Int, times: Int, types: Int, characters: Int

        func size(timeSize: Int) -> Int {
            times * timeSize + times + types * 6 + characters + leaps * (timeSize + 4) + standardFlags
                + utcFlags
        }
    }

    struct Block {
        let times: [Int64], offsets: [Int], offsetBefore: Int
    }

    mutating func skip(_ count: Int) -> Bool {
        guard position + count <= bytes.count else { return false }
        position += count
        return true
    }

    mutating func header() -> Header? {
        guard position + 44 <= bytes.count, bytes[position..<position + 4].elementsEqual("TZif".utf8) else {
            return nil
        }
        let digit = bytes[position + 4]
        guard digit == 0 || (UInt8(ascii: "2")...UInt8(ascii: "4")).contains(digit) else { return nil }
        position += 20
        let counts = (0..<6).map { _ in Int(integer(4)) }
        guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
        return Header(
            version: digit == 0 ? 1 : Int(digit - UInt8(ascii: "0")), utcFlags: counts[0],
            standardFlags: counts[1], leaps: counts[2], times: counts[3], types: counts[4],
            characters: counts[5])
    }

    mutating func block(_ header: Header, timeSize: Int) -> Block? {
        let end = position + header.size(timeSize: timeSize)
        guard end <= bytes.count, header.types > 0, header.leaps == 0 else { return nil }
        let times = (0..<header.times).map { _ in integer(timeSize) }
        let indexes = (0..<header.times).map { _ in Int(UInt8(truncatingIfNeeded: integer(1))) }
        var types: [Int] = []
        for _ in 0..<header.types {
            types.append(Int(integer(4)))
            position += 2
        }
        guard indexes.allSatisfy({ $0 < types.count }), types.allSatisfy({ abs($0) < 26 * 3600 }),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        position = end
        return Block(times: times, offsets: indexes.map { types[$0] }, offsetBefore: types[0])
    }

    /// The line after the second block: a POSIX rule, or empty.
    mutating func footer() -> String? {
        guard position < bytes.count, bytes[position] == 0x0A,
            let end = bytes[(position + 1)...].firstIndex(of: 0x0A)
        else { return nil }
        return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    }

    /// Big-endian, signed. The caller has checked that it is there.
    private mutating func integer(_ size: Int) -> Int64 {
        var value: Int64 = bytes[position] >= 0x80 ? -1 : 0
        for byte in bytes[position..<position + size] { value = value << 8 | Int64(byte) }
        position += size
        return value
    }
}

/// The bytes of a regular file; `nil` when it cannot be read or is larger than `limit`.
func readSmallFile(_ path: String, limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
        return nil
    }
    let size = Int(status.st_size)
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        while count < size {
            let got = read(file, buffer.baseAddress! + count, size - count)
            if got < 0, errno == EINTR { continue }
            if got <= 0 {
                failed = got < 0
                return
            }
            count += got
        }
    }
    return failed ? nil : bytes
}
