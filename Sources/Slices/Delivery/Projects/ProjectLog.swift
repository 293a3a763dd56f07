internal import Agents
internal import Database
internal import HTTPServer
package import JSON
internal import Jobs
package import Nouns
package import Records
internal import Routing
internal import RuntimeRoutes

/// Something that was decided in a project, or how its work is done: one row of `project_log`.
package struct ProjectLogEntry: ManagedRecord {
    package enum Kind: String, Choice { case decision, process }

    package var head = Head<ProjectLogEntry>()
    package var projectID = ID<Project>.unset
    package var clientID = ClientID.unset
    package var kind = Kind.decision
    package var text = ""
    /// `{type, id}`
    package var author = JSON.null

    package init() {}

    package static let idPrefix = "plog", noun = "project_log_entry"
    package static let writing: Permission = "projects:write"
    package static let resource = Resource<ProjectLogEntry>(
        "project_log", named: "ProjectLogEntry", path: "project-log",
        [
            .id("project_id", \.projectID, .readOnly), .id("client_id", \.clientID, .readOnly),
            .choice(
                "kind", \.kind, .required, .filterable,
                .about("Whether something was decided, or how the work is done.")),
            .text("text", \.text, max: 20_000, .required, .example("We begin with search.")),
            .document("author", \.author, .readOnly, .about("The author: type and id.")),
        ])
}

func projectLogRoutes(_ routes: inout Routes) {
    let path = "/v1/projects/{id}/log"
    routes.tells(ProjectLogEntry.resource, read: "projects:read")
    routes.get(
        path, .permission("projects:read"), "List the decisions of a project, oldest first",
        query: ParameterDoc.list(ProjectLogEntry.resource), .list(ProjectLogEntry.resource)
    ) { call in
        let id = try call.id("id", of: Project.self)
        return .read { reader in
            _ = try Project.resource.get(id, in: reader)
            var list = try ListQuery(
                ProjectLogEntry.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true)
            list.add("project_id = \(id)")
            return try list.page(in: reader)
        }
    }
    routes.post(
        path, .permission("projects:write"), "Record a decision of a project, or how its work is done",
        named: "create_project_log_entry",
        body: .json(.reference("ProjectLogEntryCreate")), .record(ProjectLogEntry.resource, status: 201)
    ) { call in
        let (id, draft) = (
            try call.id("id", of: Project.self), Result { try ProjectLogEntry.read(try call.object()) }
        )
        return .write { tx in
            let project = try Project.resource.get(id, in: tx)
            var entry = try draft.get()
            entry.beginLife(id: tx.nextID(), now: tx.now)
            (entry.projectID, entry.clientID, entry.author) = (id, project.clientID, call.actor.json)
            try tx.create(&entry, by: call.actor)
            return .record(
                entry, status: 201, location: "/v1/projects/\(id)/log/\(entry.id)")
        }
    }
}
