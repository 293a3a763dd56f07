import Dispatch
import Foundation
import JSON
import StandIns
import Testing

/// Messages to people, in the histories that CRMs keep of them.
@Suite(.ownThread) struct SyncHistories {
    let server = BureauProcess.shared

    @Test
    func `what is said stands once in the history that a CRM keeps, and mailings only where they are wanted`()
        throws
    {
        let spoken = try SpokenWith(server), owner = spoken.owner
        let news = try spoken.tell("Spring offers.", ["purpose": "marketing"])
        try spoken.agency.message(news, "sent", "delivered")
        let answer = try spoken.tell("Your site is *ready*.")
        let entry = try spoken.entry(answer, "written")
        let note = try #require(spoken.pipe.notes.all.first)
        #expect(note.fields["person_id"]?.int == Int64(spoken.person.id) && note.fields["org_id"] == nil)
        let content = note.fields["content"]?.text ?? ""
        #expect(content.hasPrefix("To Ana López (email): Hello<br>") && content.hasSuffix(answer.id))
        #expect(content.contains("Your site is"))
        #expect(entry.text("entry_id") == note.id && entry.text("remote_id") == spoken.person.id)
        #expect(try owner.get("/v1/leads/\(entry.text("local_id"))").ok().text("email") == SpokenWith.address)

        // Before she writes: who waits for an answer gets no offers.
        try owner.patch("/v1/syncs/\(spoken.sync.id)", ["history": "all"]).ok()
        let more = try spoken.tell("Summer offers.", ["purpose": "marketing"])
        try spoken.entry(more, "written")
        try owner.patch("/v1/syncs/\(spoken.sync.id)", ["history": "conversations"]).ok()

        let mail = spoken.postmark.mail("r1", from: SpokenWith.address, text: "Is 1 < 2? Tell me.")
        for _ in 0..<2 { try server.deliver(mail, to: spoken.door).ok() }
        let heard = try #require(try spoken.agency.inbound(spoken.ana).first)
        try spoken.entry(heard, "written")
        #expect(
            spoken.notes.contains { $0.contains("Is 1 &lt; 2?") && $0.hasPrefix("Ana López to us (email)") })

        #expect(spoken.notes.count == 3 && spoken.count(news) == 0 && spoken.count(more) == 1)
        #expect(try spoken.entries().count == 3)
        let calls = try owner.every("/v1/tool-calls?tool=write_connector")
        let spokenOf = Set(calls.compactMap { $0["subject"]?.id })
        #expect(spokenOf.isSuperset(of: [answer.id, heard.id]))

