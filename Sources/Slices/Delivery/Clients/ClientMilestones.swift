internal import Database
internal import JSON
internal import Records
package import Telemetry

/// A day that counts between the agency and a client.
package struct RelationshipMilestone: Sendable {
    package var kind: String, name: String
    package var at: Instant

    package init(_ kind: String, _ name: String, _ at: Instant) {
        (self.kind, self.name, self.at) = (kind, name, at)
    }

    static let schema: JSON = .schema(
        [
            "kind": ["type": "string"], "name": ["type": "string"],
            "at": ["type": "string", "format": "date-time"],
        ], required: ["kind", "name", "at"])

    var json: JSON { ["kind": .string(kind), "name": .string(name), "at": .string(at.description)] }
}

extension ClientStore {
    /// Returns the milestones between the agency and a client, the newest first.
    func milestones(of client: Client, _ dependencies: DeliveryDependencies) throws -> [RelationshipMilestone]
    {
        let reached = try Project.resource.all(
            where: "client_id = \(client.id)", suffix: "ORDER BY id DESC LIMIT 50", in: tx
        ).flatMap { project in
            project.milestones.list.compactMap { milestone in
                milestone.doneAt.map {
                    RelationshipMilestone("project_milestone", "\(project.name): \(milestone.name)", $0)
                }
            }
        }
        let since = RelationshipMilestone("client_since", client.name, client.createdAt)
        let agreed = try dependencies.milestones(tx, client.id)
        let campaigns = try dependencies.completedCampaigns(tx, client.id)
        return ([since] + reached + agreed + campaigns).sorted {
            $0.at > $1.at
        }
    }
}
