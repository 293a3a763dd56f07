internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry

func queueRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let answer = Answer.json(.reference("Queue"), "The queue.")
    routes.schema("Queue", QueueStatus.schema)
    routes.schema("PlatformQueue", platformSchema)

    routes.get(
        "/v1/queues", .permission("jobs:read"), "List the job queues, each with its depth and state",
        query: SimpleList.docs([], fields: QueueStatus.schema.propertyNames),
        .list(of: .reference("Queue"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, [], key: "name", oldestFirst: true,
                fields: QueueStatus.schema.propertyNames, dialect: reader.dialect)
            return list.page(
                of: try runtime.queues.map { ($0, try reader.jobQueues.status($0, runtime).json(reader.now)) }
            )
        }
    }
    for (verb, isPaused, summary) in [
        ("pause", true, "Pause a queue for the agency; running jobs continue"),
        ("resume", false, "Resume a queue for the agency"),
    ] {
        routes.post("/v1/queues/{name}/\(verb)", .permission("jobs:write"), summary, answer) { call in
            let name = call.parameters["name"] ?? ""
            return .write { tx in
                try tx.jobQueues.pause(name, isPaused, by: call.actor)
                return .json(try tx.jobQueues.status(name, runtime).json(tx.now))
            }
        }
        routes.post(
            "/v1/admin/queues/{name}/\(verb)", .platformAdmin,
            summary.replacing("the agency", with: "all agencies"),
            .json(.reference("PlatformQueue"), "The queue.")
        ) { call in
            let name = call.parameters["name"] ?? ""
            return .task {
                try await runtime.pauseQueue(name, isPaused)
                return .json(try runtime.platformQueue(name))
            }
        }
    }
    routes.get(
        "/v1/admin/queues", .platformAdmin, "List the job queues with the work of all agencies",
        query: SimpleList.docs([], fields: platformSchema.propertyNames),
        .list(of: .reference("PlatformQueue"))
    ) { call in
        .task {
            let list = try SimpleList(
                call.request.head.query, [], key: "name", oldestFirst: true,
                fields: platformSchema.propertyNames, dialect: call.database.dialect)
            return list.page(of: try runtime.queues.map { ($0, try runtime.platformQueue($0)) })
        }
    }
}

extension Runtime {
    fileprivate func platformQueue(_ name: String) throws -> JSON {
        let queue = try acrossTenantsQueue(name)
        return [
            "name": .string(name), "depth": JSON(queue.depth), "running": JSON(queue.running),
            "slots": JSON(configuration.slots[name] ?? 0), "paused": .bool(queue.isPaused),
        ]
    }
}

private let platformSchema: JSON = .record([
    "name": .anyText, "depth": .anyInteger, "running": .anyInteger,
    "slots": ["type": "integer", "description": "Jobs that each process works on at once."],
    "paused": ["type": "boolean"],
])

extension QueueStatus {
    fileprivate func json(_ now: Instant) -> JSON {
        [
            "name": .string(name), "depth": JSON(depth), "running": JSON(running), "limit": JSON(limit),
            "oldest_at": JSON(oldest?.description),
            "oldest_age": JSON(oldest.map { max(now - $0, .zero).iso8601 }), "paused": .bool(isPaused),
            "paused_by_platform": .bool(isPausedForAll),
        ]
    }

    static let schema: JSON = .record([
        "name": .anyText,
        "depth": ["type": "integer", "description": "Jobs that wait for a worker."], "running": .anyInteger,
        "limit": ["type": "integer", "description": "Jobs of the agency that run at once."],
        "oldest_at": .instantOrNull,
        "oldest_age": [
            "type": ["string", "null"],
            "description": "How long the oldest job has waited, as an ISO 8601 duration.",
        ],
        "paused": ["type": "boolean"], "paused_by_platform": ["type": "boolean"],
    ])
}
