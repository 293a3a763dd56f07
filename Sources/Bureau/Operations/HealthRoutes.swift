internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Serves the state of the installation, for those who run it: each of its processes, and what they share.
func healthRoutes(_ routes: inout Routes, _ parts: SystemParts, _ runtime: Runtime) {
    routes.schema("HealthCheck", HealthCheck.schema)
    routes.schema("Node", nodeSchema)
    routes.schema("PlatformHealth", healthSchema)
    let nodes = Nodes(parts, runtime)
    routes.get(
        "/v1/admin/health", .platformAdmin,
        "Get the state of the installation: processes, jobs, backups, problems and remedies",
        named: "get_platform_health",
        .json(
            .reference("PlatformHealth"),
            "How it is, whatever that is: an installation that fails is 200, too.")
    ) { call in
        .task {
            let jobs = try runtime.acrossTenantsBacklog()
            let shared = [
                checkMigrations(parts.database), parts.backups.check(), checkMaintenance(parts.database),
                jobs.check(.wallClock()),
            ]
            let words = try parts.database.read(.platform) { try $0.wordings.find(for: call) }
            let all = try await nodes.all(in: words)
            let states = all.compactMap { HealthCheck.State(rawValue: $0["status"]?.text ?? "") }
            return .json([
                "status": .string((states + [shared.state]).worst.rawValue),
                "version": .string(bureauVersion),
                "nodes": .array(all), "jobs": jobs.json, "backups": parts.backups.json,
                "checks": .array(shared.map { $0.json(in: words) }),
            ])
        }
    }
}

/// Returns whether every task of maintenance ended well when it was done last: the trial restore of a backup
/// among them.
func checkMaintenance(_ database: Database) -> HealthCheck {
    let states = (try? database.read(.platform) { try $0.maintenance.all() }) ?? [:]
    let failed = states.filter(\.value.hasFailed).sorted { $0.key.rawValue < $1.key.rawValue }
    guard let first = failed.first else { return .ok("maintenance", Saying("check.maintenance_ok")) }
    return .failing(
        "maintenance",
        Saying(
            "check.maintenance_failed",
            [
                "tasks": .text(failed.map(\.key.rawValue).joined(separator: ", ")),
                "result": .text(first.value.result),
            ]), Saying("check.maintenance_failed_do"))
}

extension [HealthCheck.State] {
    fileprivate var worst: HealthCheck.State {
        if contains(.failing) { return .failing }
        return contains(.warning) ? .warning : .ok
    }
}

/// The jobs of all agencies that have not ended.
struct Backlog: Equatable, Sendable {
    /// The longest wait of a job for a worker that is not worth a look.
    static let patience = Duration.seconds(600)

    /// Those that wait for a worker, that run, and that wait for their time.
    var waiting = 0, running = 0, scheduled = 0
    var oldestAt: Instant?

    func check(_ now: Instant) -> HealthCheck {
        guard let oldestAt, now - oldestAt > Self.patience else {
            return .ok(
                "jobs", Saying("check.jobs_ok", ["waiting": .number(waiting), "running": .number(running)]))
        }
        return .warning(
            "jobs",
            Saying(
                "check.jobs_waiting",
                [
                    "waiting": .number(waiting),
                    "minutes": .number(Int((now - oldestAt).components.seconds / 60)),
                ]),
            Saying("check.jobs_waiting_do")
        )
    }

    var json: JSON {
        [
            "waiting": JSON(waiting), "running": JSON(running), "scheduled": JSON(scheduled),
            "oldest_at": JSON(oldestAt?.description),
        ]
    }
}

extension Runtime {
    /// Returns how many jobs of all agencies wait and run; what sandboxes rehearse is left out.
    fileprivate func acrossTenantsBacklog() throws -> Backlog {
        try database.acrossTenantsRead { reader in
            let counts = try reader.all(
                """
                SELECT state, count(*) FROM jobs
                WHERE state < \(literal: JobState.completed) AND realm = \(literal: Realm.live) GROUP BY state
                """
            ) { (JobState(rawValue: $0.int(0)), $0.int(1)) }
            var backlog = Backlog()
            for (state, count) in counts {
                switch state {
                case .available: backlog.waiting += count
                case .running: backlog.running += count
                default: backlog.scheduled += count
                }
            }
            backlog.oldestAt =
                try reader.first(
                    """
                    SELECT min(run_at) FROM jobs WHERE \(JobCondition.ready) AND realm = \(literal: Realm.live)
                    """
                ) { $0.optionalInstant(0) } ?? nil
            return backlog
        }
    }
}

