internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A question to the agency's numbers, with all that its answer depends on: it is kept with the decision, and answered
/// again when that is replayed.
struct MarketCase: Sendable {
    enum Kind: String, Choice { case trend, season, gap, segment, competitor }

    let kind: Kind
    /// The trait that is compared: `all`, `industry`, `size`, `country`, `source`, `service`, `topic`, `month`, `need`,
    /// `competitor`.
    let dimension: String
    let value: String
    /// The cases that are asked about, and those that they are compared with.
    var here = Share(0, of: 0), there = Share(0, of: 0)
    /// Of a season: the day on which it begins next, the share of days that it has, and whether every year shows it.
    var day: CivilDate?
    var expected = 0.0
    var years = 0
    var isSteady = false
    /// The number of questions of its kind that the run has asked: with many, one comes out odd by chance.
    var tests = 1
    /// Further facts, each with its interval.
    var more: JSONObject = [:]
    var evidence: [JSON] = []

    init(_ kind: Kind, _ dimension: String, _ value: some Key) {
        (self.kind, self.dimension, self.value) = (kind, dimension, value.keyText)
    }

    /// The subject that its decisions are about.
    var key: String { "\(kind.rawValue)/\(dimension)/\(value)" }

    var json: JSON {
        func pair(_ share: Share) -> JSON { [JSON(share.hits), JSON(share.count)] }
        return [
            "kind": .string(kind.rawValue), "dimension": .string(dimension), "value": .string(value),
            "here": pair(here), "there": pair(there), "day": JSON(day?.iso), "expected": .number(expected),
            "years": JSON(years), "steady": .bool(isSteady), "tests": JSON(tests), "more": .object(more),
            "evidence": .array(evidence),
        ]
    }

    init?(_ json: JSON) {
        func share(_ name: String) -> Share? {
            let numbers = json[name]?.array?.compactMap(\.int) ?? []
            return numbers.count == 2 ? Share(Int(numbers[0]), of: Int(numbers[1])) : nil
        }
        guard let kind = json["kind"]?.text.flatMap(Kind.init(rawValue:)),
            let dimension = json["dimension"]?.text, let value = json["value"]?.text,
            let here = share("here"), let there = share("there")
        else { return nil }
        self.init(kind, dimension, value)
        (self.here, self.there) = (here, there)
        day = json["day"]?.text.flatMap { CivilDate(iso: $0) }
        expected = json["expected"]?.double ?? 0
        (years, tests) = (Int(json["years"]?.int ?? 0), Int(json["tests"]?.int ?? 1))
        isSteady = json["steady"]?.flag ?? false
        more = json["more"]?.object ?? [:]
        evidence = json["evidence"]?.array ?? []
    }
}
