internal import CMessageFormat
internal import Caching
internal import Synchronization

/// A sentence with places for values, with its plurals and choices: a pattern of ICU's MessageFormat, read for one
/// language. <https://unicode-org.github.io/icu/userguide/format_parse/messages/>
package final class MessagePattern: Sendable {
    /// The kind of value that an argument has to be.
    package enum Kind: Int, Sendable {
        case any, number, text
    }

    /// The reason why a text is no pattern, or why values do not fit one.
    package struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        package let reason: String

        package init(reason: String) { self.reason = reason }

        package var description: String { reason }
    }

    /// The arguments by their names, those within plurals and choices included.
    package let arguments: [String: Kind]
    private let format: Mutex<Format>

    /// ICU's pattern. `@unchecked`: nothing else has the address, and whoever uses it holds the lock, since ICU fills
    /// what it keeps while it writes.
    private struct Format: @unchecked Sendable {
        let address: OpaquePointer
    }

    /// Reads a pattern for a locale, which decides on plurals and on how numbers are written.
    package init(_ pattern: String, locale: String) throws(Fault) {
        var reason = [CChar](repeating: 0, count: 256)
        var pattern = pattern
        let read = pattern.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                // An empty text may have no address.
                var none: CChar = 0
                return withUnsafePointer(to: &none) {
                    message_format_read(text.baseAddress ?? $0, text.count, locale, &reason, reason.count)
                }
            }
        }
        guard let read else {
            let text = reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            throw Fault(reason: String(decoding: text, as: UTF8.self))
        }
        var arguments: [String: Kind] = [:]
        for index in 0..<message_format_arguments(read) {
            let name = String(cString: message_format_argument_name(read, index))
            arguments[name] = Kind(rawValue: Int(message_format_argument_kind(read, index))) ?? .any
        }
        self.arguments = arguments
        format = Mutex(Format(address: read))
    }

    deinit { format.withLock { message_format_free($0.address) } }

    /// Returns the sentence with its values, of which it needs all that it names.
    package func written(_ values: [String: Wording.Value]) throws(Fault) -> String {
        for (name, kind) in arguments {
            guard let value = values[name] else { throw Fault(reason: "{\(name)} has no value") }
            guard value.fits(kind) else { throw Fault(reason: "{\(name)} has a value of another kind") }
        }
        let needed = Array(values.filter { arguments[$0.key] != nil })
        // Names and texts one behind the other, so that one address serves for all.
        var bytes: [CChar] = [0]
        let places = needed.map { name, value in
            let start = bytes.count
            bytes += name.utf8.map(CChar.init(bitPattern:))
            let middle = bytes.count
            if case .text(let text) = value { bytes += text.utf8.map(CChar.init(bitPattern:)) }
            return (start, middle, bytes.count)
        }
        let text = bytes.withUnsafeBufferPointer { buffer -> String? in
            guard let base = buffer.baseAddress else { return nil }
            var list = zip(needed, places).map { value, place in
                message_value(
                    name: base + place.0, name_length: place.1 - place.0, kind: value.value.kind,
                    text: base + place.1, text_length: place.2 - place.1, number: value.value.double)
            }
            // A pattern without arguments has an empty list, which may have no address.
            if list.isEmpty { list.append(message_value()) }
            return format.withLock { Self.write($0.address, list, count: needed.count) }
        }
        guard let text else { throw Fault(reason: "a value does not fit") }
        return text
    }

    private static func write(_ format: OpaquePointer, _ values: [message_value], count: Int) -> String? {
        var size = 512
        while true {
            var out = [CChar](repeating: 0, count: size)
            let length = Int(message_format_write(format, values, count, &out, size))
            guard length >= 0 else { return nil }
            if length > size {
                size = length
                continue
            }
            return String(decoding: out.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}

extension MessagePattern {
    private struct Source: Hashable {
        let pattern: String, locale: String
    }

    /// Agencies write sentences of their own: there may be more than are in use.
    private static let read = Cache<Source, MessagePattern>(capacity: 8192)

    /// Returns a pattern that is read once, however often its sentence is written.
    package static func read(_ pattern: String, locale: String) throws(Fault) -> MessagePattern {
        try read.value(of: Source(pattern: pattern, locale: locale)) { () throws(Fault) in
            try MessagePattern(pattern, locale: locale)
        }
    }
}

extension Wording.Value {
    fileprivate func fits(_ kind: MessagePattern.Kind) -> Bool {
        switch (self, kind) {
        case (_, .any), (.text, .text), (.number, .number), (.decimal, .number): true
        default: false
        }
    }

    fileprivate var kind: Int32 { if case .text = self { 2 } else { 1 } }

    fileprivate var double: Double {
        switch self {
        case .text: 0
        case .number(let number): Double(number)
        case .decimal(let number): number
        }
    }
}
