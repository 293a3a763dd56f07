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

/// The backups of the installation, for those who run it. They are made and listed here, and read on the server alone:
/// whoever can read one can read every agency.
func backupRoutes(_ routes: inout Routes, _ backups: Backups) {
    routes.schema("Backup", Backup.schema)
    routes.events(
        "backup",
        ["started": "A backup of the installation was started.", "made": "A backup was made and verified."])
    routes.event(
        "backup.failed", "A backup could not be made.",
        ["code": ["type": "string", "description": "Why, for programs."]])
    routes.get(
        "/v1/admin/backups", .platformAdmin,
        "List the backups, newest first: those that are there, under way, or failed",
        query: ParameterDoc.page, .list(of: .reference("Backup"))
    ) { call in
        let window = try call.window()
        return .read { reader in
            let words = try reader.wordings.find(for: call)
            return window.page(of: try backups.all(reader.jobs.backups()).map { $0.json(in: words) })
        }
    }
    routes.get(
        "/v1/admin/backups/{id}", .platformAdmin, "Get a backup",
        .json(.reference("Backup"), "The backup.")
    ) { call in
        let id = call.parameters["id"] ?? ""
        return .read { reader in
            guard let found = try backups.all(reader.jobs.backups()).first(where: { $0.id == id }) else {
                throw Problem(.notFound)
            }
            return .json(found.json(in: try reader.wordings.find(for: call)))
        }
    }
    routes.post(
        "/v1/admin/backups", .platformAdmin, "Start a backup; where one is under way, that one is answered",
        named: "start_backup",
        .json(.reference("Backup"), status: 202, "The backup, whose state is at Location.")
    ) { call in
        guard !backups.configuration.isOnServer else {
            throw Problem(
                .conflict,
                """
                The database is on a PostgreSQL server, which has its own tools: back it up with pg_dump \
                --format=custom, and keep the master key apart (docs/postgresql.md).
                """)
        }
        return .write { tx in
            let name = Backups.name(at: tx.now)
            let job = try tx.jobs.enqueue(
                BackupJob.self, BackupJob.Payload(name: name),
                JobOptions(uniqueKey: BackupJob.uniqueKey, subject: Subject(type: "backup", id: name)))
            if job.isNew {
                let subject = Subject(type: "backup", id: name)
                try tx.auditLog.add(call.actor, "backup.started", subject, [:])
                try tx.publish("backup.started", subject)
            }
            guard let stored = try tx.jobs.find(job.id) else { throw Problem(.notFound) }
            let backup = Backup(stored, file: nil)
            return .json(
                backup.json(in: try tx.wordings.find(for: call)), status: 202,
                headers: [("Location", "/v1/admin/backups/\(backup.id)")])
        }
    }
}

/// A backup as operators see it: a file, or the job that makes one.
struct Backup: Equatable, Sendable {
    enum Status: String, CaseIterable, Sendable { case waiting, running, made, failed }

    let id: String, status: Status
    var path: String?
    var bytes: Int64?
    var progress: Double?
    var error: Saying?
    let createdAt: Instant
    var madeAt: Instant?

    init(_ file: Backups.File) {
        (id, status, path, bytes) = (file.name, .made, file.path, file.size)
        (createdAt, madeAt) = (file.madeAt, file.madeAt)
    }

    init(_ job: Job, file: Backups.File?) {
        id = job.subject?.id ?? ""
        status =
            switch job.state {
            case .scheduled, .available, .retrying: .waiting
            case .running: .running
            case .completed: .made
            case .dead, .cancelled: .failed
            }
        (path, bytes) = (file?.path, file?.size)
        progress = job.state == .completed ? 1 : job.progress
        let failure = job.error.map { JSON(stored: $0) }
        error = failure.flatMap { failure in
            failure["detail"]?.text.map { .cause(failure["code"]?.text ?? "", $0) }
        }
        (createdAt, madeAt) = (job.createdAt, file?.madeAt)
    }

    func json(in words: Wording) -> JSON {
        [
            "id": .string(id), "status": .string(status.rawValue), "path": JSON(path),
            "bytes": bytes.map(JSON.integer) ?? .null,
            "progress": progress.map(JSON.number) ?? .null, "error": JSON(error?.said(in: words)),
            "created_at": .string(createdAt.description), "made_at": JSON(madeAt?.description),
        ]
    }

    static let schema: JSON = .record([
        "id": ["type": "string", "description": "The name of the backup, which tells when it was begun."],
        "status": [
            "type": "string", "enum": JSON(Status.allCases.map(\.rawValue)),
            "description": "Whether it waits to be made, is being made, is made and verified, or has failed.",
        ],
        "path": ["type": ["string", "null"], "description": "The file, on the server; null: not made yet."],
        "bytes": ["type": ["integer", "null"], "description": "The size of the file."],
        "progress": [
            "type": ["number", "null"], "minimum": 0, "maximum": 1,
            "description": "How far the copy and its check have come; null for one that nobody asked for.",
        ],
        "error": ["type": ["string", "null"], "description": "Why it failed, in the reader's language."],
        "created_at": .anyInstant,
        "made_at": [
            "type": ["string", "null"], "format": "date-time",
            "description": "When it was whole and verified; null: not yet.",
        ],
    ])
}

extension Backups {
    /// Returns the backups that are there, and those that are or were to be made, newest first. A backup whose file was
    /// removed since is left out.
    func all(_ jobs: [Job]) -> [Backup] {
        let files = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        let asked = jobs.map { Backup($0, file: files[$0.subject?.id ?? ""]) }
            .filter { $0.status != .made || $0.path != nil }
        let known = Set(asked.map(\.id))
        return (asked + files.values.filter { !known.contains($0.name) }.map(Backup.init))
            .sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }
}

extension JobStore {
    private static var listed: Int { 200 }

    /// The jobs that make backups, newest first, as long as they are kept.
    fileprivate func backups() throws -> [Job] {
        try tx.all(
            """
            SELECT \(Job.columns) FROM jobs WHERE tenant_id = \(tx.tenant) AND kind = \(BackupJob.kind)
            ORDER BY id DESC LIMIT \(Self.listed)
            """, Job.init)
    }
}
