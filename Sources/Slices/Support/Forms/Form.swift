internal import Agents
internal import Cryptography
package import Database
package import JSON
internal import Lexicons
package import Nouns
package import Records
internal import Telemetry

/// A form that anybody may fill in who has its address: one row of `forms`. It asks only what matters: a field with
/// `show_if` is there when an earlier one has a certain answer.
package struct Form: ManagedRecord {
    package enum Creates: String, Choice { case ticket, lead, referral }
    package enum Status: String, Choice { case open, closed }

    package var head = Head<Form>()
    package var name = ""
    package var publicKey = ""
    package var status = Status.open
    package var creates = Creates.ticket
    package var fields = Parts<FormField>()
    package var category: String?
    package var priority: Ticket.Priority?
    package var teamID: TeamID?
    package var routes = Parts<FormRoute>()
    package var acknowledges = true
    package var thanks: String?

    package init() {}

    package static let idPrefix = "form"
    package static let resource = Resource<Form>(
        "forms", named: "Form", rule: .everyone,
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .searchable,
                .about("The name of the form, as visitors read it.")),
            .text(
                "public_key", \.publicKey, max: 60, .readOnly,
                .about("The key in the form's address: POST /v1/forms/{public_key}/submissions.")),
            .choice(
                "status", \.status, .standard("open"), .filterable,
                .about("Whether the form is open to visitors.")),
            .choice(
                "creates", \.creates, .standard("ticket"), .filterable,
                .about("Whether a submission becomes a ticket, a lead or a referral.")),
            .parts("fields", \.fields, max: 60, .required),
            .text("category", \.category, max: 60, .about("The category of the form's tickets.")),
            .choice("priority", \.priority, .about("The priority of the form's tickets.")),
            .id("team_id", \.teamID, .about("The team that gets the form's tickets.")),
            .parts(
                "routes", \.routes, max: 60,
                .about(
                    "The routes of answers; the first that matches sets the ticket's category, priority and team."
                )),
            .boolean(
                "acknowledges", \.acknowledges, .standard(true),
                .about("Whether the submitter gets a mail that confirms the receipt.")),
            .text("thanks", \.thanks, max: 2000, .about("The text that is shown after submission.")),
        ])

    package mutating func prepare(replacing old: Form?, by actor: Actor, in tx: Transaction) throws {
        if old == nil { publicKey = RandomToken.make(characters: 24) }
        var faults = Faults(), known: [String: FormField] = [:]
        if fields.list.isEmpty { faults.add("/fields", "required", "fields must have at least one entry.") }
        for (index, field) in fields.list.enumerated() {
            let place = "/fields/\(index)"
            if known[field.name] != nil {
                faults.add(
                    "\(place)/name", "invalid_key",
                    "The field's name is taken: give each field a name of its own.")
            }
            if let condition = field.showIf, known[condition.field] == nil {
                faults.add(
                    "\(place)/show_if/field", "unknown_reference",
                    "show_if must name a field before this one.",
                    choices: known.keys.sorted())
            }
            known[field.name] = field
        }
        for (index, route) in routes.list.enumerated() where known[route.field] == nil {
            faults.add(
                "/routes/\(index)/field", "unknown_reference",
                "The field does not exist in the form: name one of the form's fields.",
                choices: known.keys.sorted())
        }
        if creates == .referral {
            let asked = fields.list.filter { $0.isRequired && $0.showIf == nil }.map(\.name)
            for name in ReferralAnswers.required where !asked.contains(name) {
                faults.add(
                    "/fields", "required",
                    "fields must have the required field \(name) where the form creates referrals.")
            }
        }
        try faults.throwIfAny()
    }

    /// The part of the form that whoever fills it in has to know.
    package var shown: JSON {
        [
            "name": .string(name), "fields": fields.json, "thanks": JSON(thanks),
        ]
    }
}

/// The category, priority and team of a ticket, by an answer to its form.
package struct FormRoute: Part {
    package var field = ""
    package var equals = JSON.null
    package var category: String?
    package var priority: Ticket.Priority?
    package var teamID: TeamID?

    package init() {}
    package static let schema = Schema<FormRoute>(
        "FormRoute",
        [
            .text("field", \.field, max: 64, .required, .example("kind")),
            .document("equals", \.equals, schema: [:], .required, .about("The answer to it.")),
            .text("category", \.category, max: 60),
            .choice("priority", \.priority),
            .id("team_id", \.teamID),
        ])
}

