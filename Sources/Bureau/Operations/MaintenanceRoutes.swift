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
    enum Name: String, Choice {
        case analyze, vacuum, reindex, integrity, archive, restore
        case makeIndex = "make_index", dropIndex = "drop_index"
    }

    var task = Name.analyze
    var table: String?, columns: [String] = [], index: String?

    static let schema = Schema<MaintenanceBody>(
        "MaintenanceRequest",
        [
            .choice("task", \.task, .required, .about("The task to be done now.")),
            .text("table", \.table, max: 100, .about("For make_index: the table that it is on.")),
            .texts(
                "columns", \.columns, max: 4, length: 100, .about("For make_index: its columns, in order.")),
            .text("index", \.index, max: 100, .about("For drop_index: the name of one that was made so.")),
        ])

    /// Returns the job that is asked for, with what it is known by while it waits; `isLate`: it waits for the quiet
    /// hour. Throws the faults of what is asked.
    func order(_ database: Database) throws -> (payload: MaintenanceJob.Payload, key: String, isLate: Bool) {
        switch task {
        case .analyze, .vacuum, .reindex, .integrity, .archive, .restore:
            return (MaintenanceJob.Payload(task: task.rawValue), task.rawValue, false)
        case .makeIndex:
            guard let table, !columns.isEmpty else {
                throw Problem(faults: [
                    Fault(table == nil ? "/table" : "/columns", "required", "Say on which table and columns.")
                ])
            }
            let known = try database.columnNames(of: table)
            guard !known.isEmpty else {
                throw Problem(faults: [Fault("/table", "unknown_name", "The database has no table \(table).")]
                )
            }
            let faults = columns.enumerated().filter { !known.contains($0.element) }.map {
                Fault(
                    "/columns/\($0.offset)", "unknown_name", "The table \(table) has no column \($0.element)."
                )
            }
            guard faults.isEmpty else { throw Problem(faults: faults) }
            let name = AdvisedIndex(table: table, columns: columns).name
            return (
                MaintenanceJob.Payload(task: task.rawValue, table: table, columns: columns, index: name),
                name,
                try database.mustWait(forIndexOn: table)
            )
        case .dropIndex:
            guard let index else {
                throw Problem(faults: [Fault("/index", "required", "Say which index is to go.")])
            }
            guard try database.advisedIndexes().contains(where: { $0.name == index }) else {
                throw Problem(faults: [
                    Fault("/index", "unknown_name", "No index of this name was made with make_index.")
                ])
            }
            return (MaintenanceJob.Payload(task: task.rawValue, index: index), "drop \(index)", false)
        }
    }
}

