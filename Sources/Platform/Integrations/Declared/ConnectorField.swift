package import JSON
internal import Records
internal import Telemetry

/// A field of a service's records.
package struct ConnectorField: Sendable {
    package let name: String, label: String
    package let type: String
    package let isReadOnly: Bool
    package let at: ConnectorPointer
    /// The agency's field that is most likely meant; whether records are matched by it.
    package let local: String?, isKey: Bool
    let format: Format
    /// The values of the agency's and what the service has for each; several may be one there.
    let values: [(own: String, remote: JSON)]
    /// The places that the words of one text are at: all words but the last one at the first place.
    let parts: [ConnectorPointer]
    /// The place of an amount's currency.
    let currency: ConnectorPointer?
    /// The values that are sent along with the field, by their places.
    let also: [(at: ConnectorPointer, value: JSON)]
    /// The object of the service to whose records it leads; `nil` where it is a value of its own.
    package let refers: String?
    /// The step that sets the field where the service takes no value for it.
    let step: ConnectorStep?

    static let types = [
        "text", "email", "phone", "url", "country", "integer", "number", "boolean", "date", "instant",
        "texts", "money",
    ]

    /// The way in which a service writes a value.
    package enum Format: String, CaseIterable, Sendable {
        /// As JSON has it; as a text, whatever it is.
        case plain, text
        /// A moment as a number since 1970.
        case milliseconds, seconds
        /// A text as a document of Atlassian's (ADF).
        case adf
        /// The host of an address, without www.
        case host
    }

    package var json: JSON {
        [
            "name": .string(name), "label": .string(label), "type": .string(type),
            "read_only": .bool(isReadOnly),
        ]
    }
}

/// A change that a service makes of its own accord when one of its steps is taken.
struct ConnectorStep: Sendable {
    /// The steps that there are.
    let question: ConnectorQuestion
    let items: ConnectorPointer
    /// The place of the value to which a step leads.
    let match: ConnectorPointer
    /// The request that takes it; its names are `id` and `step`.
    let take: ConnectorQuestion
    let id: ConnectorPointer
}

// MARK: Reading

extension ConnectorField {
    /// Returns a record's value; null for what the service leaves out. `currency`: of amounts without one.
    func value(in record: JSON, currency standard: String?) -> JSON {
        if !parts.isEmpty {
            let words = parts.compactMap { $0.value(in: record)?.text?.trimmed }.filter { !$0.isEmpty }
            return words.isEmpty ? .null : .string(words.joined(separator: " "))
        }
        guard let raw = at.value(in: record), !raw.isNull else { return .null }
        if let own = values.first(where: { $0.remote == raw })?.own { return .string(own) }
        if type == "money" {
            let code = currency?.value(in: record)?.text ?? standard
            return code.flatMap { Currency($0) }.flatMap { Self.money(raw, $0) } ?? .null
        }
        return typed(raw)
    }

    private func typed(_ raw: JSON) -> JSON {
        if format == .host {
            guard let host = raw.text?.trimmed, !host.isEmpty else { return .null }
            return .string(host.contains("://") ? host : "https://\(host)")
        }
        if format == .adf { return raw.object == nil ? raw : .string(RichText.plain(of: raw)) }
        let text = raw.text?.trimmed
        switch type {
        case "integer": return text.flatMap { Int64($0) }.map { .integer($0) } ?? (text == "" ? .null : raw)
        case "number": return text.flatMap { Double($0) }.map { .number($0) } ?? (text == "" ? .null : raw)
        case "boolean":
            return text == "true" ? .bool(true) : text == "false" ? .bool(false) : text == "" ? .null : raw
        case "date", "instant":
            guard let text = raw.identifier, let moment = ConnectorTime.instant(text) else {
                return text == "" ? .null : raw
            }
            return .string(type == "date" ? String(moment.description.prefix(10)) : moment.description)
        case "texts":
            return text.map { JSON($0.split(separator: ";").map { String($0).trimmed }) } ?? raw
        default:
            if let text { return text.isEmpty ? .null : .string(text) }
            return raw.int.map { .string("\($0)") } ?? raw
        }
    }

    private static func money(_ raw: JSON, _ currency: Currency) -> JSON? {
        guard let amount = raw.double ?? raw.text.flatMap({ Double($0.trimmed) }), amount.isFinite,
            amount.magnitude < 1e13
        else { return nil }
        let minor = Int64((amount * Double(currency.minorUnits)).rounded())
        return Money(amount: minor, currency: currency.code).json
    }

