internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry
internal import Templates
package import Tenancy

/// A file that belongs to the work for a client, and whether the client sees it: one row of `documents`.
package struct ClientDocument: ManagedRecord {
    package enum Kind: String, Choice {
        case brief, contract, guideline, report, asset, access, other
    }
    package enum Visibility: String, Choice { case client, agency }

    package var head = Head<ClientDocument>()
    package var clientID = ClientID.unset
    package var projectID: ID<Project>?
    package var fileID = ID<StoredFile>.unset
    package var name = ""
    package var kind = Kind.other
    package var visibility = Visibility.agency

    package init() {}

    package static let idPrefix = "doc", noun = "document"
    package static let resource = Resource<ClientDocument>(
        "documents", named: "Document",
        [
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .id("project_id", \.projectID, .filterable),
            .id("file_id", \.fileID, .required, .about("The ids of the files in /v1/files.")),
            .text(
                "name", \.name, max: 255, .searchable,
                .about("The name of the document; the file's by default.")),
            .choice(
                "kind", \.kind, .standard("other"), .filterable,
                .about("The kind of document, such as brief or guideline.")),
            .choice(
                "visibility", \.visibility, .standard("agency"), .filterable,
                .about("The visibility of the document.")),
        ])

    package mutating func prepare(
        replacing old: ClientDocument?, by actor: Actor, in tx: Transaction
    ) throws {
        var faults = Faults()
        if let projectID, projectID != old?.projectID,
            let project = try Project.resource.find(projectID, in: tx), project.clientID != clientID
        {
            faults.add("/project_id", "unknown_reference", "project_id must be a project of the client.")
        }
        if fileID != old?.fileID, let file = try StoredFile.resource.find(fileID, in: tx) {
            // A file that belongs to another client is refused.
            if let owner = file.clientID, owner != clientID {
                faults.add(
                    "/file_id", "unknown_reference",
                    "The file belongs to another client: upload it for this one.")
            }
            if name.trimmed.isEmpty { name = file.name }
        }
        try faults.throwIfAny()
    }

    package func saved(replacing old: ClientDocument?, by actor: Actor, in tx: Transaction) throws {
        guard visibility == .client, old?.visibility != .client else { return }
        try tx.publish(
            "document.shared", subject, ["client_id": JSON(clientID), "name": .string(name)])
        try tx.portal.noteActivity(ofClient: clientID, by: actor, "document.shared", subject, .quoted(name))
    }
}
