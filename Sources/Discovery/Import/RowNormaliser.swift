package import JSON
package import Records

/// A row of a file as a lead: the body that creating it through the API would have.
package struct ImportedLead: Hashable, Sendable {
    /// Counts data rows from 1.
    package let row: Int
    /// Filled fields only; for an update, what is absent keeps its old value.
    package let values: JSONObject
    /// Not empty: the row is not to be written.
    package let faults: [RowFault]
    /// What was set aside rather than refused: the row is good, and its notes hold the text.
    package let notices: [RowFault]

    /// `nil` when nothing tells this lead from others.
    package var dedupeKey: DedupeKey? {
        let key = DedupeKey(
            email: values["email"]?.text, website: values["website"]?.text, contactName: values["contact_name"]?.text,
            company: values["company"]?.text)
        return key.isEmpty ? nil : key
    }
}

/// Turns rows into leads. Every policy is written down in docs/import.md.
package struct RowNormaliser: Sendable {
    /// The type of a custom field that was declared before.
    package enum CustomKind: Sendable { case text, number, flag }

    package struct Defaults: Sendable {
        /// Where telephone numbers without a country code are dialled, for rows without a country.
        package var country: Country?
        /// Of amounts that name no currency.
        package var currency: Currency
        package var customKinds: [String: CustomKind]

        package init(country: Country? = nil, currency: Currency = .dollar, customKinds: [String: CustomKind] = [:]) {
            (self.country, self.currency, self.customKinds) = (country, currency, customKinds)
        }
    }

    /// The mark that a refusal leaves on a lead.
    package static let doNotContactTag = "do_not_contact"

    private let columns: [HeaderMapping.Column]
    private let isVerbatim: Bool
    private let explicit: HeaderMapping.Explicit
    private let defaults: Defaults

    /// For the rows of a CSV file.
    package init(_ mapping: HeaderMapping, _ defaults: Defaults) {
        columns = mapping.columns
        isVerbatim = mapping.isOwnExport
        explicit = .none
        self.defaults = defaults
    }

    /// For JSON lines, whose names are the API's unless the mapping says otherwise.
    package init(jsonLines explicit: HeaderMapping.Explicit, _ defaults: Defaults) {
        columns = []
        isVerbatim = false
        self.explicit = explicit
        self.defaults = defaults
    }

    package func lead(_ row: CSVRow) -> ImportedLead {
        guard row.count == columns.count else {
            let detail = "The row has \(row.count) cells, the header has \(columns.count)."
            let fault = RowFault(row: row.number, code: .columnCount, detail: detail)
            return ImportedLead(row: row.number, values: JSONObject(), faults: [fault], notices: [])
        }
        var draft = LeadDraft(row: row.number, isVerbatim: isVerbatim, defaults: defaults)
        for (index, column) in columns.enumerated() {
            guard let target = column.target, row.byteCount(index) > 0 else { continue }
            draft.take(row.text(index), target, column)
        }
        return draft.finished()
    }

    package func lead(_ object: JSONObject, row: Int) -> ImportedLead {
        // Our own export says who it is; its values are not touched.
        let isOwn = ["id", "version", "created_at"].allSatisfy { object[$0] != nil }
        var draft = LeadDraft(row: row, isVerbatim: isOwn, defaults: defaults)
        for (name, value) in object.members {
            if let target = explicit.targets[name] {
                if let target { draft.take(value, target, named: name) }
            } else if name == "custom" || name == "external_ids" {
                draft.takeMembers(value, of: name)
            } else if let target = ImportTarget(name) {
                draft.take(value, target, named: name)
            } else if !LeadField.readOnly.contains(name) {
                draft.fault(name, .unknownField, "A lead has no field '\(name)'.")
            }
        }
        return draft.finished()
    }
}

