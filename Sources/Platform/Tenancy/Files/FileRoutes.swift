internal import Agents
package import Database
package import HTTPServer
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

func fileRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    let (store, links) = (FileStore(services.database), services.links)
    routes.standard(StoredFile.resource, read: "files:read", write: "files:write", create: false)
    routes.schema("FileLink", linkSchema)

    routes.post(
        "/v1/files", .permission("files:write"),
        "Upload a file: its bytes as the body, or as the part file of a form", named: "upload_file",
        body: .raw(limit: StoredFile.sizeMax + 64 * 1024),
        query: [.query("name", "The name of the file.", ["type": "string", "maxLength": 255])],
        .record(StoredFile.resource, status: 201)
    ) { call in
        let (bytes, name) = try call.upload()
        return .task {
            let content = try await store.write(bytes, call.tenant)
            return try await call.commit { tx in
                let file = try tx.files.create(content, name: name, by: call.actor)
                return .record(file, status: 201, location: "/v1/files/\(file.id)")
            }
        }
    }
    routes.get(
        "/v1/files/{id}/content", .permission("files:read"), "Download a file",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let id = try call.id("id", of: StoredFile.self)
        return .read { reader in
            let file = try StoredFile.resource.get(id, in: reader)
            services.audit(.download(file, by: call.actor), in: reader.tenant)
            return .download(file, try reader.files.content(of: file))
        }
    }
    routes.post(
        "/v1/files/{id}/link", .permission("files:read"),
        "Create a link that downloads a file without signing in, for an hour",
        named: "create_file_link", holdsSecret: true,
        .json(.reference("FileLink"), "The link.")
    ) { call in
        let id = try call.id("id", of: StoredFile.self)
        return .write { tx in
            let file = try StoredFile.resource.get(id, in: tx)
            let end = services.now() + .seconds(3600)
            let url = try links.url(.file, tx.tenant, file.id, expiresAt: end)
            try tx.auditLog.add(call.actor, "file.shared", file.subject, ["until": .string(end.description)])
            return .json(["url": .string(url), "expires_at": .string(end.description)])
        }
    }
    routes.get(
        "/f/{token}", .anyone, "Download a file by its link", named: "download_file_by_link",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        guard let link = links.open(.file, call.parameters["token"] ?? "", at: services.now()),
            let id = link.id(of: StoredFile.self)
        else { throw Problem(.notFound) }
        return .task {
            try services.database.read(link.tenant) { reader in
                let file = try StoredFile.resource.get(id, in: reader)
                services.audit(
                    .download(file, by: .system, address: call.request.head.remoteAddress), in: link.tenant)
                return .download(file, try reader.files.content(of: file))
            }
        }
    }
}

private let linkSchema = JSON.schema(
    ["url": ["type": "string"], "expires_at": ["type": "string", "format": "date-time"]],
    required: ["url", "expires_at"])

extension Call {
    /// The bytes of an upload, and what the file is called.
    package func upload() throws(Problem) -> (bytes: [UInt8], name: String?) {
        let type = request.head.header("Content-Type") ?? ""
        var bytes = request.bytes, name = query("name")
        if type.lowercased().hasPrefix("multipart/form-data") {
            guard let part = FormData(bytes, contentType: type)?.parts.first(where: { $0.name == "file" })
            else {
                throw Problem(faults: [
                    Fault("/file", "required", "The form has no part named file: send the file there.")
                ])
            }
            (bytes, name) = (part.bytes, name ?? part.fileName)
        }
        guard !bytes.isEmpty else {
            throw Problem(faults: [Fault("/file", "required", "The file is empty: send one with content.")])
        }
        return (bytes, name)
    }
}

extension PlatformServices {
    /// Notes in the audit that a file of a record was taken along.
    package func auditDownload(of file: StoredFile, by actor: Actor, in tenant: TenantID) {
        audit(.download(file, by: actor), in: tenant)
    }
}

extension Response {
    /// Returns a file that is never shown in the page's own origin: a browser saves it, whatever it holds.
    package static func download(_ file: StoredFile, _ bytes: [UInt8]) -> Response {
        Response(
            status: 200,
            headers: [
                ("Content-Type", file.mediaType),
                disposition("attachment", fileName: file.name),
                ("Content-Security-Policy", "sandbox; default-src 'none'"),
            ], body: .bytes(bytes))
    }
}

extension StoredFileStore {
    /// A file that something refers to which the client sees; another client's never comes out that way.
    package func download(_ id: ID<StoredFile>, for portal: PortalCall) throws -> Response {
        guard let file = try StoredFile.resource.find(id, in: tx),
            file.clientID == nil || file.clientID == portal.clientID
        else { throw Problem(.notFound) }
        return .download(file, try content(of: file))
    }
}