extension Backups {
    /// The way in which backups are made here, and the time of the last one.
    fileprivate var json: JSON {
        let files = configuration.isOnServer ? [] : self.files
        return [
            "made_by": configuration.isOnServer ? "database_server" : "bureau",
            "enabled": .bool(!configuration.isOnServer && configuration.isBackupEnabled),
            "at": .string(configuration.backupTime.description), "keep": JSON(configuration.backupsKept),
            "folder": .string(configuration.backups), "count": JSON(files.count),
            "newest_at": JSON(files.last?.madeAt.description),
            "bytes": .integer(files.reduce(0) { $0 + $1.size }),
        ]
    }
}

extension HealthCheck {
    static let schema: JSON = .schema(
        [
            "name": ["type": "string", "description": "The subject of the check."],
            "status": [
                "type": "string", "enum": ["ok", "warning", "failing"],
                "description": "Whether all is well, is worth a look, or does not work.",
            ],
            "detail": ["type": "string", "description": "The finding, in the reader's language."],
            "remedy": [
                "type": "string",
                "description": "The recommended action; absent where there is nothing to do.",
            ],
        ], required: ["name", "status", "detail"])
}

private let stateSchema: JSON = [
    "type": "string", "enum": ["ok", "warning", "failing"], "description": "The worst of its checks.",
]

private let checksSchema: JSON = [
    "type": "array", "items": .reference("HealthCheck"), "description": "The subject of the check.",
]

private let nodeSchema: JSON = .record([
    "id": ["type": "string", "description": "The name of this start of the process."],
    "host": ["type": "string", "description": "The name of its machine."],
    "process": ["type": "integer", "description": "Its number on that machine."],
    "role": [
        "type": "string", "enum": ["all", "api", "worker"],
        "description": "Whether it answers requests (api), works on jobs (worker), or does both.",
    ],
    "version": ["type": "string", "description": "The version of Bureau that it runs."],
    "address": ["type": "string", "description": "The address at which people reach it."],
    "status": stateSchema, "started_at": .anyInstant,
    "seen_at": ["type": "string", "format": "date-time", "description": "When it told this of itself."],
    "uptime": ["type": "string", "description": "How long it has run, as an ISO 8601 duration."],
    "database": [
        "type": "object", "description": "The database as this process sees it.",
        "properties": [
            "engine": ["type": "string", "description": "The engine, with its version."],
            "bytes": ["type": "integer", "description": "The size of the database."],
            "log_bytes": ["type": "integer", "description": "The size of its log, where it is a file."],
            "waiting_writes": ["type": "integer", "description": "The writes of this process that wait."],
        ],
    ],
    "disk": [
        "type": ["object", "null"], "description": "The disk of its data folder; null: it cannot be read.",
        "properties": [
            "free_bytes": ["type": "integer", "description": "The room that is left."],
            "total_bytes": ["type": "integer", "description": "The size of the disk."],
        ],
    ],
    "checks": checksSchema,
])

private let healthSchema: JSON = .record([
    "status": stateSchema,
    "version": ["type": "string", "description": "The version of the process that answers."],
    "nodes": [
        "type": "array", "items": .reference("Node"),
        "description": "The processes of the installation; the one that answers is the first.",
    ],
    "jobs": [
        "type": "object", "description": "The jobs of all agencies that have not ended.",
        "properties": [
            "waiting": ["type": "integer", "description": "Jobs that wait for a worker."],
            "running": ["type": "integer", "description": "Jobs that are worked on."],
            "scheduled": ["type": "integer", "description": "Jobs that wait for their time."],
            "oldest_at": [
                "type": ["string", "null"], "format": "date-time",
                "description": "Since when the oldest of those has waited for a worker.",
            ],
        ],
    ],
    "backups": [
        "type": "object", "description": "How backups are made, and what there is.",
        "properties": [
            "made_by": [
                "type": "string", "enum": ["bureau", "database_server"],
                "description":
                    "The maker of the backups: Bureau, of its file, or the tools of the database's server.",
            ],
            "enabled": ["type": "boolean", "description": "Whether one is made each night."],
            "at": ["type": "string", "description": "The time of the nightly one, by the machine's clock."],
            "keep": ["type": "integer", "description": "How many are kept."],
            "folder": ["type": "string", "description": "The folder that they are in, on the server."],
            "count": ["type": "integer", "description": "How many there are."],
            "newest_at": [
                "type": ["string", "null"], "format": "date-time", "description": "When the newest was made.",
            ],
            "bytes": ["type": "integer", "description": "The room that they take."],
        ],
    ],
    "checks": checksSchema,
])