/// A lead in the making: cells go in one by one, in the order of the columns; what depends on several of
/// them is settled at the end.
private struct LeadDraft {
    let row: Int
    let isVerbatim: Bool
    let defaults: RowNormaliser.Defaults
    private var values: [LeadField: JSON] = [:]
    private var firstName = "", lastName = "", city = "", state = ""
    private var country: Country?
    /// Cells that wait for the country.
    private var phones: [(header: String, text: String)] = []
    private var tags: [String] = []
    private var painPoints: [String] = []
    private var notes: [String] = []
    /// What found no place of its own and must not be lost: appended to the notes.
    private var leftovers: [String] = []
    private var custom = JSONObject()
    private var externalIDs = JSONObject()
    private var isRefused = false
    private var faults: [RowFault] = []
    private var notices: [RowFault] = []

    init(row: Int, isVerbatim: Bool, defaults: RowNormaliser.Defaults) {
        (self.row, self.isVerbatim, self.defaults) = (row, isVerbatim, defaults)
    }

    mutating func fault(_ field: String, _ code: RowFault.Code, _ detail: String) {
        faults.append(RowFault(row: row, field: field, code: code, detail: detail))
    }

    private mutating func fault(_ field: LeadField, _ code: RowFault.Code, _ detail: String) {
        fault(field.rawValue, code, detail)
    }
}

// MARK: - Cells

extension LeadDraft {
    /// A cell of a CSV file.
    mutating func take(_ raw: String, _ target: ImportTarget, _ column: HeaderMapping.Column) {
        if case .custom(let key) = target, isVerbatim {
            return takeOwnCustom(raw, key)
        }
        var text = FormulaGuard.unprotected(raw)
        if !isVerbatim { text = Mojibake.repair(text) }
        take(text, target, header: column.header, currency: column.currency, scale: column.scale)
    }

    private mutating func take(
        _ text: String, _ target: ImportTarget, header: String, currency: Currency? = nil, scale: Int64 = 1
    ) {
        switch target {
        case .field(let field): takeField(text, field, header, currency, scale)
        case .firstName: firstName = firstName.isEmpty ? name(text) : firstName
        case .lastName: lastName = lastName.isEmpty ? name(text) : lastName
        case .city: city = city.isEmpty ? line(text) : city
        case .state: state = state.isEmpty ? line(text) : state
        case .custom(let key): takeCustom(line(text), key)
        case .externalID(let system):
            let text = line(text)
            if !text.isEmpty { externalIDs[system] = .string(text) }
        case .consent:
            let text = line(text)
            guard !text.isEmpty else { return }
            custom["consent"] = .string(text)
            isRefused = isRefused || CellText.isConsentRefused(text)
        case .doNotContact:
            let text = line(text)
            isRefused = isRefused || CellText.flag(text) == true || CellText.isRefusal(text)
        }
    }

    private mutating func takeField(
        _ text: String, _ field: LeadField, _ header: String, _ currency: Currency?, _ scale: Int64
    ) {
        if isVerbatim { return takeOwn(text, field) }
        switch field {
        case .company, .industry, .location, .contactTitle, .source, .clientID:
            set(field, line(text), header)
        case .contactName: set(field, PersonName.cleaned(name(text)), header)
        case .website, .linkedinURL: takeLink(line(text), field, header)
        case .country: takeCountry(line(text, keepsNA: true), header)
        case .email: takeEmail(text, header)
        case .phone: takePhone(text, header)
        case .employeeCount: takeNumber(line(text), field, header, CellText.headcount)
        case .timelineDays: takeNumber(line(text), field, header, CellText.days)
        case .annualRevenue, .budget: takeMoney(line(text), field, header, currency, scale)
        case .authority: takeFlag(line(text), field)
        case .status: takeStatus(line(text))
        case .painPoints: painPoints += CSVList.sentences.split(line(text))
        case .tags:
            let text = line(text)
            isRefused = isRefused || CellText.isRefusal(text)
            tags += CSVList.tags.split(text)
        case .notes:
            let text = TextCleaning.block(text)
            guard !text.isEmpty, !CellText.isPlaceholder(text, isName: true) else { return }
            isRefused = isRefused || CellText.isRefusal(text)
            notes.append(text)
        }
    }

