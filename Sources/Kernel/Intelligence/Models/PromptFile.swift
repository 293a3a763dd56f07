/// A prompt as it stands in a file, under a name and a version that decisions and journals can name. A changed text
/// is another version: a file is never edited once it was used.
package struct PromptFile: Hashable, Sendable {
    package let name: String
    package let version: Int
    private let pieces: [Piece]

    private enum Piece: Hashable, Sendable {
        case text(String)
        case variable(String)
    }

    /// A value that fills a variable.
    package enum Value: Sendable {
        case ours(String)
        case outside(OutsideText)
    }

    package enum Fault: Error, Hashable, Sendable {
        /// Not `name.version.md`.
        case fileName(String)
        case unclosedVariable
        case unknownVariable(String)
        case missingVariable(String)
    }

    /// `file` is `draft_reply.2.md`; in the text `{{lead_name}}` stands for a value.
    package init(file: String, text: String) throws(Fault) {
        let parts = file.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "md", let version = Int(parts[1]), version > 0, !parts[0].isEmpty,
            parts[0].allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "_" })
        else { throw .fileName(file) }
        (name, self.version) = (String(parts[0]), version)
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { throw .unclosedVariable }
            pieces.append(.text(String(rest[..<open.lowerBound])))
            pieces.append(.variable(rest[open.upperBound..<close.lowerBound].filter { $0 != " " }))
            rest = rest[close.upperBound...]
        }
        pieces.append(.text(String(rest)))
        self.pieces = pieces
    }

    /// A prompt that is part of the binary: a fault in it is one of the program.
    package static func embedded(_ file: String, _ text: [UInt8]) -> PromptFile {
        do throws(Fault) {
            return try PromptFile(file: file, text: String(decoding: text, as: UTF8.self))
        } catch {
            preconditionFailure("\(file): \(error)")
        }
    }

    package var variables: [String] {
        pieces.reduce(into: []) { names, piece in
            if case .variable(let name) = piece, !names.contains(name) { names.append(name) }
        }
    }

    /// The name by which what came of it can be looked up.
    package var id: String { "\(name)@\(version)" }

    /// Values are given by name, each exactly once; those from outside come inside a fence.
    package func filled(_ values: [String: Value]) throws(Fault) -> PromptText {
        let known = variables
        if let extra = values.keys.filter({ !known.contains($0) }).min() { throw .unknownVariable(extra) }
        var parts: [PromptText.Part] = []
        for piece in pieces {
            switch piece {
            case .text(let text): if !text.isEmpty { parts.append(.ours(text)) }
            case .variable(let name):
                switch values[name] {
                case .ours(let text): parts.append(.ours(text))
                case .outside(let outside): parts.append(.outside(outside))
                case nil: throw .missingVariable(name)
                }
            }
        }
        return PromptText(parts)
    }
}
