package import JSON
internal import Records
internal import Telemetry

/// The values that texts of a connector may name, for one request.
struct ConnectorNames: Sendable {
    private var values: [String: JSON]
    /// When the request is made.
    let now: Instant

    init(_ values: [String: JSON] = [:], now: Instant) { (self.values, self.now) = (values, now) }

    subscript(name: String) -> JSON? {
        get { values[name] }
        set { values[name] = newValue }
    }

    func adding(_ more: [String: JSON]) -> ConnectorNames {
        ConnectorNames(values.merging(more) { $1 }, now: now)
    }
}

/// A text with places such as `{{ since }}` or `{{ since | milliseconds }}`.
package struct ConnectorText: Hashable, Sendable {
    private enum Piece: Hashable { case text(String), name(String, ConnectorForm?), fault(String) }

    private let pieces: [Piece]

    package init(_ text: String) {
        var pieces: [Piece] = [], rest = Substring(text)
        while let start = rest.firstRange(of: "{{"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            if start.lowerBound > rest.startIndex {
                pieces.append(.text(String(rest[..<start.lowerBound])))
            }
            let inside = rest[start.upperBound..<end.lowerBound].split(
                separator: "|", omittingEmptySubsequences: false
            ).map { String($0).trimmed }
            if inside.count == 1 {
                pieces.append(.name(inside[0], nil))
            } else if inside.count == 2, let form = ConnectorForm(rawValue: inside[1]) {
                pieces.append(.name(inside[0], form))
            } else {
                pieces.append(.fault(inside.joined(separator: " | ")))
            }
            rest = rest[end.upperBound...]
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    package var names: [String] {
        pieces.compactMap { piece in
            switch piece {
            case .text: nil
            case .name(let name, _): name
            case .fault(let words): words
            }
        }
    }

    /// The text as it stands, without its places.
    var written: String {
        pieces.map { piece in if case .text(let text) = piece { text } else { "" } }.joined()
    }

    /// Whether every name of it is followed by no form, or by one that there is.
    var isWellFormed: Bool {
        pieces.allSatisfy { piece in if case .fault = piece { false } else { true } }
    }

    /// Returns the text with values in its places; `nil` where one has none, or an empty one.
    func filled(with values: ConnectorNames, escaping: (String) -> String = { $0 }) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .fault: return nil
            case .name(let name, let form):
                guard let value = values[name]?.written, !value.isEmpty,
                    let formed = form.map({ $0.form(value, at: values.now) }) ?? value
                else { return nil }
                text += escaping(formed)
            }
        }
        return text
    }

    /// Returns the value that the text stands for in a document: a text that is a name alone is that name's value.
    func value(with values: ConnectorNames) -> JSON? {
        if pieces.count == 1, case .name(let name, nil) = pieces[0], let value = values[name],
            value.text == nil
        {
            return value
        }
        if pieces.count == 1, case .name(let name, .number) = pieces[0] {
            return values[name]?.written.flatMap { Int64($0) }.map { .integer($0) }
        }
        return filled(with: values).map { .string($0) }
    }
}

/// A way in which a value is written in a text.
enum ConnectorForm: String, CaseIterable, Sendable {
    /// An instant in milliseconds or seconds since 1970, in universal time to the second, as a date.
    case milliseconds, seconds, utc, date
    /// The number of minutes since an instant, and one more.
    case minutesAgo = "minutes_ago"
    /// Between quotation marks in an expression: those that end it, and backslashes, are escaped.
    case quoted
    /// As HTML, line by line.
    case html
    /// A whole number where it stands alone in a document.
    case number

    func form(_ text: String, at now: Instant) -> String? {
        switch self {
        case .html: return text.htmlEscaped.replacing("\n", with: "<br>")
        case .number: return Int64(text).map { "\($0)" }
        default: break
        }
        if self == .quoted {
            return text.reduce(into: "") { result, character in
                if ["\\", "'", "\""].contains(character) { result += "\\" }
                result.append(character)
            }
        }
        guard let instant = ConnectorTime.instant(text) else { return nil }
        return switch self {
        case .milliseconds: "\(instant.microseconds / 1000)"
        case .seconds: "\(instant.seconds)"
        case .utc: instant.description.prefix(19) + "Z"
        case .date: String(instant.description.prefix(10))
        case .minutesAgo: "\(max(0, (now - instant).components.seconds) / 60 + 1)"
        case .quoted, .html, .number: text
        }
    }
}

/// Moments as services write them.
enum ConnectorTime {
    /// Reads RFC 3339, a zone without a colon (`+0000`), and seconds or milliseconds since 1970.
    static func instant(_ text: String) -> Instant? {
        if let instant = Instant(text) { return instant }
        if let number = Int64(text) {
            return number.magnitude >= 100_000_000_000
                ? Instant(milliseconds: number) : Instant(seconds: number)
        }
        let sign = text.index(text.endIndex, offsetBy: -5, limitedBy: text.startIndex)
        guard let sign, text[sign] == "+" || text[sign] == "-" else { return nil }
        let middle = text.index(text.endIndex, offsetBy: -2)
        return Instant(text[..<middle] + ":" + text[middle...])
    }
}

/// A JSON document with texts that have places for values; a member whose value is not known is left out.
package indirect enum ConnectorTemplate: Hashable, Sendable {
    case text(ConnectorText)
    case list([ConnectorTemplate])
    case object([Member])
    case value(JSON)

    package struct Member: Hashable, Sendable {
        let name: ConnectorText, value: ConnectorTemplate
    }

    init(_ document: JSON) {
        if let text = document.text {
            self = .text(ConnectorText(text))
        } else if let items = document.array {
            self = .list(items.map { ConnectorTemplate($0) })
        } else if let object = document.object {
            self = .object(
                object.members.map { Member(name: ConnectorText($0.key), value: ConnectorTemplate($0.value)) }
            )
        } else {
            self = .value(document)
        }
    }

    /// The texts in it, by their places.
    var texts: [(place: String, text: ConnectorText)] {
        switch self {
        case .text(let text): [("", text)]
        case .value: []
        case .list(let items):
            items.enumerated().flatMap { index, item in item.texts.map { ("/\(index)\($0.place)", $0.text) } }
        case .object(let members):
            members.flatMap { member in
                let place = "/\(member.name.written.pointerToken)"
                return [(place, member.name)] + member.value.texts.map { (place + $0.place, $0.text) }
            }
        }
    }

    func filled(with values: ConnectorNames) -> JSON? {
        switch self {
        case .text(let text): text.value(with: values)
        case .value(let value): value
        case .list(let items): .array(items.compactMap { $0.filled(with: values) })
        case .object(let members):
            .object(
                JSONObject(
                    members.compactMap { member in
                        guard let name = member.name.filled(with: values) else { return nil }
                        return member.value.filled(with: values).map { (name, $0) }
                    }))
        }
    }
}

extension JSON {
    /// A value as a text has it; a list with commas between its items.
    fileprivate var written: String? {
        if let array { return array.compactMap(\.written).joined(separator: ",") }
        return text ?? int.map { "\($0)" } ?? flag.map { "\($0)" } ?? double.map { "\($0)" }
    }
}
