package import Agents
package import Integrations
package import JSON
internal import Records
package import Social
internal import Telemetry

/// The Spaces of the account: https://docs.x.com/x-api/spaces. X lists those that are planned or live; of one that it
/// lists no more it is asked by its name, and what it does not know then was cancelled.
extension XNetwork: SpaceReading {
    private static let fields =
        "space.fields=title,state,scheduled_start,started_at,ended_at,participant_count,creator_id"
    private static let titleMax = 200

    package func price(ofSpaces count: Int, _ settings: JSONObject, call: Int64) -> Int64 {
        price(ofReading: count, settings, call: call)
    }

    package func spaces(
        known: [String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [ToldSpace] {
        let user: String
        if let told = access.setting("user_id") {
            user = told
        } else {
            user = try await me(access, reach).id
        }
        let path = "/2/spaces/by/creator_ids?user_ids=\(user.percentEncoded)&\(Self.fields)"
        let listed = try await ask(get(path, access), access, reach, isPartly: true)
        var found = (listed["data"]?.array ?? []).compactMap { Self.space($0, of: user) }
        let missing = Set(known).subtracting(found.map(\.id)).sorted().prefix(100)
        guard !missing.isEmpty else { return found }
        let ids = missing.map(\.percentEncoded).joined(separator: ",")
        let asked = try await ask(
            get("/2/spaces?ids=\(ids)&\(Self.fields)", access), access, reach, isPartly: true)
        found += (asked["data"]?.array ?? []).compactMap { Self.space($0, of: user) }
        // An error about anything else says nothing of the Space itself.
        for error in asked["errors"]?.array ?? []
        where error["type"]?.text?.hasSuffix("/resource-not-found") == true {
            guard let id = (error["resource_id"] ?? error["value"])?.label, missing.contains(id),
                !found.contains(where: { $0.id == id })
            else { continue }
            found.append(ToldSpace(id, .cancelled))
        }
        return found
    }

    /// `nil`: it is somebody else's, or in no state that is known.
    private static func space(_ json: JSON, of user: String) -> ToldSpace? {
        let states = ["canceled": "cancelled"]
        guard let id = json["id"]?.text, let told = json["state"]?.text,
            let state = ToldSpace.State(rawValue: states[told] ?? told),
            json["creator_id"]?.label.map({ $0 == user }) ?? true
        else { return nil }
        func moment(_ name: String) -> Instant? { json[name]?.text.flatMap { Instant($0) } }
        var space = ToldSpace(id, state)
        space.title = String((json["title"]?.words ?? "").prefix(titleMax))
        (space.scheduledAt, space.startedAt) = (moment("scheduled_start"), moment("started_at"))
        space.endedAt = moment("ended_at")
        space.participants = json["participant_count"]?.int.flatMap { $0 >= 0 ? Int($0) : nil }
        return space
    }
}
