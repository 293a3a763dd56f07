internal import Records

/// A text with names in double braces.
package struct FilledText: Sendable {
    private enum Piece: Sendable { case text(Substring), name(String) }
    private let pieces: [Piece]

    package init(_ source: String) {
        var pieces: [Piece] = [], rest = source[...]
        while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
            pieces.append(.text(rest[..<open.lowerBound]))
            pieces.append(.name(String(rest[open.upperBound..<close.lowerBound]).trimmed))
            rest = rest[close.upperBound...]
        }
        self.pieces = pieces + [.text(rest)]
    }

    package var names: [String] { pieces.compactMap { if case .name(let name) = $0 { name } else { nil } } }

    package func written(_ values: [String: String]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): String(text)
            case .name(let name): values[name] ?? ""
            }
        }.joined()
    }
}

extension Substring {
    fileprivate func range(of mark: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(mark) { return index..<self.index(index, offsetBy: mark.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
