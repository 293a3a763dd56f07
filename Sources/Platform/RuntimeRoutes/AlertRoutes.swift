internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

struct AcknowledgementBody: Declared {
    var note: String?

    static let schema = Schema<AcknowledgementBody>(
        "AlertAcknowledgement",
        [
            .text(
                "note", \.note, max: 2000, .about("A note of the person who handles the alert."),
                .example("I have written to the service."))
        ])
}

func alertRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let questions = runtime.questions
    let columns: [SimpleList.Column] = [
        .init("severity", .choice(Alert.Severity.allCases.map(\.rawValue))), .init("kind", .text(max: 100)),
        .init("agent", .text(max: 100)), .init("subject_id", .text(max: 200)), .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("Alert"), "The alert.")
    routes.schema("Alert", Alert.schema)
    routes.declare(AcknowledgementBody.self)

    routes.get(
        "/v1/alerts", .permission("alerts:read"), "List alerts, newest first",
        query: SimpleList.docs(columns, fields: Alert.schema.propertyNames) + [
            .query("open", "Only those that are open, or only those that are resolved.", ["type": "boolean"]),
            .query(
                "acknowledged", "Only those that somebody has acknowledged, or only the others.",
                ["type": "boolean"]),
        ],
        .list(of: .reference("Alert"))
    ) { call in
        .read { reader in
            var list = try SimpleList(
                call.request.head.query, columns, fields: Alert.schema.propertyNames,
                extra: ["open", "acknowledged"],
                dialect: reader.dialect)
            if let isOpen = try call.flag("open") {
                list.add(isOpen ? "resolved_at IS NULL" : "resolved_at IS NOT NULL")
            }
            if let isAcknowledged = try call.flag("acknowledged") {
                list.add(isAcknowledged ? "acknowledged_at IS NOT NULL" : "acknowledged_at IS NULL")
            }
            let (words, zone) = (try call.words(questions, reader), try questions.zone(reader))
            return try list.page(of: "alerts", Alert.self, in: reader) { $1.value($0.json(in: words, zone)) }
        }
    }
    routes.get("/v1/alerts/{id}", .permission("alerts:read"), "Get an alert", answer) { call in
        .read { try $0.alert(call).response(to: call, questions, $0) }
    }
    routes.post(
        "/v1/alerts/{id}/acknowledge", .permission("alerts:write"),
        "Acknowledge an alert, which stays open until its cause is gone",
        body: .json(.reference("AlertAcknowledgement"), isOptional: true), answer
    ) { call in
        let body =
            call.request.bytes.isEmpty ? AcknowledgementBody() : try call.body(AcknowledgementBody.self)
        return .write { tx in
            let alert = try tx.alert(call)
            try call.checkVersion(alert.version)
            return try tx.alerts.acknowledge(alert.id, note: body.note, by: call.actor)
                .response(to: call, questions, tx)
        }
    }
    routes.post(
        "/v1/alerts/{id}/resolve", .permission("alerts:write"),
        "Resolve an alert manually; it is raised again if its cause returns", answer
    ) { call in
        .write { tx in
            let alert = try tx.alert(call)
            try call.checkVersion(alert.version)
            return try tx.alerts.resolve(alert.id, by: call.actor).response(to: call, questions, tx)
        }
    }
}

extension Call {
    fileprivate func flag(_ name: String) throws -> Bool? {
        switch query(name) {
        case nil: nil
        case "true": true
        case "false": false
        default: throw Problem(.invalidParameter, "\(name) must be true or false.")
        }
    }
}

extension Queryable {
    fileprivate func alert(_ call: Call) throws -> Alert {
        guard let alert = try alerts.find(call.id("id", of: Alert.self)) else { throw Problem(.notFound) }
        return alert
    }
}

extension Alert {
    fileprivate func response(
        to call: Call, _ questions: TenantQuestions, _ reader: some Queryable
    ) throws -> Response {
        let (words, zone) = (try call.words(questions, reader), try questions.zone(reader))
        return .json(json(in: words, zone), headers: [("ETag", ETag.text(version))])
    }

    static let schema: JSON = .record([
        "id": .anyText, "severity": .choice(Severity.self), "kind": .anyText, "agent": .textOrNull,
        "title": ["type": "string", "description": "The problem, in the reader's language."],
        "details": [
            "type": "object",
            "description": "The values that the title names, for programs: days and times by ISO 8601.",
        ],
        "recommended_action": [
            "type": "string", "minLength": 12,
            "description": "The recommended action for a person, in the reader's language.",
        ],
        "subject": .anySubject, "version": .anyInteger, "created_at": .anyInstant, "updated_at": .anyInstant,
        "resolved_at": .instantOrNull, "resolved_by": .textOrNull, "acknowledged_at": .instantOrNull,
        "acknowledged_by": .textOrNull,
        "note": ["type": ["string", "null"], "description": "The note of whoever acknowledged it."],
    ])
}
