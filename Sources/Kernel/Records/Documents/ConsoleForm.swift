package import JSON

/// The words for a resource, and the fields that people meet first: a declaration adds them to the names and kinds of
/// its fields, so that a page can draw lists and forms of it.
package struct ConsoleForm: Sendable {
    /// One record, and several, within a sentence; `nil`: by the name of the table.
    package let singular: String?, plural: String?
    /// The field that names a record; `nil`: `name`, `title` or `subject`, whichever there is.
    package let title: String?
    /// The fields that a list shows beside the name, and those by which people filter it.
    package let columns: [String], filters: [String]
    /// The fields that a form shows first, in their order; `nil`: all of them.
    package let form: [String]?

    package init(
        _ singular: String? = nil, plural: String? = nil, title: String? = nil, columns: [String] = [],
        form: [String]? = nil, filters: [String] = []
    ) {
        (self.singular, self.plural, self.title) = (singular, plural, title)
        (self.columns, self.form, self.filters) = (columns, form, filters)
    }
}

extension Resource {
    /// The field that names a record to people, if any.
    package var titleField: String? {
        console.title ?? ["name", "title", "subject"].first { schema[$0]?.isSecret == false }
    }

    /// The names in the console's form that are no field of the resource: a mistake of the declaration.
    package var unknownInConsole: [String] {
        let named = console.columns + console.filters + (console.form ?? [])
        return (named + [console.title].compactMap(\.self)).filter { schema[$0]?.isSecret != false }
    }

    /// The declaration as `/v1/meta/resources` serves it, but for the operations: what a console needs for lists and
    /// forms. `one` and `many` are the words of the table's name.
    package func description(_ one: String, _ many: String) -> JSONObject {
        var object: JSONObject = [
            "name": .string(prefix), "path": .string("/v1/\(path)"),
            "table": .string(table), "singular": .string(console.singular ?? one),
            "plural": .string(console.plural ?? many),
            "title_field": JSON(titleField), "columns": JSON(columnsShown),
        ]
        let form = console.form ?? visible.filter(\.isWritable).map(\.name)
        object.append("form", JSON(form))
        object.append("filters", JSON(console.filters))
        object.append("fields", .array(visible.map { .object(described($0)) }))
        return object
    }

    private var columnsShown: [String] {
        console.columns.isEmpty
            ? ["status", "created_at"].filter { schema[$0] != nil && $0 != titleField } : console.columns
    }

    private func described(_ field: Field<R>) -> JSONObject {
        let label = field.label ?? Label.of(field: field.name)
        var object: JSONObject = [
            "name": .string(field.name), "schema": field.kind.jsonSchema(isNullable: field.isOptional),
            "required": .bool(field.isRequired), "read_only": .bool(field.isReadOnly),
            "write_once": .bool(field.isWriteOnce),
            "filterable": .bool(field.isFilterable), "sortable": .bool(field.isSortable),
            "searchable": .bool(field.isSearchable), "personal": .bool(field.isPersonal),
            "label": .string(label),
            "control": .string(field.kind.control),
            "advanced": .bool(field.isAdvanced || isLeftOut(field)),
        ]
        if let referent = field.refers { object.append("refers", .string(referent.path)) }
        if let about = field.about { object.append("description", .string(about)) }
        let about = field.about.flatMap { Label.help($0, beside: "\(label) \(table)") }
        if let help = field.help ?? about { object.append("help", .string(help)) }
        if let group = field.group { object.append("group", .string(group)) }
        if case .choice(let choices) = field.kind {
            let labelled = choices.map { value -> JSON in
                ["value": .string(value), "label": .string(Label.of(code: value))]
            }
            object.append("choices", .array(labelled))
        }
        if let example = field.example { object.append("example", example) }
        return object
    }

    /// Returns whether a form that is declared leaves the field to those who look for more.
    private func isLeftOut(_ field: Field<R>) -> Bool {
        guard let form = console.form, field.isWritable, !field.isRequired else { return false }
        return !form.contains(field.name)
    }
}

extension Field {
    fileprivate var isWritable: Bool { !isReadOnly && !isSecret }
}

extension FieldKind {
    /// The control that a form has for values of the kind.
    var control: String {
        switch self {
        case .text(let max): max >= 1000 ? "multiline" : "text"
        case .email: "email"
        case .phone: "phone"
        case .url, .link: "url"
        case .country: "country"
        case .currency: "currency"
        case .timeZone: "time_zone"
        case .choice: "choice"
        case .integer, .number: "number"
        case .boolean: "checkbox"
        case .date: "date"
        case .instant: "instant"
        case .money: "money"
        case .texts: "tags"
        case .id: "reference"
        case .ids: "references"
        case .custom: "custom"
        case .externalIDs: "external_ids"
        case .part: "group"
        case .parts: "items"
        case .document: "document"
        }
    }
}

/// The texts that people read in place of the names and codes of the API.
package enum Label {
    /// Names and abbreviations, which keep their capitals wherever they stand.
    private static let spellings = [
        "ai": "AI", "api": "API", "cc": "CC", "crm": "CRM", "csv": "CSV", "dkim": "DKIM", "html": "HTML",
        "id": "ID",
        "ids": "IDs", "imap": "IMAP", "linkedin": "LinkedIn", "nps": "NPS", "oauth": "OAuth", "pdf": "PDF",
        "sla": "SLA", "sms": "SMS", "smtp": "SMTP", "url": "URL", "vat": "VAT", "whatsapp": "WhatsApp",
    ]

    /// Fields that have one name in many resources, which people call otherwise.
    private static let fields = [
        "body": "Text", "created_at": "Added", "employee_count": "Employees", "external_ids": "Other systems",
        "linkedin_url": "LinkedIn",
        "locale": "Language", "public_url": "Public link", "updated_at": "Changed",
    ]

    /// The label of a field: `Contact name` for `contact_name`, `Owner` for `owner_id`.
    package static func of(field name: String) -> String {
        if let known = fields[name] { return known }
        if name.hasSuffix("_id"), name.count > 3 { return of(code: String(name.dropLast(3))) }
        return of(code: name)
    }

    /// A code in sentence case: `Waiting for client` for `waiting_for_client`.
    package static func of(code: String) -> String {
        let text = code.split(whereSeparator: { "_-. ".contains($0) }).map {
            spellings[String($0)] ?? String($0)
        }
        .joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// Returns what a description tells to those who fill in a form; `nil` where it is for those who write programs,
    /// or says no more than the words `beside` it.
    package static func help(_ about: String, beside words: String) -> String? {
        let isForPrograms =
            about.contains("/v1/") || about.contains("null") || about.contains("BCP 47")
            || about.contains("E.164")
            || about.contains(/[`{}]|[a-z]_[a-z]|[A-Z]{2,} [0-9]/)
        let known = stems(of: words).union(emptyStems)
        return isForPrograms || stems(of: about).isSubset(of: known) ? nil : about
    }

    /// Beginnings of words that tell nothing by themselves.
    private static let emptyStems = stems(
        of: "a an and by for full has in is it its name of s that the who whom whose")

    private static func stems(of text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter }.map { String($0.prefix(4)) })
    }
}
