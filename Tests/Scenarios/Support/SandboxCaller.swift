import JSON
import Testing

/// A sandbox of an agency, as its token sees it. Its clock stands still but for `advance`: no test waits for time
/// to pass.
struct SandboxCaller: Sendable {
    let id: String, tenantID: String
    /// A caller with the sandbox's token, which opens every path of it.
    let owner: Caller

    /// `PT45M`, `P30D`: runs what is due meanwhile. `PT0S` waits until nothing due is left. Answers how much ran.
    @discardableResult
    func advance(_ duration: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        let answer = try owner.post("/v1/sandboxes/\(id)/clock/advance", ["by": .string(duration)])
            .ok(200, sourceLocation: sourceLocation)
        return answer["ran"] ?? .null
    }

    /// Moves it until its clock shows an instant: `2027-01-06T10:00:00.000Z`.
    @discardableResult
    func advance(to instant: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        let answer = try owner.post("/v1/sandboxes/\(id)/clock/advance", ["to": .string(instant)])
            .ok(200, sourceLocation: sourceLocation)
        return answer["ran"] ?? .null
    }

    /// Returns the time of its clock.
    func now(sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        try owner.get("/v1/sandboxes/\(id)/clock").ok(200, sourceLocation: sourceLocation).text("now")
    }

    /// Puts every agent to sleep.
    func quieten() throws { try owner.post("/v1/agents/bulk", ["state": "disabled"]).ok() }

    /// Takes away the schedules of all but some agents: over years even those that sleep take most of the time.
    func keepSchedules(of agents: String...) throws {
        for schedule in try owner.every("/v1/schedules") where !agents.contains(schedule.text("agent")) {
            try owner.delete("/v1/schedules/\(schedule.id)").ok(204)
        }
    }

    /// Puts every agent to sleep, and lets mail leave at any hour.
    func readyToSend() throws {
        try quieten()
        try owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Example Street", "quiet_hours": nil,
                "sender": ["name": "Olive Owner", "email": "olive@agency.example"],
            ]
        ).ok()
    }
}

extension Agency {
    /// A sandbox that is `empty` or a copy of what is `live`, on a fixed date unless another one is given.
    func sandbox(
        _ origin: String = "empty", startAt: String = "2027-01-05T10:00:00.000Z", seed: Int = 7,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> SandboxCaller {
        let made = try owner.post(
            "/v1/sandboxes",
            [
                "from": .string(origin), "name": "Test", "start_at": .string(startAt), "seed": JSON(seed),
            ]
        ).ok(201, sourceLocation: sourceLocation)
        return SandboxCaller(
            id: made.id, tenantID: made.text("tenant_id"), owner: server.caller(made.text("token")))
    }
}