/// The maintenance of the installation's database, for those who run it.
func maintenanceRoutes(_ routes: inout Routes, _ parts: SystemParts) {
    routes.declare(MaintenanceBody.self)
    routes.schema("MaintenanceTask", taskSchema)
    routes.schema("AdvisedIndex", AdvisedIndex.schema)
    routes.event(
        "maintenance.failed", "A task of maintenance failed, or found that something is wrong.",
        ["result": ["type": "string", "description": "The outcome, in words."]])
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
            let (slow, made, calls) = try await onOwnThread {
                let made = try database.advisedIndexes()
                let today = CivilDate(daysSinceEpoch: Int(Instant.wallClock().seconds / 86_400))
                return (
                    database.slowStatements.worst().map {
                        $0.json(database.advice(on: $0.text), made, in: words)
                    }, made, try database.acrossTenantsCalls(since: today.adding(days: -60))
                )
            }
            return try database.read(.platform) { reader in
                let hour = try reader.maintenance.quietHour(standard: parts.configuration.backupTime.hour)
                let states = try reader.maintenance.all()
                let today = CivilDate(daysSinceEpoch: Int(reader.now.seconds / 86_400))
                let capacity = Capacity(
                    bytes: size, free: database.isOnServer ? nil : diskSpace(parts.configuration.data)?.free,
                    try reader.maintenance.days(), calls: calls, today: today)
                return .json([
                    "tasks": .array(
                        MaintenanceTask.regular.map { task in
                            json(of: task, states[task], needs[task.rawValue], hour, reader.now)
                        }), "quiet_hour": JSON(hour), "slow_statements": .array(slow),
                    "indexes": .array(made.map(\.json)), "memory": parts.work.memoryJSON,
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
        let database = parts.database
        return .task {
            let (payload, key, isLate) = try await onOwnThread { try body.order(database) }
            return try await call.commit { tx in
                let hour = try tx.maintenance.quietHour(standard: parts.configuration.backupTime.hour)
                let at = isLate ? LocalClock.next(TimeOfDay(hour: hour, minute: 0), after: tx.now) : nil
                let job = try tx.maintenance.enqueue(payload, key: key, at: at)
                if job.isNew {
                    try tx.auditLog.add(
                        call.actor, "maintenance.started", Subject(type: "maintenance", id: task.rawValue),
                        payload.index.map { ["index": .string($0)] } ?? [:])
                }
                let state = try tx.maintenance.all()[task]
                return .json(
                    json(of: task, state, nil, hour, tx.now, at: at), status: 202,
                    headers: [("Location", "/v1/admin/maintenance")])
            }
        }
    }
}

/// A task as operators see it.
private func json(
    of task: MaintenanceTask, _ state: MaintenanceState?, _ need: UpkeepNeed?, _ hour: Int, _ now: Instant,
    at set: Instant? = nil
) -> JSON {
    let quiet = LocalClock.next(TimeOfDay(hour: hour, minute: 0), after: now)
    var next = set
    if let interval = task.interval {
        let due = state.map { $0.lastAt + interval - .seconds(4 * 3600) } ?? now
        next = due > quiet ? LocalClock.next(TimeOfDay(hour: hour, minute: 0), after: due) : quiet
    } else if need?.isDue == true {
        next = quiet
    }
    return [
        "name": .string(task.rawValue), "last_at": JSON(state?.lastAt.description),
        "last_result": JSON(state?.result), "failed": .bool(state?.hasFailed ?? false),
        "took": JSON(state?.took.iso8601),
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
                "type": "string", "description": "Advice on making it faster, in the reader's language.",
            ],
            "index": JSON.schema([
                "name": ["type": "string", "description": "Its name."],
                "table": ["type": "string", "description": "The table that it is on."],
                "columns": [
                    "type": "array", "items": ["type": "string"], "description": "Its columns, in order.",
                ],
            ]).merging([
                "type": ["object", "null"],
                "description":
                    "The index that would help: make_index makes it. Null: none would, or it is there.",
            ]),
        ]),
    ],
    "indexes": [
        "type": "array", "items": .reference("AdvisedIndex"),
        "description": "The indexes that operators had made; drop_index takes one away again.",
    ],
    "memory": WorkCounts.memorySchema,
    "capacity": Capacity.schema,
])

private let taskSchema: JSON = .record([
    "name": [
        "type": "string", "enum": JSON(MaintenanceTask.allCases.map(\.rawValue)), "description": "The task.",
    ],
    "last_at": ["type": ["string", "null"], "format": "date-time", "description": "When it was done last."],
    "last_result": ["type": ["string", "null"], "description": "The outcome, in words."],
    "failed": ["type": "boolean", "description": "Whether it failed, or found that something is wrong."],
    "took": ["type": ["string", "null"], "description": "How long it took, as an ISO 8601 duration."],
    "next_at": [
        "type": ["string", "null"], "format": "date-time",
        "description": "When it is done next; null: only where the need is measured.",
    ],
    "needed": ["type": "boolean", "description": "Whether the measured need asks for it."],
    "measured": ["type": ["string", "null"], "description": "The measured quantity."],
])
