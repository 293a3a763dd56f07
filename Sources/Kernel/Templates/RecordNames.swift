internal import JSON
package import Records

extension TemplateNames.Name {
    /// A record under a name, with everything of it that may leave: `{{ lead.company }}`. Its values are the
    /// record's JSON.
    package static func record<R: Sendable>(_ name: String, _ schema: Schema<R>) -> Self {
        .object(
            name,
            schema.fields.filter { !$0.isSecret }.map { field in
                let isAlways = field.isRequired || !field.isOptional && !field.hasAbsentValue
                return TemplateNames.Name(
                    field.name, TemplateNames.Kind(field.kind), isAlways ? .required : .optional)
            })
    }
}

extension TemplateNames.Kind {
    package init(_ kind: FieldKind) {
        self =
            switch kind {
            case .text, .email, .phone, .country, .currency, .timeZone, .choice, .id: .text
            case .url, .link: .url
            case .integer, .number: .number
            case .boolean: .flag
            case .instant: .instant
            case .date: .date
            case .money: .money
            case .texts, .ids: .list(.text)
            case .custom, .externalIDs: .open
            case .document(let schema): schema["type"]?.text == "object" ? .open : .any
            case .part: .open
            case .parts: .list(.any)
            }
    }
}
