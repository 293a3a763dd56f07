package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A file of records on its way in.
package struct Import: Record {
    package enum Status: String, Choice {
        case queued, running, completed, failed, cancelled
        /// Its changes are being taken back, or were.
        case undoing, undone
        var isOver: Bool { self != .queued && self != .running }
    }

    package enum Dedupe: String, Choice { case skip, update, create }

    package var head = Head<Import>()
    package var resourceName = "leads"
    package var status = Status.queued
    package var fileName: String?
    package var mediaType = "text/csv"
    package var size = 0
    package var dedupe = Dedupe.skip
    package var country: String?
    package var progress = 0.0
    package var processed = 0
    package var created = 0
    package var updated = 0
    package var skipped = 0
    package var failed = 0
    package var warnings = 0
    package var removed = 0
    package var restored = 0
    package var kept = 0
    package var mapping: JSONObject = [:]
    package var error: String?
    package var clientID: ClientID?
    package var finishedAt: Instant?
    /// The mapping as the caller gave it: header to field.
    package var explicitMapping: JSONObject = [:]
    /// The place at which the next chunk begins: `null` before the first.
    package var checkpoint = JSON.null
    /// The file's place on the disk.
    package var spool = ""
    /// The kind of the job that brings it in.
    package var jobKind = ""
    package var actorType = "user"
    package var actorID = ""

    package init() {}

    package static let idPrefix = "import"
    package static let resource = Resource<Import>(
        "imports", named: "Import",
        [
            .text(
                "resource", \.resourceName, max: 64, .readOnly, .filterable,
                .about(
                    "The resource that is imported."),
                .example("leads")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the import waits, runs, has completed, failed, or was cancelled or undone.")),
            .text("file_name", \.fileName, max: 300, .readOnly),
            .text("media_type", \.mediaType, max: 100, .readOnly),
            .integer("size", \.size, in: 0...Int64.max, .readOnly, .about("The size of the file in bytes.")),
            .choice(
                "dedupe", \.dedupe, .readOnly,
                .about("The treatment of records that exist already: skip, update or create.")
            ),
            .text(
                "country", \.country, max: 2, .readOnly,
                .about("The country of telephone numbers in rows without one.")),
            .number(
                "progress", \.progress, in: 0...1, .readOnly,
                .about("How much of the file has been read, from 0 to 1.")),
            .integer("processed", \.processed, in: 0...Int64.max, .readOnly, .about("Data rows read.")),
            .integer(
                "created", \.created, in: 0...Int64.max, .readOnly,
                .about("How many records the import created.")),
            .integer(
                "updated", \.updated, in: 0...Int64.max, .readOnly,
                .about("How many records the import changed.")),
            .integer(
                "skipped", \.skipped, in: 0...Int64.max, .readOnly,
                .about("How many records were skipped, as they existed already or were unchanged.")),
            .integer(
                "failed", \.failed, in: 0...Int64.max, .readOnly, .about("Rows with faults; see errors_url.")),
            .integer(
                "warnings", \.warnings, in: 0...Int64.max, .readOnly,
                .about("Rows that were imported with a warning; see warnings_url.")),
            .integer(
                "removed", \.removed, in: 0...Int64.max, .readOnly, .added(in: 622),
                .about("How many records the undo took away again.")),
            .integer(
                "restored", \.restored, in: 0...Int64.max, .readOnly, .added(in: 622),
                .about("How many records the undo set back.")),
            .integer(
                "kept", \.kept, in: 0...Int64.max, .readOnly, .added(in: 622),
                .about("How many records the undo kept; GET /v1/imports/{id}/changes has the reasons.")),
            .document(
                "mapping", \.mapping, .readOnly, .about("Each header's field; null where it is left out.")),
            .text("error", \.error, max: 1000, .readOnly, .about("Why the whole import failed.")),
            .id("client_id", \.clientID, .filterable, .readOnly),
            .instant("finished_at", \.finishedAt, .readOnly),
            .document("explicit_mapping", \.explicitMapping, .secret),
            .document("checkpoint", \.checkpoint, .secret),
            .text("spool", \.spool, max: 1000, .secret),
            .text("job_kind", \.jobKind, max: 100, .secret),
            .text("actor_type", \.actorType, max: 20, .secret),
            .text("actor_id", \.actorID, max: 64, .secret),
        ])

    package var subject: Subject { Subject(type: "import", id: id) }
    package var actor: Actor { Actor(Actor.Kind(rawValue: actorType) ?? .system, id: actorID) }

    package var json: JSON {
        Import.schema.json(self).merging([
            "errors_url": .string("/v1/imports/\(id)/errors"),
            "warnings_url": .string("/v1/imports/\(id)/warnings"),
        ])
    }
}

/// The input of a new import: a file at `spool`, which belongs to it from then on, and the caller's wishes.
package struct NewImport: Sendable {
    package var spool: String, size: Int64, mediaType: String
    package var fileName: String?
    package var dedupe = Import.Dedupe.skip
    package var country: String?
    package var mapping: JSONObject = [:]
    package var clientID: ClientID?

    package init(spool: String, size: Int64, mediaType: String, fileName: String?) {
        (self.spool, self.size, self.mediaType, self.fileName) = (spool, size, mediaType, fileName)
    }
}

package extension ImportStore where Base == Transaction {
    /// Starts an import of records of `resource`, which jobs of `kind` bring in.
    func start<Kind: FileImportJob>(
        of resource: String, by kind: Kind.Type, _ new: NewImport, by actor: Actor
    ) throws -> Import {
        var record = Import.new(id: tx.nextID(), now: tx.now)
        record.resourceName = resource
        record.jobKind = kind.kind
        (record.spool, record.size) = (new.spool, Int(new.size))
        (record.mediaType, record.fileName) = (new.mediaType, new.fileName)
        (record.dedupe, record.country) = (new.dedupe, new.country)
        (record.explicitMapping, record.clientID) = (new.mapping, new.clientID)
        (record.actorType, record.actorID) = (actor.kind.rawValue, actor.id)
        try Import.resource.insert(&record, in: tx)
        try tx.auditLog.add(
            actor, "import.created", record.subject,
            [
                "resource": .string(resource), "size": JSON(record.size),
                "dedupe": .string(record.dedupe.rawValue),
            ])
        try tx.jobs.enqueue(
            kind, ImportPayload(importID: record.id),
            JobOptions(uniqueKey: "\(record.id)", subject: record.subject))
        return record
    }

    /// Stores how far an import has come.
    internal func save(_ old: Import, _ new: inout Import) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Import.resource.update(old, to: new, in: tx)
    }
}
