internal import JSON
internal import Records
internal import Telemetry

/// A cell with what tells how it is meant.
struct TransferCell {
    enum Reading {
        case value(JSON)
        case fault(RowFault.Code, String)
    }

    let text: String
    let time: WrittenTime
    let country: Country?
    let currency: Currency
    /// The factor that amounts are counted in, as in `kEUR`.
    let scale: Int64
    /// The values of the field's choices by their names elsewhere, folded.
    let words: [String: String]
    let field: String

    private var quoted: String { "'\(text.prefix(100))'" }

    /// The value that the API would be given.
    func value(_ kind: FieldKind) -> Reading {
        switch kind {
        case .email:
            EmailAddress(deobfuscating: text).map { .value(.string($0.key)) }
                ?? .fault(.invalidEmail, "\(quoted) is not an email address, such as jane@example.com.")
        case .phone:
            PhoneNumber(text, country: country).map { .value(.string($0.e164)) }
                ?? .fault(.invalidPhone, "\(quoted) is not a telephone number, such as +49 30 901820.")
        case .country:
            Country(named: text).map { .value(.string($0.code)) }
                ?? .fault(.invalidCountry, "\(quoted) is not a country, such as Germany or DE.")
        case .choice(let choices): choice(choices)
        case .integer: CellText.wholeNumber(text).map { .value(.integer($0)) } ?? notANumber
        case .number(let range): number(range)
        case .boolean:
            CellText.flag(text).map { .value(.bool($0)) }
                ?? (CellText.isRefusal(text)
                    ? .value(true) : .fault(.wrongType, "\(quoted) is not yes or no: write one of them."))
        case .date:
            time.day(text).map { .value(.string($0.iso)) }
                ?? .fault(.invalidDate, "\(quoted) is not a date, such as 2027-01-31.")
        case .instant:
            time.instant(text).map { .value(.string($0.description)) }
                ?? .fault(.invalidDate, "\(quoted) is not a date or time, such as 2027-01-31T09:00:00Z.")
        case .money: money
        case .texts, .ids: .value(JSON(CSVList(field: field).split(text)))
        case .document, .part, .parts, .custom, .externalIDs:
            (try? JSONParser.parse(text)).map { .value($0) }
                ?? .fault(.malformedJSON, "\(quoted) is not valid JSON: correct it.")
        case .url:
            WebAddress(text).map { .value(.string($0.text)) }
                ?? .fault(.invalidWebsite, "\(quoted) is not a web address, such as https://example.com.")
        case .link:
            WebAddress.link(text).map { .value(.string($0.text)) }
                ?? .fault(
                    .invalidWebsite,
                    "\(quoted) is not a web address that everybody can reach, such as https://example.com.")
        case .timeZone:
            TimeZoneRules.isKnown(text)
                ? .value(.string(text))
                : .fault(
                    .wrongType, "\(quoted) is not a time zone of the tz database, such as Europe/Berlin.")
        case .text, .currency, .id: .value(.string(text))
        }
    }

    private var notANumber: Reading { .fault(.wrongType, "\(quoted) is not a number, such as 1200.") }

    /// In any case, with spaces or without, and as other programs call it.
    private func choice(_ choices: [String]) -> Reading {
        let name = Self.folded(text), code = name.replacing(" ", with: "_")
        if choices.contains(code) { return .value(.string(code)) }
        if let value = words[name] { return .value(.string(value)) }
        return .fault(.invalidChoice, "\(quoted) is not one of \(choices.joined(separator: ", ")).")
    }

    static func folded(_ name: String) -> String { TextFolding.searchTokens(name).joined(separator: " ") }

    /// Of shares, `50 %` and `50` are a half.
    private func number(_ range: ClosedRange<Double>) -> Reading {
        let isPercent = text.hasSuffix("%")
        let digits = TextCleaning.trimmed(isPercent ? String(text.dropLast()) : text).replacing(
            ",", with: ".")
        guard let value = CellText.number(digits)?.double else { return notANumber }
        let isShare = range == 0...1
        return .value(.number(isPercent || isShare && value > 1 ? value / 100 : value))
    }

    private var money: Reading {
        guard let reading = AmountText.parse(text, assuming: currency) else {
            return .fault(.wrongType, "\(quoted) is not an amount of money, such as 1200.50 EUR.")
        }
        let (amount, isTooLarge) = reading.amount.multipliedReportingOverflow(by: scale)
        guard amount >= 0, !isTooLarge else {
            return .fault(
                .outOfRange, "\(quoted) is out of range: send an amount of 0 or more that is not so large.")
        }
        return .value(["amount": .integer(amount), "currency": .string(reading.currency.code)])
    }
}

extension CellText {
    /// A text as it was meant: encodings and character references repaired, empty where it says that there is
    /// nothing.
    static func cleaned(_ text: String, isBlock: Bool = false, isName: Bool = false) -> String {
        let repaired = Mojibake.repair(text)
        if isBlock {
            let block = TextCleaning.block(repaired)
            return isPlaceholder(block, isName: true) ? "" : block
        }
        let line = HTMLText.decodingReferences(TextCleaning.line(repaired))
        // Namibia.
        if line.utf8.count == 2, line != "--" { return line }
        return isPlaceholder(line, isName: isName) ? "" : line
    }

    /// `1,200` and `1200`.
    static func wholeNumber(_ text: String) -> Int64? {
        let groups = text.split(omittingEmptySubsequences: false) { ",.' ".contains($0) }
        guard groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return Int64(text) }
        return Int64(groups.joined())
    }
}
