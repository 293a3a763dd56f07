import Cryptography
package import JSON

/// Jira: issues of a project, searched by JQL, changed in their status by transitions alone; descriptions are
/// documents.
package final class JiraStandIn: Sendable {
    package let email = "bot@acme.example", token = "atl-token", secret = "bureau-jira-secret"
    package let project = "OPS"
    package let service: ServiceStandIn
    package let issues: StandInRecords

    /// The most issues of a page.
    package init(pageSize: Int = 100) throws {
        let issues = StandInRecords(from: 10001)
        self.issues = issues
        let sign = "Basic " + Base64.encode(Array("\(email):\(token)".utf8))
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == sign else {
                return .json(401, ["code": 401, "message": "Unauthorized"])
            }
            let call = StandInCall(request)
            guard call.segments.starts(with: ["rest", "api", "3"]) else { return StandInAnswer(404, "{}") }
            let rest = Array(call.segments.dropFirst(3))
            switch (call.method, rest.first, rest.count) {
            case ("GET", "myself", 1): return .json(200, ["accountId": "5b10", "timeZone": "Europe/Berlin"])
            case ("POST", "search", 2): return Self.search(call.body, issues, pageSize)
            case ("GET", "search", 1): return StandInAnswer(410, "{}")
            case ("POST", "issue", 1): return Self.create(call.body, issues)
            case ("POST", "issue", 2) where rest[1] == "bulk": return Self.createAll(call.body, issues)
            case (_, "issue", _) where rest.count > 1:
                return Self.issue(call, Array(rest.dropFirst()), issues)
            default: return .json(404, ["errorMessages": ["not found"], "errors": [:]])
            }
        }
    }

    private static func fault(of fields: JSON) -> JSON? {
        guard let summary = fields["summary"]?.text, !summary.isEmpty, summary.count <= 255 else {
            return ["errorMessages": [], "errors": ["summary": "You must specify a summary of the issue."]]
        }
        if let text = fields["description"], !text.isNull, text["type"]?.text != "doc" {
            return [
                "errorMessages": [],
                "errors": ["description": "Operation value must be an Atlassian Document"],
            ]
        }
        return nil
    }

    private static func create(_ body: JSON, _ issues: StandInRecords) -> StandInAnswer {
        if let fault = fault(of: body["fields"] ?? .null) { return .json(400, fault) }
        return .json(201, made(issues.add(body["fields"]?.object ?? [:])))
    }

    private static func made(_ issue: StandInRecords.Record) -> JSON {
        ["id": .string(issue.id), "key": .string("OPS-\(issue.id)"), "self": "x"]
    }

    private static func createAll(_ body: JSON, _ issues: StandInRecords) -> StandInAnswer {
        let updates = body["issueUpdates"]?.array ?? []
        guard updates.count <= 50 else { return .json(400, ["errorMessages": ["too many"], "errors": [:]]) }
        var (created, errors): ([JSON], [JSON]) = ([], [])
        for (index, update) in updates.enumerated() {
            if let fault = fault(of: update["fields"] ?? .null) {
                errors.append(
                    ["status": 400, "elementErrors": fault, "failedElementNumber": .integer(Int64(index))])
            } else {
                created.append(made(issues.add(update["fields"]?.object ?? [:])))
            }
        }
        return .json(201, ["issues": .array(created), "errors": .array(errors)])
    }

    private static func search(_ body: JSON, _ issues: StandInRecords, _ size: Int) -> StandInAnswer {
        let jql = body["jql"]?.text ?? ""
        guard jql.hasPrefix(#"project = "OPS""#) else {
            return .json(
                400, ["errorMessages": ["Unbounded JQL queries are not allowed here."], "errors": [:]])
        }
        var found = issues.changed(since: nil)
        if let mark = jql.firstRange(of: #"labels = ""#) {
            let label = String(jql[mark.upperBound...].prefix { $0 != "\"" })
            found = found.filter { ($0.fields["labels"]?.array ?? []).contains(.string(label)) }
        }
        if let mark = jql.firstRange(of: #"updated >= "-"#),
            let minutes = Int64(jql[mark.upperBound...].prefix { $0 != "m" })
        {
            found = found.filter { $0.changed >= StandInTime.now - minutes * 60 }
        }
        let (items, next) = found.page(from: Int(body["nextPageToken"]?.text ?? "0") ?? 0, size: size)
        var answer: JSONObject = ["issues": .array(items.map(shown)), "isLast": .bool(next == nil)]
        if let next { answer.append("nextPageToken", .string("\(next)")) }
        return .json(200, .object(answer))
    }

    private static func issue(
        _ call: StandInCall, _ rest: [String], _ issues: StandInRecords
    ) -> StandInAnswer {
        guard let issue = issues[rest[0]] else {
            return .json(404, ["errorMessages": ["Issue does not exist"], "errors": [:]])
        }
        let steps = [("11", "new"), ("21", "indeterminate"), ("31", "done")]
        switch (call.method, rest.dropFirst().first) {
        case ("GET", nil): return .json(200, shown(issue))
        case ("PUT", nil):
            let fields = call.body["fields"] ?? .null
            if fields["status"] != nil {
                return .json(
                    400, ["errorMessages": [], "errors": ["status": "Field 'status' cannot be set."]])
            }
            issues.change(issue.id, fields.object ?? [:])
            return StandInAnswer(204)
        case ("DELETE", nil):
            issues.remove(issue.id)
            return StandInAnswer(204)
        case ("GET", "transitions"):
            let shown = steps.map { id, key -> JSON in
                [
                    "id": .string(id), "name": .string("Nach \(key)"),
                    "to": ["id": "3", "statusCategory": ["key": .string(key)]],
                ]
            }
            return .json(200, ["transitions": .array(shown)])
        case ("POST", "transitions"):
            guard let step = steps.first(where: { $0.0 == call.body["transition"]?["id"]?.text }) else {
                return .json(400, ["errorMessages": ["It is no transition"], "errors": [:]])
            }
            issues.change(issue.id, ["status": ["id": "3", "statusCategory": ["key": .string(step.1)]]])
            return StandInAnswer(204)
        default: return StandInAnswer(404, "{}")
        }
    }

    private static func shown(_ issue: StandInRecords.Record) -> JSON {
        let standards: JSON = [
            "status": ["id": "1", "name": "Offen", "statusCategory": ["key": "new"]], "description": nil,
            "duedate": nil,
        ]
        let fields = standards.adding(issue.fields).adding([
            "updated": .string(StandInTime.plain(issue.changed))
        ])
        return ["id": .string(issue.id), "key": .string("OPS-\(issue.id)"), "self": "x", "fields": fields]
    }

    package static let slower = StandInAnswer.json(
        429, ["errorMessages": ["Rate limit exceeded"]],
        headers: [("Retry-After", "5"), ("RateLimit-Reason", "jira-burst-based")])

    package func hook(_ body: JSON, id: String = "d1", secret: String? = nil) -> StandInHook {
        let code = Hex.encode(HMAC.sha256(key: Array((secret ?? self.secret).utf8), body.bytes))
        return StandInHook(
            [
                ("Content-Type", "application/json"), ("X-Hub-Signature", "sha256=\(code)"),
                ("X-Atlassian-Webhook-Identifier", id),
            ], body.bytes)
    }
}
