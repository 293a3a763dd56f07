import Cryptography
package import JSON

/// Asana: tasks in the envelope `data`, found by the identifier that whoever made them has given; batches; webhooks
/// that introduce themselves.
package final class AsanaStandIn: Sendable {
    package let token = "asana-1", project = "1201", workspace = "99"
    package let secret = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"
    package let service: ServiceStandIn
    package let tasks: StandInRecords

    package init() throws {
        let tasks = StandInRecords(from: 9000), token = token
        self.tasks = tasks
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
                return Self.refusal(401, "Not Authorized")
            }
            let call = StandInCall(request)
            guard call.segments.starts(with: ["api", "1.0"]) else { return Self.unknown }
            let rest = Array(call.segments.dropFirst(2))
            if rest == ["batch"] {
                let actions = call.body["data"]?["actions"]?.array ?? []
                guard actions.count <= 10 else { return Self.refusal(400, "actions: too many") }
                return .json(200, ["data": .array(actions.map { Self.outcome(of: $0, tasks) })])
            }
            let (status, body) = Self.answer(call.method, rest, call.body["data"] ?? .null, call.query, tasks)
            return .json(status, body)
        }
    }

    private static func outcome(of action: JSON, _ tasks: StandInRecords) -> JSON {
        let path = (action["relative_path"]?.text ?? "").split(separator: "/").map(String.init)
        let (status, body) = answer(
            (action["method"]?.text ?? "").uppercased(), path, action["data"] ?? .null, [:], tasks)
        return ["status_code": .integer(Int64(status)), "headers": [:], "body": body]
    }

    private static func answer(
        _ method: String, _ path: [String], _ data: JSON, _ query: [String: String], _ tasks: StandInRecords
    ) -> (Int, JSON) {
        switch (method, path.first, path.count) {
        case ("GET", "users", 2):
            return (200, ["data": ["gid": "77", "workspaces": [["gid": "99", "name": "W"]]]])
        case ("GET", "webhooks", 1): return (200, ["data": [], "next_page": nil])
        case ("POST", "webhooks", 1): return (201, ["data": ["gid": "43214", "active": true]])
        case ("POST", "tasks", 1):
            let own = data["external"]?["gid"]?.text
            if let own, find(own, tasks) != nil { return error(400, "external: gid is taken") }
            guard data["projects"]?.array?.isEmpty == false || data["workspace"] != nil else {
                return error(400, "You should specify one of workspace, parent, projects")
            }
            return (201, ["data": shown(tasks.add(data.object ?? [:]))])
        case ("GET", "tasks", 1):
            guard query["project"] != nil else { return error(400, "project: Missing input") }
            let found = tasks.changed(since: query["modified_since"].flatMap { StandInTime.second($0) })
            let (items, next) = found.page(
                from: Int(query["offset"] ?? "0") ?? 0, size: min(Int(query["limit"] ?? "100") ?? 100, 100))
            let page: JSON = next.map { ["offset": .string("\($0)"), "path": "/tasks", "uri": "x"] } ?? nil
            return (200, ["data": .array(items.map(shown)), "next_page": page])
        case (_, "tasks", 2):
            let id = path[1]
            let record = id.hasPrefix("external:") ? find(String(id.dropFirst(9)), tasks) : tasks[id]
            guard let record else { return error(404, "task: Unknown object: \(id)") }
            switch method {
            case "GET": return (200, ["data": shown(record)])
            case "PUT": return (200, ["data": tasks.change(record.id, data.object ?? [:]).map(shown) ?? nil])
            case "DELETE":
                tasks.remove(record.id)
                return (200, ["data": [:]])
            default: return error(405, "no such method")
            }
        default: return error(404, "No matching route for request")
        }
    }

    private static func find(_ own: String, _ tasks: StandInRecords) -> StandInRecords.Record? {
        tasks.all.first { JSON.object($0.fields)["external"]?["gid"]?.text == own }
    }

    private static func shown(_ record: StandInRecords.Record) -> JSON {
        let standards: JSON = [
            "resource_type": "task", "completed": false, "due_on": .null, "notes": "", "completed_at": .null,
        ]
        return standards.adding(record.fields).adding([
            "gid": .string(record.id), "modified_at": .string(record.changedAt),
        ])
    }

    private static func error(_ status: Int, _ message: String) -> (Int, JSON) {
        (status, ["errors": [["message": .string(message), "phrase": "6 sad squid snuggle softly"]]])
    }

    private static func refusal(_ status: Int, _ message: String) -> StandInAnswer {
        .json(status, error(status, message).1)
    }

    private static let unknown = refusal(404, "No matching route for request")

    // MARK: Hooks

    /// The way in which it introduces a hook.
    package func greeting(secret: String? = nil) -> StandInHook {
        StandInHook(
            [("Content-Type", "application/json"), ("X-Hook-Secret", secret ?? self.secret)], Array("{}".utf8)
        )
    }

    package func hook(_ body: JSON, secret: String? = nil) -> StandInHook {
        let code = HMAC.sha256(key: Array((secret ?? self.secret).utf8), body.bytes)
        return StandInHook(
            [("Content-Type", "application/json"), ("X-Hook-Signature", Hex.encode(code))], body.bytes)
    }

    package static func changed(_ id: String, _ field: String, at time: String) -> JSON {
        [
            "events": [
                [
                    "action": "changed", "resource": ["gid": .string(id), "resource_type": "task"],
                    "parent": nil, "user": ["gid": "77"], "created_at": .string(time),
                    "change": ["field": .string(field), "action": "changed"],
                ]
            ]
        ]
    }
}
