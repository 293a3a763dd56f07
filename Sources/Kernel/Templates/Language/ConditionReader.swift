extension TagReader {
    /// A condition as it is written.
    indirect enum WrittenCondition {
        case truth(WrittenValue)
        case comparison(WrittenValue, Comparison, WrittenValue)
        case all([WrittenCondition])
        case any([WrittenCondition])
    }

    /// `a == "b" and c or d`: `and` binds its neighbours before `or` does.
    mutating func condition() throws(SyntaxFault) -> WrittenCondition {
        var any: [WrittenCondition] = [], count = 0
        repeat {
            var all: [WrittenCondition] = []
            repeat {
                all.append(try comparison())
                count += 1
                guard count <= TemplateLimits.chainMax else {
                    throw fault("A condition may compare at most \(TemplateLimits.chainMax) values.")
                }
            } while takeWord("and")
            any.append(all.count == 1 ? all[0] : .all(all))
        } while takeWord("or")
        guard isAtEnd else {
            if isNext("|") {
                throw fault(
                    "A condition cannot have filters: compare lead.items.size instead of counting with one.")
            }
            throw unexpected("and, or, or the tag's end")
        }
        return any.count == 1 ? any[0] : .any(any)
    }

    private mutating func comparison() throws(SyntaxFault) -> WrittenCondition {
        let left = try value()
        guard let sign = comparisonSign() else { return .truth(left) }
        skip()
        return .comparison(left, sign, try value())
    }

    private func comparisonSign() -> Comparison? {
        switch next?.kind {
        case .sign(let sign): Comparison(rawValue: sign)
        case .name("contains"): .contains
        default: nil
        }
    }
}

/// Which names a condition has made sure of: in a block that asks for `lead.company` it is there.
enum Guarding {
    /// As `Condition`, with the names that it asks for.
    indirect enum Fact {
        case present(String)
        case not(Fact)
        case all([Fact])
        case any([Fact])
        case nothing
    }

    /// The names that are there when the condition is true, or when it is false.
    static func names(_ fact: Fact, when holds: Bool) -> Set<String> {
        switch fact {
        case .nothing: return []
        case .present(let path): return holds ? [path] : []
        case .not(let inner): return names(inner, when: !holds)
        case .all(let parts): return holds ? union(parts, holds) : common(parts, holds)
        case .any(let parts): return holds ? common(parts, holds) : union(parts, holds)
        }
    }

    private static func union(_ parts: [Fact], _ holds: Bool) -> Set<String> {
        parts.reduce(into: []) { $0.formUnion(names($1, when: holds)) }
    }

    private static func common(_ parts: [Fact], _ holds: Bool) -> Set<String> {
        guard let first = parts.first else { return [] }
        return parts.dropFirst().reduce(names(first, when: holds)) {
            $0.intersection(names($1, when: holds))
        }
    }
}
