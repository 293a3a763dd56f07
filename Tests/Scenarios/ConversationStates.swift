import JSON
import Testing

/// The states of conversations are kept: what cannot come is refused, and what is stuck is found and mended.
@Suite(.ownThread) struct ConversationStates {
    let server = BureauProcess.shared

    private func opened() throws -> HandoverChat {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-05T10:00:00.000Z")
        for agent in ["primary_agent", "handover_monitor", "state_manager"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        return try HandoverChat(box, server, booking: "https://calendly.com/check/priority-support")
    }

    private func check(_ chat: HandoverChat) throws -> JSON {
        try chat.box.owner.post("/v1/agents/state_manager/runs", [:]).ok(202)
        try chat.box.advance("PT0S")
        return try #require(
            try chat.box.owner.every("/v1/agent-runs?agent=state_manager")
                .sorted { $0.text("created_at") < $1.text("created_at") }.last)
    }

    @Test func `who waits is not handed over again, and a wait that goes on is left alone`() throws {
        let chat = try opened()
        let talk = try chat.waiting(try chat.say("I want to speak to a human", ["name": "Vera"]))
        try chat.box.owner.post("/v1/conversations/\(talk.id)/handover", [:])
            .problem(409, "invalid_transition")
        #expect(try check(chat)["result"]?["mended"] == 0)
        #expect(try chat.read(talk)["agents"] == talk["agents"])
        #expect(try chat.box.owner.every("/v1/decisions?agent=state_manager").isEmpty)
    }

    @Test func `somebody for whom nothing is done any more is found, people are told and the agent is back`()
        throws
    {
        let chat = try opened(), box = chat.box
        let talk = try chat.waiting(try chat.say("I want to speak to a human", ["name": "Vera"]))
        for job in try box.owner.every("/v1/jobs?kind=handover.check") {
            _ = try box.owner.post("/v1/jobs/\(job.id)/cancel")
        }
        try box.advance("PT1H59M")
        #expect(try check(chat)["result"]?["mended"] == 0, "an hour of patience after the last check")
        try box.advance("PT2M")
        #expect(try chat.read(talk).text("handler") == "waiting_for_human")
        #expect(try check(chat)["result"]?["mended"] == 1)
        try box.advance("PT2M")
        let back = try chat.read(talk)
        #expect(back.text("handler") == "agent")
        #expect(
            back["agents"] == [
                "primary_agent": "active", "handover_monitor": "standby", "calendly_bridge": "standby",
            ])
        #expect(back["handover"]?.text("outcome") == "reactivated")
        let decision = try #require(try box.owner.every("/v1/decisions?agent=state_manager").first)
        #expect(decision["outcome"]?.text("fault") == "forgotten")
        #expect(decision["subject"]?.id == talk.id)
        #expect(try box.owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        #expect(try check(chat)["result"]?["mended"] == 0, "once")
    }
}