/// One thing that a form asks.
package struct FormField: Part {
    package enum Kind: String, Choice { case text, email, choice, number, boolean, file }

    package var name = ""
    package var label = ""
    package var kind = Kind.text
    package var isRequired = false
    package var choices: [String] = []
    package var showIf: FormCondition?

    package init() {}
    package static let schema = Schema<FormField>(
        "FormField",
        [
            .text("name", \.name, max: 64, .required, .example("invoice_number")),
            .text("label", \.label, max: 300, .required, .example("Which invoice?")),
            .choice("type", \.kind, .standard("text")),
            .boolean("required", \.isRequired, .standard(false)),
            .texts("choices", \.choices, max: 100, length: 200),
            .part("show_if", \.showIf, .about("The answer to an earlier field that shows this one.")),
        ])

    package var faults: [Fault] {
        var faults: [Fault] = []
        if !name.isCustomKey {
            faults.append(
                Fault(
                    "/name", "invalid_key",
                    "name must have letters, digits, '_', '-' and '.' only, at most 64."))
        }
        if kind == .choice, choices.isEmpty {
            faults.append(
                Fault("/choices", "required", "choices is required for a field of choices: name them."))
        }
        return faults
    }

    /// The kind of field that checks an answer.
    var fieldKind: FieldKind {
        switch kind {
        case .text: .text(max: 10_000)
        case .email: .email
        case .choice: .choice(choices)
        case .number: .number(-1e15...1e15)
        case .boolean: .boolean
        // By their tokens; whether these stand for files is seen where they are taken.
        case .file: .texts(max: FormFile.filesMax, length: 4000)
        }
    }
}

extension FormField {
    private static let lexicon = Lexicon("forms", in: ResourceTable.texts)

    /// The names of fields in which somebody writes at length, the surest first, and English before other languages.
    static let textNames: [String] = lexicon.languages.flatMap { lexicon.words("text", in: $0) }
}

/// The answer to an earlier field that makes a later one appear.
package struct FormCondition: Part {
    package var field = ""
    package var equals = JSON.null

    package init() {}
    package static let schema = Schema<FormCondition>(
        "FormCondition",
        [
            .text("field", \.field, max: 64, .required),
            .document("equals", \.equals, schema: [:], .required),
        ])
}

extension Form {
    /// The answers to what was asked, checked; what was not asked is left out. Throws every fault with its place.
    func answers(in body: JSONObject) throws(Problem) -> JSONObject {
        let reading = read(body)
        try reading.faults.throwIfAny()
        return reading.answers
    }

    /// Returns the fields that are asked now, the valid answers and the faults of a form that may still be filled in.
    func read(_ body: JSONObject) -> (asked: [String], answers: JSONObject, faults: Faults) {
        var asked: [String] = [], answers = JSONObject(), faults = Faults()
        for key in body.keys where !fields.list.contains(where: { $0.name == key }) {
            faults.add(
                "/\(key.pointerToken)", "unknown_field",
                "The form does not have the field \(key.prefix(64)): leave it out.")
        }
        for field in fields.list {
            if let condition = field.showIf, answers[condition.field] != condition.equals { continue }
            asked.append(field.name)
            let pointer = "/\(field.name.pointerToken)", given = body[field.name] ?? .null
            if given.isNull || given.text.map({ $0.trimmed.isEmpty }) ?? given.array?.isEmpty ?? false {
                if field.isRequired {
                    faults.add(pointer, "required", "The question “\(field.label)” needs an answer.")
                }
                continue
            }
            if let value = field.fieldKind.validated(given, at: pointer, siblings: body, faults: &faults) {
                answers.append(field.name, value)
            }
        }
        return (asked, answers, faults)
    }
}

extension SystemReader {
    /// The form that has an address, and whose it is.
    func acrossTenantsForm(key: String) throws -> (TenantID, ID<Form>)? {
        guard key.utf8.count == 24 else { return nil }
        let found = try first(
            """
            SELECT forms.tenant_id, forms.id FROM forms JOIN tenants ON tenants.id = forms.tenant_id
            WHERE forms.public_key = \(key) AND forms.status = 'open' AND tenants.status = 'active'
            """
        ) { row in (TenantID(rawValue: row.text(0)), row.id(1, of: Form.self)) }
        guard let (tenant, id) = found, let id else { return nil }
        return (tenant, id)
    }
}