        try owner.patch("/v1/syncs/\(spoken.sync.id)", ["history": "none"]).ok()
        try spoken.agency.message(spoken.tell("Not for the CRM."), "sent", "delivered")
        try spoken.run()
        #expect(spoken.notes.count == 3)
    }

    @Test
    func `an entry whose answer was lost is looked for, a refused one is told, and none is written twice`()
        throws
    {
        let spoken = try SpokenWith(server), service = spoken.pipe.service
        // The service has it, and its answer is lost.
        service.next(.cutDone, when: SpokenWith.isNote)
        let lost = try spoken.tell("One.")
        try spoken.entry(lost, "written")
        #expect(spoken.count(lost) == 1)
        #expect(service.requests.contains { $0.method == "GET" && $0.target.hasPrefix("/api/v1/notes?") })

        // The service has it not, and nobody knows.
        service.next(.cutAfter, when: SpokenWith.isNote)
        let cut = try spoken.tell("Two.")
        try spoken.entry(cut, "written")
        #expect(spoken.count(cut) == 1)

        // It wants to be left alone for a moment.
        service.next(.answer(429, "{}", headers: [("x-ratelimit-reset", "1")]), when: SpokenWith.isNote)
        let late = try spoken.tell("Three.")
        try spoken.entry(late, "written")
        #expect(spoken.count(late) == 1)

        service.next(.answer(422, #"{"success":false}"#), when: SpokenWith.isNote)
        let refused = try spoken.tell("Four.")
        #expect(try spoken.entry(refused, "failed").text("code") == "invalid_value")
        #expect(try spoken.alerts().count == 1)
        let next = try spoken.tell("Five.")
        try spoken.entry(next, "written")
        #expect(try spoken.alerts().isEmpty, "it takes them again")
        #expect(spoken.count(refused) == 0 && spoken.notes.count == 4)
    }

    @Test
    func `what is said to somebody who becomes known to a CRM later is written then`() throws {
        let spoken = try SpokenWith(server), owner = spoken.owner
        let bo = try spoken.agency.makeContact(2, ["name": "Bo Birch", "email": "bo@birch.example"])
        let told = try spoken.tell("Welcome.", to: bo)
        try spoken.entry(told, "unmatched")
        try owner.post(
            "/v1/leads", ["company": "Birch", "contact_name": "Bo Birch", "email": "bo@birch.example"]
        ).ok(201)
        try spoken.run()
        let entry = try spoken.entry(told, "written")
        let there = try #require(spoken.pipe.persons.all.first { $0.id != spoken.person.id })
        #expect(entry.text("remote_id") == there.id && spoken.count(told) == 1)

        try spoken.entry(spoken.tell("Once more.", to: bo), "written")
        try owner.delete("/v1/syncs/\(spoken.sync.id)").ok(204)
        try owner.get("/v1/syncs/\(spoken.sync.id)/history").problem(404)
    }

    @Test func `what is said to somebody whom a person adds to the CRM as they are here is written then`()
        throws
    {
        let spoken = try SpokenWith(server), owner = spoken.owner
        try owner.patch("/v1/syncs/\(spoken.sync.id)", ["direction": "pull"]).ok()
        let bo = try spoken.agency.makeContact(2, ["name": "Bo Birch", "email": "bo@birch.example"])
        try owner.post(
            "/v1/leads", ["company": "Birch", "contact_name": "Bo Birch", "email": "bo@birch.example"]
        ).ok(201)
        let told = try spoken.tell("Welcome.", to: bo)
        try spoken.entry(told, "unmatched")
        spoken.pipe.persons.add([
            "name": "Bo Birch",
            "emails": [["value": "bo@birch.example", "primary": true, "label": "work"]],
        ])
        try spoken.run()
        try spoken.entry(told, "written")
        #expect(spoken.count(told) == 1)
    }

    @Test func `a history that a service does not keep is refused when the sync is saved`() throws {
        let syncing = try Syncing(server), owner = syncing.agency.owner
        #expect(try owner.patch(syncing.path, ["history": "all"]).faults() == ["/history": "invalid_choice"])
        #expect(try syncing.sync.text("history") == "none")
    }

    /// When the service does what it was asked before the server died: before that, long after it, or never.
    enum Write: CaseIterable, Sendable { case done, late, never }

    @Test(arguments: Write.allCases)
    func `killed while an entry is handed over, it is written once`(_ write: Write) throws {
        let clock = try MovedClock(at: .now)
        let server = try BureauProcess.start(variables: clock.variables)
        let spoken = try SpokenWith(server), service = spoken.pipe.service
        let isDead = DispatchSemaphore(value: 0)
        service.next(write == .never ? .silence : .wait { isDead.wait() }, when: SpokenWith.isNote)
        let told = try spoken.tell("One.")
        try eventuallyTrue("the entry leaves", every: .milliseconds(2)) {
            service.requests.contains(where: SpokenWith.isNote)
        }
        server.kill()
        func end() throws {
            isDead.signal()
            try eventuallyTrue("it is there") { spoken.count(told) == 1 }
        }
        if write == .done { try end() }
        try server.start()
        // While the request may still be on its way nobody can know, and others are written.
        let next = try spoken.tell("Two.")
        try spoken.entry(next, "written")
        #expect(try spoken.entry(told, "sending")["entry_id"] == .null)
        if write == .late { try end() }
        try clock.move(to: .now.addingTimeInterval(61))
        try server.killAndRestart()
        try spoken.entry(told, "written")
        try server.killAndRestart()
        let third = try spoken.tell("Three.")
        try spoken.entry(third, "written")
        #expect(spoken.count(told) == 1 && spoken.count(next) == 1 && spoken.notes.count == 3)
    }
}
