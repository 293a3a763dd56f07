internal import JSON
internal import Records
internal import Transfer

/// A lead in the making: cells go in one by one, in the order of the columns; what depends on several of
/// them is settled at the end.
struct LeadDraft {
    let row: Int
    let isVerbatim: Bool
    let defaults: RowNormaliser.Defaults
    var values: [LeadField: JSON] = [:]
    var firstName = "", lastName = "", city = "", state = ""
    var country: Country?
    /// Cells that wait for the country.
    var phones: [(header: String, text: String)] = []
    var tags: [String] = []
    var painPoints: [String] = []
    var notes: [String] = []
    /// Text that found no place of its own and must not be lost: appended to the notes.
    var leftovers: [String] = []
    var custom = JSONObject()
    var externalIDs = JSONObject()
    var isRefused = false
    var faults: [RowFault] = []
    var notices: [RowFault] = []

    init(row: Int, isVerbatim: Bool, defaults: RowNormaliser.Defaults) {
        (self.row, self.isVerbatim, self.defaults) = (row, isVerbatim, defaults)
    }

    mutating func fault(_ field: String, _ code: RowFault.Code, _ detail: String) {
        faults.append(RowFault(row: row, field: field, code: code, detail: detail))
    }

    mutating func fault(_ field: LeadField, _ code: RowFault.Code, _ detail: String) {
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

    mutating func take(
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

    mutating func takeField(
        _ text: String, _ field: LeadField, _ header: String, _ currency: Currency?, _ scale: Int64
    ) {
        if isVerbatim { return takeOwn(text, field) }
        switch field {
        case .company, .industry, .location, .contactTitle, .source, .clientID, .ownerID:
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
        case .knownSince: takeMoment(line(text), field)
        case .technicalLevel: set(field, line(text).lowercased(), header)
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
    func line(_ text: String, keepsNA: Bool = false) -> String {
        if isVerbatim { return text }
        let line = HTMLText.decodingReferences(TextCleaning.line(text))
        if keepsNA, line.utf8.count == 2 { return line }
        return CellText.isPlaceholder(line) ? "" : line
    }

    func name(_ text: String) -> String {
        if isVerbatim { return text }
        let line = TextCleaning.oneLine(HTMLText.decodingReferences(text))
        return CellText.isPlaceholder(line, isName: true) ? "" : line
    }

    /// Sets a field that has one value: of two columns the first that is filled wins, and what the other
    /// one says besides goes into the notes.
    mutating func set(_ field: LeadField, _ text: String, _ header: String) {
        guard !text.isEmpty else { return }
        guard let present = values[field] else {
            values[field] = .string(text)
            return
        }
        if let old = present.text, TextFolding.fold(old) == TextFolding.fold(text) { return }
        leave(text, header)
    }

    mutating func set(_ field: LeadField, _ value: JSON, _ text: String, _ header: String) {
        if values[field] == nil {
            values[field] = value
        } else if values[field] != value {
            leave(text, header)
        }
    }

    mutating func leave(_ text: String, _ header: String) {
        let line = "\(TextCleaning.line(header)): \(TextCleaning.line(text))"
        if !leftovers.contains(line) { leftovers.append(line) }
    }

    mutating func notice(_ field: LeadField, _ code: RowFault.Code, _ text: String, _ header: String) {
        leave(text, header)
        let detail = "'\(text.prefix(100))' could not be read; it is kept in the notes."
        notices.append(RowFault(row: row, field: field.rawValue, code: code, detail: detail))
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
        if let email = values[.email]?.text, isVerbatim {
            if let address = EmailAddress(email) {
                values[.email] = .string(address.key)
            } else {
                fault(.email, .invalidEmail, "'\(email.prefix(100))' is not an email address.")
            }
        }
        settleLists()
        let text = (notes + leftovers).joined(separator: "\n")
        if !text.isEmpty { values[.notes] = .string(text) }
        var body = JSONObject()
        for field in LeadField.allCases {
            if let value = values[field] { body.append(field.rawValue, value) }
        }
        if !custom.isEmpty { body.append("custom", .object(custom)) }
        if !externalIDs.isEmpty { body.append("external_ids", .object(externalIDs)) }
        var lead = Lead(), found = Faults()
        Lead.schema.create(&lead, from: body, isNormal: !isVerbatim, faults: &found)
        let refused = Set(faults.map(\.field))
        faults += found.list.map { $0.rowFault(row) }.filter { !refused.contains($0.field) }
        return ImportedLead(
            row: row, isOwn: isVerbatim, lead: lead, values: body, faults: faults, notices: notices)
    }

    /// A full name that holds more than the parts wins over them.
    mutating func settleName() {
        let joined = PersonName.joined(first: firstName, last: lastName)
        guard !joined.isEmpty else { return }
        let full = values[.contactName]?.text ?? ""
        if full.isEmpty || !full.contains(" ") && joined.contains(" ") {
            values[.contactName] = .string(joined)
        }
    }

    mutating func settleLocation() {
        guard values[.location] == nil else { return }
        let isRepeated = city.hasSuffix(", \(state)") || city == state
        let parts = [city, state].filter { !$0.isEmpty }
        let text = isRepeated ? city : parts.joined(separator: ", ")
        guard !text.isEmpty else { return }
        // "AUSTIN, TX": the state's letters stay.
        let cased = text.split(separator: ",").map { TextCleaning.trimmed(String($0)) }.enumerated().map {
            index, part in
            (index > 0 || city.isEmpty) && part.count <= 3 ? part : PersonName.cased(part)
        }
        values[.location] = .string(cased.joined(separator: ", "))
    }

    mutating func settleRefusal() {
        if isRefused, !tags.contains(RowNormaliser.doNotContactTag) {
            tags.append(RowNormaliser.doNotContactTag)
        }
    }

    mutating func settleLists() {
        func unique(_ items: [String]) -> [String] {
            var seen: Set<String> = []
            return items.filter { seen.insert(isVerbatim ? $0 : TextFolding.fold($0)).inserted }
        }
        if !tags.isEmpty { values[.tags] = JSON(unique(tags)) }
        if !painPoints.isEmpty { values[.painPoints] = JSON(unique(painPoints)) }
    }
}