    /// A text of one line, empty where it says that there is nothing. Character references of web pages
    /// are decoded; tags stay, they are data.
    private func line(_ text: String, keepsNA: Bool = false) -> String {
        if isVerbatim { return text }
        let line = HTMLText.decodingReferences(TextCleaning.line(text))
        if keepsNA, line.utf8.count == 2 { return line }
        return CellText.isPlaceholder(line) ? "" : line
    }

    private func name(_ text: String) -> String {
        if isVerbatim { return text }
        let line = HTMLText.decodingReferences(TextCleaning.line(text))
        return CellText.isPlaceholder(line, isName: true) ? "" : line
    }

    /// Sets a field that has one value: of two columns the first that is filled wins, and what the other
    /// one says besides goes into the notes.
    private mutating func set(_ field: LeadField, _ text: String, _ header: String) {
        guard !text.isEmpty else { return }
        guard let present = values[field] else {
            values[field] = .string(text)
            return
        }
        if let old = present.text, TextFolding.fold(old) == TextFolding.fold(text) { return }
        leave(text, header)
    }

    private mutating func set(_ field: LeadField, _ value: JSON, _ text: String, _ header: String) {
        if values[field] == nil { values[field] = value } else if values[field] != value { leave(text, header) }
    }

    private mutating func leave(_ text: String, _ header: String) {
        let line = "\(TextCleaning.line(header)): \(TextCleaning.line(text))"
        if !leftovers.contains(line) { leftovers.append(line) }
    }

    private mutating func notice(_ field: LeadField, _ code: RowFault.Code, _ text: String, _ header: String) {
        leave(text, header)
        let detail = "'\(text.prefix(100))' could not be read; it is kept in the notes."
        notices.append(RowFault(row: row, field: field.rawValue, code: code, detail: detail))
    }
}

// MARK: - Kinds of values

extension LeadDraft {
    private mutating func takeEmail(_ raw: String, _ header: String) {
        let text = line(raw)
        guard !text.isEmpty, !CellText.isPlaceholder(address: text) else { return }
        if let address = EmailAddress(deobfuscating: text) {
            return set(.email, address.description, header)
        }
        if CellText.isRefusal(text) {
            isRefused = true
            return leave(text, header)
        }
        // Two addresses in a cell: the first is the contact's, the second is kept.
        let parts = text.split { ",;/| \n\t".contains($0) }.map(String.init)
        let addresses = parts.compactMap { EmailAddress($0) }
        if parts.count >= 2, addresses.count == parts.count {
            for address in addresses { set(.email, address.description, header) }
            return
        }
        fault(.email, .invalidEmail, "'\(text.prefix(100))' is no e-mail address.")
    }

    private mutating func takePhone(_ raw: String, _ header: String) {
        let text = line(raw)
        guard !text.isEmpty else { return }
        if CellText.isRefusal(text) { isRefused = true }
        phones.append((header, text))
    }

    /// Numbers are read last, when the row's country is known.
    private mutating func settlePhones() {
        for (header, text) in phones {
            var parts = [text]
            var numbers = [phone(text)]
            if numbers[0] == nil {
                parts = text.split { ";,/|\n".contains($0) }.map { TextCleaning.trimmed(String($0)) }.filter { !$0.isEmpty }
                numbers = parts.map { phone($0) }
            }
            guard numbers.contains(where: { $0 != nil }) else {
                notice(.phone, .invalidPhone, text, header)
                continue
            }
            for (part, number) in zip(parts, numbers) {
                guard let number else {
                    leave(part, header)
                    continue
                }
                set(.phone, number.e164, header)
                if let digits = number.extension, values[.phone]?.text == number.e164 { leave(digits, "\(header) extension") }
            }
        }
    }

    private func phone(_ text: String) -> PhoneNumber? {
        if let country = country ?? defaults.country { return PhoneNumber(text, country: country) }
        if let number = PhoneNumber(text) { return number }
        // The site's or the mail's country, if the number is certainly one of it.
        let hosts = [
            values[.website]?.text.flatMap { WebAddress($0)?.host }, values[.email]?.text.flatMap { EmailAddress($0)?.domain },
        ]
        for host in hosts.compactMap(\.self) {
            guard let country = Country(topLevelDomainOf: host), let number = PhoneNumber(text, country: country),
                number.certainty == .valid
            else { continue }
            return number
        }
        return nil
    }

