package import JSON
package import Records
package import Telemetry
package import Wording

/// Something to be told that is not in words yet: the key of a sentence in the catalogues, with its values. It is
/// stored like this, and put into words in the language of whoever reads it.
///
///     let title = Saying("alert.refund_failed", ["detail": .text(detail)])
///     title.said(in: words, zone)
package struct Saying: Hashable, Sendable {
    /// The value of an argument: days, times, money and countries are written as the reader's language does.
    package indirect enum Value: Hashable, Sendable {
        case text(String), number(Int), day(CivilDate), time(Instant), money(Money), country(Country)
        /// A part of the sentence that is in words of its own.
        case saying(Saying)
        /// Several, with a semicolon between them.
        case list([Saying])

        /// Returns the value that chooses between yes and no: `{has_name, select, yes {…} other {…}}`.
        package static func flag(_ value: Bool) -> Value { .text(value ? "yes" : "no") }
    }

    /// Empty: words of somebody's, which are in no catalogue.
    package let key: String
    package let values: [String: Value]

    package init(_ key: String, _ values: [String: Value] = [:]) { (self.key, self.values) = (key, values) }

    /// Words of somebody's, which are told as they are: a name, a message, what a service answered.
    package static func quoted(_ text: String) -> Saying { Saying("", ["text": .text(text)]) }

    /// Lines of which each is told by itself.
    package static func lines(_ lines: [Saying]) -> Saying {
        Saying("", ["lines": .list(lines)])
    }

    /// Returns the sentence in the reader's words; times are those of the zone, or without one as machines write them.
    package func said(in words: Wording, _ zone: TimeZoneRules? = .utc) -> String {
        if !key.isEmpty {
            return words(key, values.mapValues { $0.said(in: words, zone) })
        }
        if case .list(let lines) = values["lines"] {
            return lines.map { $0.said(in: words, zone) }.joined(separator: "\n")
        }
        if case .text(let text) = values["text"] { return text }
        return ""
    }

    /// The sentence as it is stored, and as programs read it: in English, with times by RFC 3339.
    package var english: String { said(in: .english, nil) }

    /// The values of the sentence for programs: days and times by ISO 8601, money as amount and currency, sentences
    /// within it in English.
    package var details: JSONObject {
        JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.detail) })
    }
}

extension Saying.Value {
    fileprivate func said(in words: Wording, _ zone: TimeZoneRules?) -> Wording.Value {
        let locale = TextLocale(words.tag)
        return switch self {
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        case .day(let day): .text(locale.shown(day))
        case .time(let time): .text(zone.map { locale.shown(time, in: $0) } ?? time.description)
        case .money(let money): .text(locale.shown(money))
        case .country(let country): .text(country.name(in: words.language))
        case .saying(let saying): .text(saying.said(in: words, zone))
        case .list(let list): .text(list.map { $0.said(in: words, zone) }.joined(separator: "; "))
        }
    }
}

// MARK: As it is stored

extension Saying {
    package var json: JSON {
        let values = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
        return ["key": .string(key), "values": .object(JSONObject(values))]
    }

    /// Reads what `json` has written; `nil` for anything else.
    package init?(json: JSON?) {
        guard let json, let key = json["key"]?.text else { return nil }
        var values: [String: Value] = [:]
        for (name, value) in json["values"]?.object?.members ?? [] {
            guard let value = Value(json: value) else { return nil }
            values[name] = value
        }
        self.init(key, values)
    }
}

extension Saying.Value {
    fileprivate var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .integer(Int64(number))
        case .day(let day): ["day": .string(day.iso)]
        case .time(let time): ["time": .integer(time.microseconds)]
        case .money(let money): ["money": money.json]
        case .country(let country): ["country": .string(country.code)]
        case .saying(let saying): saying.json
        case .list(let list): .array(list.map(\.json))
        }
    }

    fileprivate init?(json: JSON) {
        if let text = json.text {
            self = .text(text)
        } else if let number = json.int {
            self = .number(Int(number))
        } else if let list = json.array {
            self = .list(list.compactMap { Saying(json: $0) })
        } else if let day = json["day"]?.text.flatMap(CivilDate.init(iso:)) {
            self = .day(day)
        } else if let time = json["time"]?.int {
            self = .time(Instant(microseconds: time))
        } else if let amount = json["money"]?["amount"]?.int, let currency = json["money"]?["currency"]?.text
        {
            self = .money(Money(amount: amount, currency: currency))
        } else if let country = json["country"]?.text.flatMap({ Country($0) }) {
            self = .country(country)
        } else if let saying = Saying(json: json) {
            self = .saying(saying)
        } else {
            return nil
        }
    }

    fileprivate var detail: JSON {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .integer(Int64(number))
        case .day(let day): .string(day.iso)
        case .time(let time): .string(time.description)
        case .money(let money): money.json
        case .country(let country): .string(country.code)
        case .saying(let saying): .string(saying.english)
        case .list(let list): .array(list.map { .string($0.english) })
        }
    }
}
