import JSON
import StandIns
import Testing

/// Which service takes over where one is slow, silent or gone.
@Suite(.ownThread) struct ConnectorFailover {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.signUp()
        try agency.readyToMail()
        return agency
    }

    @Test func `of two equals the faster takes what comes, and the other once that is gone`() throws {
        let slow = try ScriptedMailService("mailgun", delay: .milliseconds(400))
        let fast = try ScriptedMailService("postmark")
        let agency = try agency()
        let made = try [slow, fast].map { try agency.connect($0) }
        // While little is known of them, each has its turn.
        var number = 0
        while min(slow.asked.count, fast.asked.count) < 5, number < 80 {
            try agency.message(try agency.mail(number..<number + 1)[0], "sent")
            number += 1
        }
        let before = slow.asked.count
        try #require(min(before, fast.asked.count) >= 5)
        for message in try agency.mail(100..<110) { try agency.message(message, "sent") }
        #expect(slow.asked.count == before)
        let measured = try #require(try agency.sendingCalls().last)
        #expect(why(measured) == "measured")
        #expect(measured["why"]?.text("detail").contains("by the last day") == true)
        fast.service.stop()
        for message in try agency.mail(110..<122) { try agency.message(message, "sent") }
        #expect(slow.asked.count == before + 12)
        func reasons() throws -> [String] {
            try agency.sendingCalls("&integration_id=\(made[0].id)").suffix(12).map(why)
        }
        #expect(Set(try reasons()).isSubset(of: ["after_failure", "circuit_open"]))
        try agency.message(try agency.mail(122..<123)[0], "sent")
        #expect(try reasons().last == "circuit_open")
    }

    @Test func `a service for which a gateway waits in vain is spared, and another takes the rest`() throws {
        let silent = try ScriptedMailService("postmark") { _ in StandInAnswer(504, "Gateway Timeout") }
        let other = try ScriptedMailService("mailgun")
        let agency = try agency()
        let made = try agency.connect(silent)
        _ = try agency.connect(other, priority: 2)
        let mails = try agency.mail(0..<30).map { try agency.message($0, "sent", "unknown") }
        let doubtful = mails.count { $0.text("status") == "unknown" }
        #expect((5...7).contains(doubtful) && silent.asked.count == doubtful)
        #expect(other.mails.count == 30 - doubtful)
        #expect(try agency.openAlerts(of: made).map { $0.text("kind") } == ["integration_circuit_open"])
    }

    @Test func `who sets a service right does not wait until it would have been tried again`() throws {
        let gone = try ScriptedMailService("postmark", isUp: false)
        let right = try ScriptedMailService("postmark")
        let agency = try agency()
        let made = try agency.connect(gone), path = "/v1/integrations/\(made.id)"
        func circuit() throws -> String {
            try agency.owner.get(path).ok()["circuit"]?.text("state") ?? ""
        }
        let sent = try agency.mail(0..<12)
        try eventuallyTrue("an open circuit") { try circuit() == "open" }
        _ = try agency.sendingCalls()
        let settings: JSON = ["base_url": .string(right.service.url)]
        try agency.owner.patch(path, ["settings": settings, "credentials": right.credentials]).ok()
        #expect(try circuit() == "closed" && agency.openAlerts(of: made).isEmpty)
        for message in sent { try agency.message(message, "sent") }
        #expect(right.mails.sorted() == (0..<12).map { "p\($0)@example.com" }.sorted())
    }
}
