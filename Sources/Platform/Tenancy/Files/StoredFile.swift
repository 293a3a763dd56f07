internal import Agents
internal import Cryptography
package import Database
internal import JSON
package import Jobs
package import Nouns
package import Records
internal import RuntimeRoutes
internal import Telemetry

/// A file of an agency: an attachment, a document, a logo. Its bytes are kept once, by their digest.
package struct StoredFile: ManagedRecord {
    package var head = Head<StoredFile>()
    package var name = ""
    package var mediaType = ""
    package var size = 0
    package var sha256 = ""
    package var clientID: ClientID?
    package var isShared = false
    package var originalID: ID<StoredFile>?

    package init() {}

    package static let idPrefix = "file", noun = "file"
    package static let resource = Resource<StoredFile>(
        "files", named: "StoredFile",
        [
            .text(
                "name", \.name, max: 255, .required, .line, .filterable, .sortable, .example("offer.pdf"),
                .about("The name of the file, with its ending.")),
            .text(
                "media_type", \.mediaType, max: 200, .readOnly, .filterable,
                .about("The media type, detected from the bytes.")),
            .integer(
                "size", \.size, in: 0...Int64(sizeMax), .readOnly, .sortable,
                .about("The size of the file in bytes.")),
            .text("sha256", \.sha256, max: 64, .readOnly, .filterable),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client whose file it is; null: the agency's own.")),
            .boolean("shared", \.isShared, .about("Whether its client sees it in the portal.")),
            .id(
                "original_id", \.originalID, .readOnly, .filterable,
                .about("The file that it was made of, and goes with; null: it was sent in.")),
        ])

    /// A client's view of the files that are theirs.
    static let shared = PortalView(resource, hiding: ["shared"], where: "shared = 1")

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.files.removeVariants(of: id) }

    package static let sizeMax = 25 * 1024 * 1024
    static let partSize = 256 * 1024

    /// A name without folders, line ends and the like; never empty.
    package static func cleanName(_ name: String?) -> String {
        let last = (name ?? "").split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let plain = String.UnicodeScalarView(
            last.unicodeScalars.filter {
                $0.value >= 0x20 && $0.value != 0x7F && !$0.properties.isBidiControl
                    && $0.value != 0x2028 && $0.value != 0x2029
            })
        let text = String(TextRule.printable(String(plain)).trimmed.prefix(200))
        return text.isEmpty || text.allSatisfy { $0 == "." } ? "file" : text
    }
}

let fileMigration = Migration(number: 242, name: "files") { dialect in
    [
        """
        CREATE TABLE files (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            name TEXT NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, client_id TEXT,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE INDEX files_digest ON files (tenant_id, sha256)",
        """
        CREATE TABLE file_contents (
            tenant_id TEXT NOT NULL, sha256 TEXT NOT NULL, part INTEGER NOT NULL, bytes \(dialect.blob) NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, sha256, part)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX file_contents_age ON file_contents (created_at)",
    ]
}

/// Keeps files' bytes. They are written in parts before the file's row, each in a short transaction of its own, so
/// that a large file holds nobody up; bytes whose row never came are removed after a day.
package struct FileStore: Sendable {
    private let database: Database
    private static let partsAtOnce = 4

    package init(_ database: Database) { self.database = database }

    /// Content that has been written, to be named in a row.
    package struct Content: Sendable {
        package let sha256: String, size: Int, mediaType: String

        /// Makes the content of bytes that `write` has stored.
        package init(sha256: String, size: Int, mediaType: String) {
            (self.sha256, self.size, self.mediaType) = (sha256, size, mediaType)
        }
    }

    package func write(_ bytes: [UInt8], _ tenant: TenantID) async throws -> Content {
        guard bytes.count <= StoredFile.sizeMax else {
            throw Problem(.bodyTooLarge, "The file may have at most \(StoredFile.sizeMax >> 20) MB.")
        }
        let digest = Hex.encode(SHA256.hash(bytes))
        var parts: [(Int, ArraySlice<UInt8>)] = []
        for start in stride(from: 0, to: bytes.count, by: StoredFile.partSize) {
            parts.append((parts.count, bytes[start..<min(start + StoredFile.partSize, bytes.count)]))
        }
        for start in stride(from: 0, to: parts.count, by: Self.partsAtOnce) {
            let group = parts[start..<min(start + Self.partsAtOnce, parts.count)].map { ($0, Array($1)) }
            try await database.write(tenant) { tx in
                for (number, bytes) in group {
                    // The time moves on: what is written again is in use again.
                    try tx.run(
                        """
                        INSERT INTO file_contents (tenant_id, sha256, part, bytes, created_at)
                        VALUES (\(tx.tenant), \(digest), \(number), \(bytes), \(tx.now))
                        ON CONFLICT (tenant_id, sha256, part) DO UPDATE SET created_at = excluded.created_at
                        """)
                }
            }
        }
        return Content(sha256: digest, size: bytes.count, mediaType: MediaType.sniffed(bytes))
    }

    package func write(_ bytes: [UInt8], _ job: JobContext) async throws -> Content {
        try await write(bytes, job.tenant)
    }
}

extension StoredFileStore where Base == Transaction {
    /// The row of a file whose bytes are written.
    package func create(
        _ content: FileStore.Content, name: String?, client: ClientID? = nil, isShared: Bool = false,
        by actor: Actor
    ) throws -> StoredFile {
        var file = StoredFile.new(id: tx.nextID(), now: tx.now)
        file.name = StoredFile.cleanName(name)
        (file.mediaType, file.size, file.sha256) = (content.mediaType, content.size, content.sha256)
        (file.clientID, file.isShared) = (client, isShared)
        try tx.create(&file, by: actor)
        return file
    }
}

extension StoredFileStore {
    /// The first bytes of a file, which tell what it is.
    package func head(of file: StoredFile) throws -> [UInt8] {
        try tx.first(
            """
            SELECT bytes FROM file_contents
            WHERE tenant_id = \(tx.tenant) AND sha256 = \(file.sha256) AND part = 0
            """
        ) { $0.blob(0) } ?? []
    }

    package func content(of file: StoredFile) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.size)
        try tx.each(
            """
            SELECT bytes FROM file_contents WHERE tenant_id = \(tx.tenant) AND sha256 = \(file.sha256)
            ORDER BY part
            """
        ) { bytes += $0.blob(0) }
        return bytes
    }
}

extension StoredFile {
    /// Names what of a list is no file of the client's: nobody hands on by its id what they do not see.
    package static func check(
        _ attachments: [ID<StoredFile>], of portal: PortalCall, _ faults: inout Faults,
        in reader: some Queryable
    ) throws {
        for (index, id) in attachments.enumerated() {
            if try shared.find(id, portal, in: reader) == nil {
                faults.add(
                    "/attachments/\(index)", "unknown_reference",
                    "The file does not exist: upload it first with POST /v1/portal/files.")
            }
        }
    }
}
