package import Agents
package import Database
internal import HTTPServer
package import Nouns
internal import Records
package import Routing
package import RuntimeRoutes

extension Routes {
    /// Adds the download of the files that a client's record shows them.
    package mutating func portalFiles<R: ManagedRecord>(
        of view: PortalView<R>, _ summary: String,
        shows: @escaping @Sendable (R, ID<StoredFile>, Reader) throws -> Bool
    ) {
        get(
            "\(view.path)/{id}/files/{file_id}", .portal("portal:read"), summary,
            .media("application/octet-stream", "The bytes of the file.")
        ) { call in
            let (id, portal) = (try call.id("id", of: R.self), try call.portal)
            let file = try call.id("file_id", of: StoredFile.self)
            return .read { reader in
                guard try shows(view.get(id, portal, in: reader), file, reader) else {
                    throw Problem(.notFound)
                }
                return try reader.files.download(file, for: portal)
            }
        }
    }
}
