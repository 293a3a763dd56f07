internal import Database
internal import HTTPServer
internal import JSON
internal import Markdown
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wire

func templateRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    routes.standard(
        MessageTemplate.resource, read: "templates:read", write: "templates:write", list: false, get: false)
    let resource = MessageTemplate.resource
    routes.schema(
        "TemplateWithFigures",
        resource.schema.jsonSchema(.record).merging(["properties": ["figures": TemplateMetrics.schema]]))
    routes.get(
        "/v1/templates", .permission("templates:read"), "List templates, each with its metrics",
        query: ParameterDoc.list(resource), .list(of: .reference("TemplateWithFigures"))
    ) { call in
        .read { reader in
            let list = try ListQuery(resource, call.request.head.query, dialect: reader.dialect)
            let page = try list.page(in: reader)
            guard call.query("fields") == nil, case .output(let output) = page.body,
                case .object(var answer) = JSON(stored: output.text), let records = answer["data"]?.array
            else { return page }
            let figures = try reader.templates.figures(of: records.compactMap { $0["id"]?.text })
            answer["data"] = .array(
                records.map { $0.merging(["figures": figures[$0["id"]?.text ?? ""]?.json ?? .null]) })
            return .json(.object(answer))
        }
    }
    routes.get(
        "/v1/templates/{id}", .permission("templates:read"),
        "Get a template with its metrics",
        .json(.reference("TemplateWithFigures"), "The template.")
    ) { call in
        let id = try call.id("id", of: MessageTemplate.self)
        return .read { reader in
            let template = try resource.get(id, in: reader)
            let figures = try reader.templates.figures(of: [id.keyText])[id.keyText]
            return .record(template, extra: ["figures": figures?.json ?? .null])
        }
    }
    routes.declare(PreviewBody.self)
    routes.schema("TemplatePreview", previewSchema)
    routes.schema("TemplateVersion", versionSchema)

    routes.post(
        "/v1/templates/{id}/preview", .permission("templates:read"),
        "Preview a template for a lead or contact, with suggestions for its text",
        body: .json(.reference("PreviewBody")), .json(.reference("TemplatePreview"), "The message.")
    ) { call in
        let (id, body) = try (call.id("id", of: MessageTemplate.self), call.body(PreviewBody.self))
        return .read { reader in
            let template = try MessageTemplate.resource.get(id, in: reader)
            let (lead, contact) = try body.reader(outbox, in: reader)
            let example = try template.textKind(in: reader)?.example ?? [:]
            let written = try outbox.write(id, to: contact, lead: lead, extra: example, in: reader)
            let words = try reader.wordings.find(for: call)
            let check = try TemplateCheck(template, written, lead, contact, example, words, in: reader)
            return .json([
                "subject": JSON(written.subject), "text": .string(MessageText.plain(written.body)),
                "html": .string(Markdown.html(written.body)), "warnings": .array(check.warnings),
                "spam": check.spam,
            ])
        }
    }
    routes.get(
        "/v1/templates/{id}/versions", .permission("templates:read"),
        "List the versions of a template, newest first", query: ParameterDoc.pages(of: 50),
        .list(of: .reference("TemplateVersion"))
    ) { call in
        let id = try call.id("id", of: MessageTemplate.self)
        return .read { reader in
            _ = try MessageTemplate.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, [], key: "number", dialect: reader.dialect)
            list.add("template_id = \(id)")
            return try list.page(of: "template_versions", TemplateVersion.self, in: reader) {
                $1.value($0.json)
            }
        }
    }
}

struct PreviewBody: Declared {
    var leadID: LeadID?
    var contactID: ContactID?

    static let schema = Schema<PreviewBody>(
        "PreviewBody",
        [
            .id("lead_id", \.leadID, .about("The lead that it would be sent to.")),
            .id("contact_id", \.contactID, .about("The contact who would read the template, if not a lead.")),
        ])

    /// Returns the lead and the contact who would read the template. A lead that nobody can be reached through is a
    /// reader all the same.
    func reader(_ outbox: Outbox, in reader: some Queryable) throws -> (JSONObject?, Contact) {
        if let leadID {
            guard let (lead, contact) = try outbox.dependencies.leadByID(reader, leadID) else {
                throw Problem(.notFound)
            }
            let known = try contact.flatMap { try Contact.resource.find($0, in: reader) }
            var stranger = Contact()
            stranger.name = lead["contact_name"]?.text ?? ""
            return (lead, known ?? stranger)
        }
        guard let contactID, let contact = try Contact.resource.find(contactID, in: reader) else {
            throw Problem(faults: [
                Fault(
                    "/lead_id", "required",
                    "The body needs lead_id or contact_id: who would read the message.")
            ])
        }
        return (nil, contact)
    }
}

/// A template from one change to the next: one row of `template_versions`.
private struct TemplateVersion: StoredRow {
    let json: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        json = [
            "version": JSON(row.int("number")), "subject": JSON(row.optionalText("subject")),
            "body": .string(row.text("body")), "created_at": .string(row.instant("created_at").description),
        ]
    }
}

private let versionSchema = JSON.schema([
    "version": ["type": "integer"], "subject": ["type": ["string", "null"]], "body": ["type": "string"],
    "created_at": ["type": "string", "format": "date-time"],
])

private let previewSchema: JSON = {
    let warning = JSON.schema(
        [
            "code": ["type": "string"], "detail": ["type": "string"], "line": ["type": ["integer", "null"]],
            "column": ["type": ["integer", "null"]],
        ], required: ["code", "detail"])
    return .schema(
        [
            "subject": ["type": ["string", "null"]], "text": ["type": "string"], "html": ["type": "string"],
            "warnings": ["type": "array", "items": warning],
            "spam": .schema([
                "score": ["type": "number"],
                "parts": ["type": "array", "items": ["type": "object"]],
            ]),
        ], required: ["subject", "text", "html", "warnings"])
}()