    private mutating func takeCountry(_ text: String, _ header: String) {
        guard !text.isEmpty else { return }
        guard let found = Country(named: text) else {
            return fault(.country, .invalidCountry, "'\(text.prefix(100))' is no country.")
        }
        if country == nil { country = found }
        set(.country, found.code, header)
    }

    private mutating func takeLink(_ text: String, _ field: LeadField, _ header: String) {
        guard !text.isEmpty else { return }
        let isLinkedIn = field == .linkedinURL
        var links = [WebAddress(text)]
        if links[0] == nil { links = text.split { ",; \n|".contains($0) }.map { WebAddress(String($0)) } }
        let good = links.compactMap(\.self).filter { !isLinkedIn || $0.registrableDomain == "linkedin.com" }
        guard let first = good.first, good.count == links.count else {
            return notice(field, .invalidWebsite, text, header)
        }
        set(field, first.text, header)
        for other in good.dropFirst() { set(field, other.text, header) }
    }

    private mutating func takeNumber(
        _ text: String, _ field: LeadField, _ header: String, _ read: (String) -> CellText.Reading<Int>
    ) {
        guard !text.isEmpty else { return }
        switch read(text) {
        case .value(let number): set(field, JSON(number), text, header)
        case .outOfRange: fault(field, .outOfRange, "'\(text.prefix(100))' is out of range.")
        case .unreadable: fault(field, .wrongType, "'\(text.prefix(100))' is no number.")
        }
    }

    private mutating func takeMoney(
        _ text: String, _ field: LeadField, _ header: String, _ currency: Currency?, _ scale: Int64
    ) {
        guard !text.isEmpty else { return }
        guard let reading = AmountText.parse(text, assuming: currency ?? defaults.currency) else {
            return fault(field, .wrongType, "'\(text.prefix(100))' is no amount of money.")
        }
        let (amount, isTooLarge) = reading.amount.multipliedReportingOverflow(by: scale)
        guard amount >= 0, !isTooLarge else { return fault(field, .outOfRange, "'\(text.prefix(100))' is out of range.") }
        set(field, money(amount, reading.currency), text, header)
    }

    private func money(_ amount: Int64, _ currency: Currency) -> JSON {
        ["amount": .integer(amount), "currency": .string(currency.code)]
    }

    private mutating func takeFlag(_ text: String, _ field: LeadField) {
        guard !text.isEmpty else { return }
        guard let flag = CellText.flag(text) else {
            return fault(field, .wrongType, "'\(text.prefix(100))' is neither yes nor no.")
        }
        if values[field] == nil { values[field] = .bool(flag) }
    }

    private mutating func takeStatus(_ text: String) {
        guard !text.isEmpty else { return }
        if CellText.isRefusal(text) {
            isRefused = true
            return
        }
        guard let status = CellText.status(text) else {
            let choices = LeadField.statuses.joined(separator: ", ")
            return fault(.status, .invalidChoice, "'\(text.prefix(100))' is none of: \(choices).")
        }
        if values[.status] == nil { values[.status] = .string(status) }
    }

    private mutating func takeCustom(_ text: String, _ key: String) {
        guard !text.isEmpty else { return }
        switch defaults.customKinds[key] {
        case .number:
            guard let value = CellText.number(text) else {
                return fault("custom.\(key)", .wrongType, "'\(text.prefix(100))' is no number.")
            }
            custom[key] = value
        case .flag:
            guard let flag = CellText.flag(text) else {
                return fault("custom.\(key)", .wrongType, "'\(text.prefix(100))' is neither yes nor no.")
            }
            custom[key] = .bool(flag)
        case .text, nil: custom[key] = .string(text)
        }
    }
}

// MARK: - Our own exports

