/// One thing that keeps a template from being used, and where it is.
package struct TemplateFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A name that the template's values will not have.
        case unknownName = "unknown_name"
        /// A block without its end, or an end without its block.
        case unclosedBlock = "unclosed_block"
        case syntaxError = "syntax_error"
        case unknownFilter = "unknown_filter"
        /// A filter, a loop or an output is given what it cannot take.
        case wrongArgument = "wrong_argument"
        /// Longer, deeper or with more output than a template may have.
        case tooLarge = "too_large"
    }

    package let code: Code
    /// The place from 1 where the tag begins, or the name in it that is meant; a column is a Unicode scalar.
    package let line: Int, column: Int
    /// The detail for the person who writes the template, in one or two sentences.
    package let detail: String
    /// The one of a mail's templates that has it: `subject`, `preview` or `body`.
    package var part: String?

    package init(_ code: Code, line: Int, column: Int, _ detail: String, part: String? = nil) {
        (self.code, self.line, self.column) = (code, line, column)
        (self.detail, self.part) = (detail, part)
    }

    package var description: String {
        (part.map { "\($0), " } ?? "") + "line \(line), column \(column): \(detail) (\(code.rawValue))"
    }
}

/// Everything that is wrong with a template, in the order of its source.
package struct TemplateFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// The faults: at least one.
    package let faults: [TemplateFault]

    package init(_ faults: [TemplateFault]) { self.faults = faults }

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// The limits of a template's cost. Records' values are bounded themselves, so these bound time and memory.
package enum TemplateLimits {
    /// Bytes of a template's source.
    package static let sourceMax = 100_000
    /// Blocks inside one another.
    package static let depthMax = 16
    /// Loops inside one another.
    package static let loopDepthMax = 3
    /// Tags and outputs together.
    package static let tagsMax = 4000
    /// Filters behind one value, and comparisons in one condition.
    package static let chainMax = 20
    /// Faults that are told; whoever has more will find the rest afterwards.
    package static let faultsMax = 100
    /// Times that one loop goes round.
    package static let roundsMax = 1000
    /// Nodes that one rendering visits; long values count for more than one.
    package static let stepsMax = 100_000
    /// Bytes that one rendering makes.
    package static let outputMax = 1_000_000
}

/// A place in a source, by its bytes, told as line and column. Places are asked for in their order, as a
/// rule: the next one is counted on from the last.
struct SourceMap {
    private let bytes: [UInt8]
    private var last = (offset: 0, line: 1, column: 1)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func place(of offset: Int) -> (line: Int, column: Int) {
        if offset < last.offset { last = (0, 1, 1) }
        for byte in bytes[last.offset..<min(offset, bytes.count)] {
            if byte == UInt8(ascii: "\n") {
                (last.line, last.column) = (last.line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                last.column += 1
            }
        }
        last.offset = min(offset, bytes.count)
        return (last.line, last.column)
    }
}
