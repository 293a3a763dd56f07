internal import JSON

extension Template {
    /// Returns the template with words as its reader says them. `names` are names of people and companies, which stay
    /// as they are where the template spells them out.
    package func reworded(_ rewording: Rewording, sparing names: [String]) -> Template {
        guard !rewording.isEmpty else { return self }
        var writer = RewordedText(rewording, sparing: names)
        return Template(
            source: source, nodes: writer.reworded(nodes), withoutFallback: withoutFallback, named: named)
    }
}

extension RewordedText {
    fileprivate mutating func reworded(_ nodes: [Node]) -> [Node] {
        nodes.indices.map { index in
            switch nodes[index] {
            case .text(let bytes):
                let (before, after) = (index > 0 ? nodes[index - 1] : nil, nodes.dropFirst(index + 1).first)
                return .text(written(bytes, isAfterValue: before.isOutput, isBeforeValue: after.isOutput))
            case .output(var output):
                output.filters = output.filters.map { filter in
                    guard case .fallback(.literal(.string(let text))) = filter else { return filter }
                    return .fallback(.literal(.string(words(text))))
                }
                return .output(output)
            case .choice(let branches):
                return .choice(
                    branches.map { Node.Branch(condition: $0.condition, body: reworded($0.body)) })
            case .loop(var loop):
                loop.body = reworded(loop.body)
                loop.otherwise = reworded(loop.otherwise)
                return .loop(loop)
            }
        }
    }
}

extension Node? {
    fileprivate var isOutput: Bool { if case .output = self { true } else { false } }
}