extension LeadDraft {
    /// A cell of our own export: read to the letter.
    private mutating func takeOwn(_ text: String, _ field: LeadField) {
        switch field {
        case .employeeCount, .timelineDays:
            guard let number = Int64(text) else { return fault(field, .wrongType, "'\(text.prefix(100))' is no number.") }
            values[field] = .integer(number)
        case .annualRevenue, .budget:
            guard let reading = AmountText.parse(text, assuming: defaults.currency) else {
                return fault(field, .wrongType, "'\(text.prefix(100))' is no amount of money.")
            }
            values[field] = money(reading.amount, reading.currency)
        case .authority: takeFlag(text, field)
        case .tags: tags = CSVList.tags.split(text)
        case .painPoints: painPoints = CSVList.sentences.split(text)
        case .notes: notes = [text]
        default: values[field] = .string(text)
        }
    }

    /// A number or a truth value, unless an apostrophe says that it is a text.
    private mutating func takeOwnCustom(_ text: String, _ key: String) {
        var copy = text
        let isTyped = copy.withUTF8 { FormulaGuard.isTyped($0) || FormulaGuard.isDangerous($0) }
        if text.utf8.first == UInt8(ascii: "'"), isTyped {
            custom[key] = .string(String(text.dropFirst()))
        } else if isTyped || text.hasPrefix("-"), let value = CellText.number(text) {
            custom[key] = value
        } else if let flag = ["true": true, "false": false][text] {
            custom[key] = .bool(flag)
        } else {
            custom[key] = .string(text)
        }
    }
}

// MARK: - JSON lines

extension LeadDraft {
    mutating func takeMembers(_ value: JSON, of name: String) {
        guard let members = value.object?.members else {
            if !value.isNull { fault(name, .wrongType, "'\(name)' is an object.") }
            return
        }
        for (key, value) in members {
            guard let target = ImportTarget("\(name).\(key)") else {
                fault("\(name).\(key)", .unknownField, "'\(key)' is no name of a member.")
                continue
            }
            take(value, target, named: key)
        }
    }

    mutating func take(_ value: JSON, _ target: ImportTarget, named name: String) {
        switch (target, value) {
        case (_, .null): break
        case (.custom(let key), .bool), (.custom(let key), .integer), (.custom(let key), .number): custom[key] = value
        case (.custom(let key), .string(let text)) where isVerbatim: custom[key] = .string(text)
        case (.consent, .bool(let flag)):
            custom["consent"] = value
            isRefused = isRefused || !flag
        case (.doNotContact, .bool(let flag)): isRefused = isRefused || flag
        case (.field(.authority), .bool): values[.authority] = value
        case (.field(.employeeCount), .integer(let number)): takeInteger(number, .employeeCount, CellText.headcountMax)
        case (.field(.timelineDays), .integer(let number)): takeInteger(number, .timelineDays, CellText.daysMax)
        case (.field(.annualRevenue), .object), (.field(.budget), .object): takeMoneyObject(value, target, name)
        case (.field(.tags), .array(let items)), (.field(.painPoints), .array(let items)): takeItems(items, target, name)
        case (.field, .string(let text)), (.firstName, .string(let text)), (.lastName, .string(let text)),
            (.city, .string(let text)), (.state, .string(let text)), (.custom, .string(let text)),
            (.externalID, .string(let text)), (.consent, .string(let text)), (.doNotContact, .string(let text)):
            if !text.isEmpty { take(text, target, header: name) }
        default: fault(target.fieldName, .wrongType, "'\(name)' has a value of another type.")
        }
    }

    private mutating func takeInteger(_ number: Int64, _ field: LeadField, _ most: Int) {
        guard (0...Int64(most)).contains(number) else { return fault(field, .outOfRange, "\(number) is out of range.") }
        values[field] = .integer(number)
    }

    private mutating func takeMoneyObject(_ value: JSON, _ target: ImportTarget, _ name: String) {
        guard let amount = value["amount"]?.int, let currency = value["currency"]?.text.flatMap({ Currency($0) }), amount >= 0,
            case .field(let field) = target
        else { return fault(target.fieldName, .wrongType, "'\(name)' is no amount of money.") }
        values[field] = money(amount, currency)
    }

