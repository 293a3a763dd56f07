internal import JSON
internal import Records

/// Applies filters to values. What a filter cannot read passes it as it is: a date that somebody typed by
/// hand is better than none.
struct FilterApplication {
    let format: ValueFormat

    func apply(_ filter: AppliedFilter, to value: JSON) -> JSON {
        switch filter {
        // The renderer knows what stands in.
        case .fallback: return value
        case .upcase: return text(value) { format.locale.uppercased($0) }
        case .downcase: return text(value) { format.locale.lowercased($0) }
        case .capitalize: return text(value, Self.capitalized)
        case .firstName: return text(value, PersonName.first)
        case .truncate(let length, let ending):
            return text(value) { Self.truncated($0, length, ending) }
        case .join(let separator, let last): return join(value, separator, last)
        case .first: return value.array.map { $0.first ?? .null } ?? value
        case .last: return value.array.map { $0.last ?? .null } ?? value
        case .size: return JSON(Self.count(value))
        case .date(let pattern): return moment(value) { format.date($0, pattern) }
        case .time: return moment(value) { format.time($0) }
        case .money: return MoneyValue(value).map { .string(format.money($0)) } ?? value
        case .number(let places): return number(value) { format.number($0, places: places) }
        case .percent(let places): return number(value) { format.percent($0, places: places) }
        case .plural(let forms): return .string(plural(value, forms))
        case .urlEncode:
            return text(value) {
                var bytes: [UInt8] = []
                Escape.component(Escape.withoutControls($0), into: &bytes)
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    private func text(_ value: JSON, _ change: (String) -> String) -> JSON {
        switch value {
        case .string(let text): .string(change(text))
        case .null: .null
        default: .string(change(format.plain(value)))
        }
    }

    /// The first letter as a title has it; the rest stays, since a name's capitals are its owner's.
    private static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst())
    }

    /// At most so many characters, the ending among them.
    private static func truncated(_ text: String, _ length: Int, _ ending: String) -> String {
        guard text.utf8.count > length, text.count > length else { return text }
        var kept = text.prefix(max(0, length - ending.count))
        // A word is not cut when that costs no more than a few letters.
        if let blank = kept.lastIndex(where: \.isWhitespace),
            !text[kept.endIndex...].prefix(1).allSatisfy(\.isWhitespace),
            kept.distance(from: blank, to: kept.endIndex) <= min(15, length / 3)
        {
            kept = kept[..<blank]
        }
        while let last = kept.last, last.isWhitespace { kept.removeLast() }
        return String((kept + ending).prefix(length))
    }

    private func join(_ value: JSON, _ separator: String, _ last: String) -> JSON {
        guard let items = value.array else { return value }
        let texts = items.map(format.plain).filter { !$0.isEmpty }
        guard texts.count > 1 else { return .string(texts.first ?? "") }
        return .string(texts.dropLast().joined(separator: separator) + last + texts[texts.count - 1])
    }

    private static func count(_ value: JSON) -> Int { value.array?.count ?? value.text?.count ?? 0 }

    private func moment(_ value: JSON, _ show: (Moment) -> String?) -> JSON {
        guard let text = value.text, let moment = format.moment(text), let shown = show(moment) else {
            return value
        }
        return .string(shown)
    }

    private func number(_ value: JSON, _ show: (Double) -> String) -> JSON {
        if let number = value.double { return .string(show(number)) }
        guard let text = value.text, let number = Double(text), number.isFinite else { return value }
        return .string(show(number))
    }

    private func plural(_ value: JSON, _ forms: [String]) -> String {
        let number: Double =
            switch value {
            case .array(let items): Double(items.count)
            case .string(let text): Double(text) ?? 0
            default: value.double ?? 0
            }
        return format.locale.plural(number, forms)
    }
}
