internal import JSON

/// A fault in the use of a filter.
struct FilterFault: Error {
    let code: TemplateFault.Code
    let offset: Int
    let detail: String
}

/// A filter as it is written: its arguments are literals, or (behind `default`) names.
struct WrittenFilter {
    let name: String
    let offset: Int
    let arguments: [WrittenValue]
}

extension TagReader {
    private static let argumentsMax = 6

    /// `| name: argument, argument`, as often as it stands there, up to the tag's end.
    mutating func filters() throws(SyntaxFault) -> [WrittenFilter] {
        var filters: [WrittenFilter] = []
        while take("|") {
            guard let (name, offset) = name() else { throw unexpected("a filter's name after the |") }
            var arguments: [WrittenValue] = []
            if take(":") {
                repeat {
                    arguments.append(try value())
                    guard arguments.count <= Self.argumentsMax else {
                        throw fault("This filter has too many arguments: remove some.")
                    }
                } while take(",")
            }
            filters.append(WrittenFilter(name: name, offset: offset, arguments: arguments))
            guard filters.count <= TemplateLimits.chainMax else {
                throw fault("A value may have at most \(TemplateLimits.chainMax) filters.")
            }
        }
        guard isAtEnd else { throw unexpected("a | with a filter, or }}") }
        return filters
    }
}

/// Turns a written filter into one that can be applied, and says what kind of value comes out of it.
struct FilterReader {
    let written: WrittenFilter
    /// Of the value that comes in.
    let input: TemplateNames.Kind

    typealias Result = (filter: AppliedFilter, kind: TemplateNames.Kind)

    /// `fallback` is what `default` stands in with, looked up already; without it there is no result for
    /// `default`.
    func read(fallback: KnownValue?) throws(FilterFault) -> Result? {
        guard let filter = Filter(rawValue: written.name) else {
            throw FilterFault(code: .unknownFilter, offset: written.offset, detail: unknown)
        }
        switch filter {
        case .fallback:
            try count(1...1)
            return fallback.map { (.fallback($0.operand), input) }
        case .upcase: return (.upcase, try text())
        case .downcase: return (.downcase, try text())
        case .capitalize: return (.capitalize, try text())
        case .firstName: return (.firstName, try text())
        case .urlEncode: return (.urlEncode, try text())
        case .truncate:
            try count(1...2)
            let kind = try scalar("truncate shortens texts")
            return (
                .truncate(
                    try whole(0, in: 1...10_000, "a number of characters"),
                    ending: try string(1) ?? "…"), kind
            )
        case .join:
            try count(0...2)
            try list()
            let separator = try string(0) ?? ", "
            return (.join(separator, last: try string(1) ?? separator), .text)
        case .first, .last:
            try count(0...0)
            try list()
            return (filter == .first ? .first : .last, input.item ?? .any)
        case .size:
            try count(0...0)
            guard !input.isNumeric, !input.isObject else { throw wrong("size counts lists and texts") }
            return (.size, .number)
        case .date: return try date()
        case .time:
            try count(0...0)
            guard input.isMoment else { throw wrong("time shows moments") }
            return (.time, .text)
        case .money:
            try count(0...0)
            switch input {
            case .money, .any, .object: return (.money, .text)
            default: throw wrong("money shows amounts that have a currency")
            }
        case .number:
            try count(0...1)
            try number("number shows numbers")
            let places = written.arguments.isEmpty ? nil : try whole(0, in: 0...6, "decimal places")
            return (.number(places: places), .text)
        case .percent:
            try count(0...1)
            try number("percent shows a share such as 0.25")
            let places = written.arguments.isEmpty ? 0 : try whole(0, in: 0...6, "decimal places")
            return (.percent(places: places), .text)
        case .plural: return try plural()
        }
    }

    private var unknown: String {
        if let hint = Filter.elsewhere[written.name] {
            return "The filter '\(written.name)' does not exist: \(hint)."
        }
        let names = Filter.allCases.map(\.rawValue)
        if let near = Spelling.nearest(to: written.name, among: names) {
            return "The filter '\(written.name)' does not exist: did you mean \(near)?"
        }
        return
            "The filter '\(written.name)' does not exist. The filters are \(names.joined(separator: ", "))."
    }

    private func wrong(_ does: String) -> FilterFault {
        FilterFault(
            code: .wrongArgument, offset: written.offset, detail: "\(does); this is \(input.noun).")
    }

    private func wrong(_ index: Int, _ expected: String) -> FilterFault {
        let offset = index < written.arguments.count ? written.arguments[index].offset : written.offset
        return FilterFault(
            code: .wrongArgument, offset: offset, detail: "\(written.name) takes \(expected) here.")
    }

    private func count(_ range: ClosedRange<Int>) throws(FilterFault) {
        guard !range.contains(written.arguments.count) else { return }
        let expected =
            switch (range.lowerBound, range.upperBound) {
            case (0, 0): "no argument"
            case (1, 1): "one argument, as in \(written.name): …"
            case (let low, let high) where low == 0: "\(high) arguments at most"
            case (let low, let high): "\(low) to \(high) arguments"
            }
        throw FilterFault(
            code: .wrongArgument, offset: written.offset, detail: "\(written.name) takes \(expected).")
    }

    private func text() throws(FilterFault) -> TemplateNames.Kind {
        try count(0...0)
        _ = try scalar("\(written.name) changes texts")
        return .text
    }

    private func scalar(_ does: String) throws(FilterFault) -> TemplateNames.Kind {
        switch input {
        case .list, .object, .open, .money: throw wrong(does)
        default: return .text
        }
    }

    private func list() throws(FilterFault) {
        guard input.item != nil else { throw wrong("\(written.name) works on lists") }
    }

    private func number(_ does: String) throws(FilterFault) {
        switch input {
        case .number, .text, .any: return
        default: throw wrong(does)
        }
    }

    private func date() throws(FilterFault) -> Result {
        try count(0...1)
        guard input.isMoment else { throw wrong("date shows moments and dates") }
        guard let text = try string(0) else { return (.date(.long), .text) }
        switch DatePattern.read(text) {
        case .success(let pattern): return (.date(pattern), .text)
        case .failure(let fault): throw wrong(0, fault.expected)
        }
    }

    private func plural() throws(FilterFault) -> Result {
        try count(1...6)
        switch input {
        case .number, .text, .list, .any: break
        default: throw wrong("plural chooses by a number")
        }
        var forms: [String] = []
        for index in written.arguments.indices { forms.append(try string(index)!) }
        return (.plural(forms), .text)
    }

    private func string(_ index: Int) throws(FilterFault) -> String? {
        guard index < written.arguments.count else { return nil }
        guard case .literal(.string(let text)) = written.arguments[index].form else {
            throw wrong(index, "a text in quotation marks")
        }
        return text
    }

    private func whole(_ index: Int, in range: ClosedRange<Int>, _ what: String) throws(FilterFault) -> Int {
        guard index < written.arguments.count,
            case .literal(.integer(let value)) = written.arguments[index].form,
            let whole = Int(exactly: value), range.contains(whole)
        else { throw wrong(index, "\(what) from \(range.lowerBound) to \(range.upperBound)") }
        return whole
    }
}

extension TemplateNames.Kind {
    fileprivate var isNumeric: Bool {
        switch self {
        case .number, .flag, .money, .instant, .date: true
        default: false
        }
    }

    fileprivate var isMoment: Bool {
        switch self {
        case .instant, .date, .text, .any: true
        default: false
        }
    }
}
