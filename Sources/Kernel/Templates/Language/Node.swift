internal import JSON

/// A part of a compiled template: names are resolved, filters known, patterns of dates read.
indirect enum Node: Sendable {
    case text([UInt8])
    case output(Output)
    case choice([Branch])
    case loop(Loop)

    struct Output: Sendable {
        var value: Operand
        var filters: [AppliedFilter]
        /// As it is written, for what is told as missing; `nil` where the value cannot be missing, or has a
        /// default.
        var missing: Use?
        /// Where in Markdown or HTML it stands.
        var context: LinkContext
        var form: Form
    }

    /// The form that a text that is put out is known to have.
    enum Form: Sendable {
        case plain
        /// An address, which stays one.
        case address
        /// Percent-encoded already.
        case encoded
    }

    /// One of several parts; without a condition it is the last one.
    struct Branch: Sendable {
        var condition: Condition?
        var body: [Node]
    }

    struct Loop: Sendable {
        var list: Operand
        var limit: Operand?
        var body: [Node]
        var otherwise: [Node]
        /// Byte of its tag.
        var offset: Int
    }
}

/// A value in a tag.
enum Operand: Sendable {
    case literal(JSON)
    case path(Path)
}

/// `lead.pain_points[0]`, resolved: either from the values, or from a loop's variable.
struct Path: Sendable {
    enum Root: Sendable, Hashable {
        case value(String)
        /// The item of a loop that it stands in, counted from the outermost.
        case item(Int)
        /// The innermost loop itself.
        case loop(Int)
    }

    enum Step: Sendable, Hashable {
        case member(String)
        case index(Int)
        case size, first, last
    }

    var root: Root
    var steps: [Step]
}

indirect enum Condition: Sendable {
    case truth(Operand)
    case comparison(Operand, Comparison, Operand)
    case all([Condition])
    case any([Condition])
    case not(Condition)
}

enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
    case contains
}

/// A name that a template outputs.
package struct Use: Hashable, Sendable {
    /// The name as it is written: `lead.company`.
    package let path: String
    package let line: Int, column: Int
}

/// Where a value stands, by the text before it. An address has rules of its own, whatever is around it.
enum LinkContext: Sendable {
    /// Not in an address.
    case none
    /// The address begins with the value: its scheme is looked at.
    case start
    /// In a host or a path.
    case middle
    /// Behind `?` or `#`: one component.
    case component
}