    private mutating func takeItems(_ items: [JSON], _ target: ImportTarget, _ name: String) {
        let texts = items.compactMap(\.text)
        guard texts.count == items.count else {
            return fault(target.fieldName, .wrongType, "'\(name)' is a list of texts.")
        }
        let kept = isVerbatim ? texts : texts.map { line($0) }.filter { !$0.isEmpty }
        if target == .field(.tags) { tags += kept } else { painPoints += kept }
    }
}

// MARK: - The whole row

extension LeadDraft {
    mutating func finished() -> ImportedLead {
        if !isVerbatim {
            settleName()
            settleLocation()
            settlePhones()
            settleRefusal()
        }
        if let email = values[.email]?.text, isVerbatim, EmailAddress(email) == nil {
            fault(.email, .invalidEmail, "'\(email.prefix(100))' is no e-mail address.")
        }
        settleLists()
        let text = (notes + leftovers).joined(separator: "\n")
        if !text.isEmpty { values[.notes] = .string(text) }
        if values[.company]?.text?.isEmpty ?? true { fault(.company, .required, "A lead needs a company.") }
        checkLengths()
        var body = JSONObject()
        for field in LeadField.allCases { if let value = values[field] { body.append(field.rawValue, value) } }
        if !custom.isEmpty { body.append("custom", .object(custom)) }
        if !externalIDs.isEmpty { body.append("external_ids", .object(externalIDs)) }
        return ImportedLead(row: row, values: body, faults: faults, notices: notices)
    }

    /// A full name that holds more than the parts wins over them.
    private mutating func settleName() {
        let joined = PersonName.joined(first: firstName, last: lastName)
        guard !joined.isEmpty else { return }
        let full = values[.contactName]?.text ?? ""
        if full.isEmpty || !full.contains(" ") && joined.contains(" ") { values[.contactName] = .string(joined) }
    }

    private mutating func settleLocation() {
        guard values[.location] == nil else { return }
        let isRepeated = city.hasSuffix(", \(state)") || city == state
        let parts = [city, state].filter { !$0.isEmpty }
        let text = isRepeated ? city : parts.joined(separator: ", ")
        guard !text.isEmpty else { return }
        // "AUSTIN, TX": the state's letters stay.
        let cased = text.split(separator: ",").map { TextCleaning.trimmed(String($0)) }.enumerated().map { index, part in
            index > 0 && part.count <= 3 ? part : PersonName.cased(part)
        }
        values[.location] = .string(cased.joined(separator: ", "))
    }

    private mutating func settleRefusal() {
        if isRefused, !tags.contains(RowNormaliser.doNotContactTag) { tags.append(RowNormaliser.doNotContactTag) }
    }

    private mutating func settleLists() {
        func unique(_ items: [String]) -> [String] {
            var seen: Set<String> = []
            return items.filter { seen.insert(isVerbatim ? $0 : TextFolding.fold($0)).inserted }
        }
        if !tags.isEmpty { values[.tags] = JSON(unique(tags)) }
        if !painPoints.isEmpty { values[.painPoints] = JSON(unique(painPoints)) }
    }

    private mutating func checkLengths() {
        for field in LeadField.allCases {
            guard let most = field.lengthMax, let value = values[field] else { continue }
            let texts = value.text.map { [$0] } ?? value.array?.compactMap(\.text) ?? []
            // The bytes bound the characters; counting those is slow and rarely needed.
            guard texts.contains(where: { $0.utf8.count > most && $0.unicodeScalars.count > most }) else { continue }
            fault(field, .tooLong, "The text is longer than \(most) characters.")
        }
        for (key, value) in custom.members where (value.text?.utf8.count ?? 0) > LeadField.notes.lengthMax! {
            fault("custom.\(key)", .tooLong, "The text is longer than \(LeadField.notes.lengthMax!) characters.")
        }
    }
}
