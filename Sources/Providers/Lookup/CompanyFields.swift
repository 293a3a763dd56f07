internal import Facts
internal import JSON
internal import Records

/// Reads the members of services' answers about companies, as statements.
struct CompanyFields {
    private(set) var statements: [CompanyStatement] = []
    private let confidence: Double

    init(confidence: Double) { self.confidence = confidence }

    /// Adds a value as it came, with its own words; nothing for null, and for the booleans that smaller plans give in
    /// place of a value.
    mutating func add(_ field: String, _ value: JSON?, as written: JSON? = nil, less: Double = 0) {
        guard let value, !value.isNull, value.flag == nil, value != "", value != [] else { return }
        let words = value.array?.first.map { $0.text ?? $0.serialized } ?? value.text ?? value.serialized
        statements.append(
            CompanyStatement(field, written ?? value, quote: words, confidence: confidence - less))
    }

    /// Adds a number, which services write as a text, too.
    mutating func add(number value: JSON?, to field: String) {
        let number = value?.int ?? value?.double.flatMap { Int64(exactly: $0.rounded()) }
        let parsed = number ?? value?.text.flatMap { Int64($0.filter { $0 != "," }) }
        add(field, value, as: parsed.map { .integer($0) })
    }

    /// Adds a sum in US dollars.
    mutating func add(dollars value: JSON?, to field: String) {
        guard let value, let dollars = value.double ?? value.text.flatMap({ Double($0) }), dollars >= 0,
            dollars < 1e14
        else { return }
        add(field, value, as: Money(amount: Int64(dollars * 100), currency: "USD").json)
    }

    /// Adds a country, by its name or code; one that is none of the world's is left as it came.
    mutating func add(country value: JSON?) {
        guard let text = value?.text, !text.isEmpty else { return }
        let country = Country(named: text) ?? Country(text.uppercased())
        add("country", value, as: country.map { .string($0.code) })
    }

    /// Adds an address, which some services write without its scheme.
    mutating func add(url value: JSON?, to field: String) {
        guard let text = value?.text, !text.isEmpty else { return }
        let url = text.contains("://") ? text : "https://" + text
        add(field, value, as: .string(url))
    }

    /// Adds the addresses of profiles.
    mutating func add(profiles values: [JSON?]) {
        let urls = values.compactMap { $0?.text }.filter { !$0.isEmpty }.map {
            $0.contains("://") ? $0 : "https://" + $0
        }
        guard let first = values.compactMap({ $0?.text }).first(where: { !$0.isEmpty }) else { return }
        statements.append(
            CompanyStatement("social_urls", JSON(urls), quote: first, confidence: confidence))
    }

    /// Reads a class of sizes such as `51-200` or `10001+`.
    static func range(_ value: JSON?) -> ClosedRange<Int64>? {
        guard let text = value?.text?.filter({ $0 != "," && $0 != " " }) else { return nil }
        if text.hasSuffix("+"), let low = Int64(text.dropLast()) { return low...Int64.max }
        let parts = text.split { "-–".contains($0) }.compactMap { Int64($0) }
        return parts.count == 2 && parts[0] <= parts[1] ? parts[0]...parts[1] : nil
    }

    /// Puts the parts of a place that are known into one line.
    static func place(_ parts: JSON?...) -> JSON? {
        let known = parts.compactMap { $0?.text }.filter { !$0.isEmpty }
        return known.isEmpty ? nil : .string(known.joined(separator: ", "))
    }
}
