internal import JSON

extension Compiler {
    mutating func condition(_ reader: inout TagReader) -> (Condition, Guarding.Fact)? {
        do throws(SyntaxFault) {
            return resolved(try reader.condition())
        } catch {
            fault(error.offset, .syntaxError, error.detail)
            return nil
        }
    }

    private mutating func resolved(_ written: TagReader.WrittenCondition) -> (Condition, Guarding.Fact)? {
        switch written {
        case .truth(let value):
            return known(value).map { (.truth($0.operand), Self.asks($0)) }
        case .comparison(let left, let sign, let right):
            // Both are looked up before either is given up, so that both faults are told.
            let (one, other) = (known(left), known(right))
            guard let one, let other else { return nil }
            return (.comparison(one.operand, sign, other.operand), Self.asks(one, sign, other))
        case .all(let parts):
            let known = parts.map { resolved($0) }
            guard !known.contains(where: { $0 == nil }) else { return nil }
            return (.all(known.map { $0!.0 }), .all(known.map { $0!.1 }))
        case .any(let parts):
            let known = parts.map { resolved($0) }
            guard !known.contains(where: { $0 == nil }) else { return nil }
            return (.any(known.map { $0!.0 }), .any(known.map { $0!.1 }))
        }
    }

    private static func asks(_ value: KnownValue) -> Guarding.Fact {
        value.path.map { .present($0) } ?? .nothing
    }

    /// A name that equals something is there; one that differs from nothing is, too.
    private static func asks(_ left: KnownValue, _ sign: Comparison, _ right: KnownValue) -> Guarding.Fact {
        guard var path = left.path, case .literal(let value) = right.operand else { return .nothing }
        if sign == .greater || sign == .atLeast || sign == .contains {
            if path.hasSuffix(".size") { path.removeLast(5) }
            return .present(path)
        }
        let isNothing = Truth.isMissing(value)
        switch sign {
        case .equal: return isNothing ? .not(.present(path)) : .present(path)
        case .unequal: return isNothing ? .present(path) : .not(.present(path))
        default: return .nothing
        }
    }
}