    /// Returns a value of the agency's as the service will give it back, by which values are compared.
    package func canonical(_ value: JSON, currency: String? = nil) -> JSON {
        guard !value.isNull, let record = try? setting(value, in: [:]) else { return value }
        return self.value(in: record, currency: currency)
    }
}

// MARK: Writing

extension ConnectorField {
    /// Whether the field is among the fields of a request that writes a record.
    var isInBody: Bool { step == nil }

    /// Returns the record with the field's value; throws where the service has no such value.
    func setting(_ value: JSON, in record: JSON) throws(ConnectorValueFault) -> JSON {
        var record = record
        if !parts.isEmpty {
            var words = (value.text ?? "").split(separator: " ").map(String.init)
            let last = words.popLast() ?? ""
            let halves =
                parts.count == 1
                ? [(words + [last]).joined(separator: " ")]
                : [words.joined(separator: " "), last]
            for (place, text) in zip(parts, halves) { record = place.setting(.string(text), in: record) }
            return record
        }
        record = at.setting(try written(value), in: record)
        if let currency, let code = value["currency"]?.text {
            record = currency.setting(.string(code), in: record)
        }
        if !value.isNull {
            for (place, more) in also where place.value(in: record) == nil {
                record = place.setting(more, in: record)
            }
        }
        return record
    }

    /// Returns the value as the service has it.
    func written(_ value: JSON) throws(ConnectorValueFault) -> JSON {
        if !values.isEmpty {
            if let remote = values.first(where: { $0.own == value.identifier })?.remote { return remote }
            if value.isNull { return .null }
            throw ConnectorValueFault(field: name)
        }
        if value.isNull { return format == .text ? "" : .null }
        if type == "money" {
            guard let amount = value["amount"]?.int, let code = value["currency"]?.text,
                let currency = Currency(code)
            else { throw ConnectorValueFault(field: name) }
            let major = Double(amount) / Double(currency.minorUnits)
            let isWhole = amount % currency.minorUnits == 0
            let plain: JSON = isWhole ? .integer(amount / currency.minorUnits) : .number(major)
            return format == .text ? .string(plain.serialized) : plain
        }
        switch format {
        case .plain: return value
        case .adf: return value.text.map { RichText.document(of: $0) } ?? value
        case .host:
            let address = (value.text ?? "").lowercased()
            let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
            let host = address[start...].prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" }
            return .string(String(host.hasPrefix("www.") ? host.dropFirst(4) : host))
        case .milliseconds, .seconds:
            guard let instant = value.identifier.flatMap({ ConnectorTime.instant($0) }) else {
                throw ConnectorValueFault(field: name)
            }
            return .integer(format == .seconds ? instant.seconds : instant.microseconds / 1000)
        case .text:
            if let items = value.array { return .string(items.compactMap(\.text).joined(separator: ";")) }
            return .string(value.text ?? value.serialized)
        }
    }
}

/// A value that the service has no form for.
struct ConnectorValueFault: Error {
    let field: String
}

/// Rich text of Atlassian's as documents (ADF): paragraphs here are lines there, and back.
enum RichText {
    static func document(of text: String) -> JSON {
        let paragraphs = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> JSON in
            let content: JSON = line.isEmpty ? [] : [["type": "text", "text": .string(String(line))]]
            return ["type": "paragraph", "content": content]
        }
        return ["type": "doc", "version": 1, "content": .array(paragraphs)]
    }

    static func plain(of document: JSON) -> String {
        let blocks: Set<String> = [
            "paragraph", "heading", "listItem", "codeBlock", "blockquote", "tableRow", "rule", "mediaSingle",
        ]
        var lines: [String] = [""], isFresh = true
        func walk(_ node: JSON, depth: Int) {
            guard depth < 60 else { return }
            let type = node["type"]?.text ?? ""
            if blocks.contains(type), type != "listItem" {
                if !isFresh { lines.append("") }
                isFresh = false
            }
            switch type {
            case "text": lines[lines.count - 1] += node["text"]?.text ?? ""
            case "hardBreak": lines.append("")
            case "mention", "emoji": lines[lines.count - 1] += node["attrs"]?["text"]?.text ?? ""
            default: for child in node["content"]?.array ?? [] { walk(child, depth: depth + 1) }
            }
        }
        walk(document, depth: 0)
        return lines.joined(separator: "\n")
    }
}
