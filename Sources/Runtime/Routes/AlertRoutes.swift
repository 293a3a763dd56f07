internal import Database
internal import HTTPServer
internal import JSON
internal import Records

func alertRoutes(_ routes: inout Routes) {
    let columns: [SimpleList.Column] = [
        .init("severity", .choice(Alert.Severity.allCases.map(\.rawValue))), .init("kind", .text(max: 100)),
        .init("agent", .text(max: 100)), .init("subject_id", .text(max: 200)), .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("Alert"), "The alert.")
    routes.schema("Alert", Alert.schema)

    routes.get(
        "/v1/alerts", .permission("alerts:read"), "Lists alerts, newest first",
        query: SimpleList.docs(columns, fields: Alert.schema.propertyNames) + [
            .query("open", "Only those that are open, or only those that are resolved.", ["type": "boolean"])
        ],
        .list(of: .reference("Alert"))
    ) { call in
        .read { reader in
            var list = try SimpleList(
                call.request.head.query, columns, fields: Alert.schema.propertyNames, extra: ["open"],
                dialect: reader.dialect)
            switch call.query("open") {
            case nil: break
            case "true": list.add("resolved_at IS NULL")
            case "false": list.add("resolved_at IS NOT NULL")
            default: throw Problem(.invalidParameter, "open is true or false.")
            }
            return try list.page(of: "alerts", Alert.columns, in: reader, keyOf: { .string($0.text(0)) }) {
                $1.value(Alert($0).json)
            }
        }
    }
    routes.get("/v1/alerts/{id}", .permission("alerts:read"), "Reads an alert", answer) { call in
        .read { try $0.alert(call).response }
    }
    routes.post(
        "/v1/alerts/{id}/resolve", .permission("alerts:write"),
        "Resolves an alert by hand; it is raised again when its cause comes back", answer
    ) { call in
        .write { tx in
            let alert = try tx.alert(call)
            try call.checkVersion(alert.version)
            return try tx.resolveAlert(alert.id, by: call.actor).response
        }
    }
}

extension Queryable {
    fileprivate func alert(_ call: Call) throws -> Alert {
        guard let alert = try alert(call.parameters["id"] ?? "") else { throw Problem(.notFound) }
        return alert
    }
}

extension Alert {
    fileprivate var response: Response { .json(json, headers: [("ETag", ETag.text(version))]) }

    static let schema: JSON = .record([
        "id": .anyText, "severity": .choice(Severity.self), "kind": .anyText, "agent": .textOrNull,
        "title": .anyText,
        "recommended_action": ["type": "string", "description": "What a person should do about it."],
        "subject": .anySubject, "version": .anyInteger, "created_at": .anyInstant, "updated_at": .anyInstant,
        "resolved_at": .instantOrNull, "resolved_by": .textOrNull,
    ])
}
