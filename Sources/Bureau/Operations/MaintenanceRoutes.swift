internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The body of `POST /v1/admin/maintenance`.
private struct MaintenanceBody: Declared {
    enum Name: String, Choice { case analyze, vacuum, reindex, integrity, archive }

    var task = Name.analyze

    static let schema = Schema<MaintenanceBody>(
        "MaintenanceRequest", [.choice("task", \.task, .required, .about("The task to be done now."))])
}

/// The maintenance of the installation's database, for those who run it.
func maintenanceRoutes(_ routes: inout Routes, _ parts: SystemParts) {
    routes.declare(MaintenanceBody.self)
    routes.schema("MaintenanceTask", taskSchema)
    routes.schema("Maintenance", maintenanceSchema)
    routes.get(
        "/v1/admin/maintenance", .platformAdmin,
        "Get the tasks of maintenance with their last results, slow statements with advice, and the room that is left",
        named: "get_maintenance", .json(.reference("Maintenance"))
    ) { call in
        try call.allowQuery()
        return .task {
            let size = parts.database.size.file
            let database = parts.database
            let needs = try await onOwnThread {
                try Dictionary(
                    uniqueKeysWithValues: UpkeepTask.allCases.map { ($0.rawValue, try database.need(of: $0)) }
                )
            }
            let words = try parts.database.read(.platform) { try $0.wordings.find(for: call) }
            let slow = try await onOwnThread {
                database.slowStatements.worst().map { $0.json(database.advice(on: $0.text), in: words) }
            }
            return try database.read(.platform) { reader in
                let hour = try reader.maintenance.quietHour(standard: parts.configuration.backupTime.hour)
                let states = try reader.maintenance.all()
                let today = CivilDate(daysSinceEpoch: Int(reader.now.seconds / 86_400))
                let capacity = Capacity(
                    bytes: size, free: database.isOnServer ? nil : diskSpace(parts.configuration.data)?.free,
                    try reader.maintenance.sizes(), today: today)
                return .json([
                    "tasks": .array(
                        MaintenanceTask.allCases.map { task in
                            json(of: task, states[task], needs[task.rawValue], hour, reader.now)
                        }), "quiet_hour": JSON(hour), "slow_statements": .array(slow),
                    "capacity": capacity.json,
                ])
            }
        }
    }
    routes.post(
        "/v1/admin/maintenance", .platformAdmin, "Start a task of maintenance", named: "start_maintenance",
        body: .json(.reference("MaintenanceRequest")),
        .json(.reference("MaintenanceTask"), status: 202, "The task, which is being done.")
    ) { call in
        let body = try call.body(MaintenanceBody.self)
        guard let task = MaintenanceTask(rawValue: body.task.rawValue) else { throw Problem(.notFound) }
        return .write { tx in
            let job = try tx.maintenance.enqueue(task)
            if job.isNew {
                try tx.auditLog.add(
                    call.actor, "maintenance.started", Subject(type: "maintenance", id: task.rawValue), [:])
            }
            let hour = try tx.maintenance.quietHour(standard: parts.configuration.backupTime.hour)
            return .json(
                json(of: task, try tx.maintenance.all()[task], nil, hour, tx.now), status: 202,
                headers: [("Location", "/v1/admin/maintenance")])
        }
    }
}

/// A task as operators see it.
private func json(
    of task: MaintenanceTask, _ state: MaintenanceState?, _ need: UpkeepNeed?, _ hour: Int, _ now: Instant
) -> JSON {
    let quiet = LocalClock.next(TimeOfDay(hour: hour, minute: 0), after: now)
    var next: Instant?
    if let interval = task.interval {
        let due = state.map { $0.lastAt + interval - .seconds(4 * 3600) } ?? now
        next = due > quiet ? LocalClock.next(TimeOfDay(hour: hour, minute: 0), after: due) : quiet
    } else if need?.isDue == true {
        next = quiet
    }
    return [
        "name": .string(task.rawValue), "last_at": JSON(state?.lastAt.description),
        "last_result": JSON(state?.result), "took": JSON(state?.took.iso8601),
        "next_at": JSON(next?.description), "needed": .bool(need?.isDue ?? false),
        "measured": JSON(need?.detail),
    ]
}

private let maintenanceSchema: JSON = .record([
    "tasks": ["type": "array", "items": .reference("MaintenanceTask"), "description": "The tasks."],
    "quiet_hour": [
        "type": "integer", "minimum": 0, "maximum": 23,
        "description": "The hour of the machine's day in which least is written: tasks are done then.",
    ],
    "slow_statements": [
        "type": "array", "description": "The statements that cost most in this process.",
        "items": .record([
            "statement": ["type": "string", "description": "The text, without any values."],
            "calls": ["type": "integer", "description": "How often it took long since the start."],
            "p95_ms": ["type": "number", "description": "The time in 95 of 100 of these cases."],
            "longest_ms": ["type": "number", "description": "The longest time."],
            "suggestion": [
                "type": "string", "description": "What would make it quicker, in the reader's language.",
            ],
        ]),
    ],
    "capacity": .record([
        "bytes": ["type": "integer", "description": "The size of the database."],
        "free_bytes": ["type": ["integer", "null"], "description": "The room left on the disk."],
        "growth_per_day": [
            "type": ["integer", "null"], "description": "How much it grows a day; null: not known yet.",
        ],
        "full_on": [
            "type": ["string", "null"], "format": "date",
            "description": "The day on which the room ends, as it grows; null: not in sight.",
        ],
    ]).merging(["description": "The room that the database takes, and when it ends."]),
])

private let taskSchema: JSON = .record([
    "name": [
        "type": "string", "enum": JSON(MaintenanceTask.allCases.map(\.rawValue)), "description": "The task.",
    ],
    "last_at": ["type": ["string", "null"], "format": "date-time", "description": "When it was done last."],
    "last_result": ["type": ["string", "null"], "description": "What came of it, in words."],
    "took": ["type": ["string", "null"], "description": "How long it took, as an ISO 8601 duration."],
    "next_at": [
        "type": ["string", "null"], "format": "date-time",
        "description": "When it is done next; null: only where the need is measured.",
    ],
    "needed": ["type": "boolean", "description": "Whether the measured need asks for it."],
    "measured": ["type": ["string", "null"], "description": "What was measured."],
])
