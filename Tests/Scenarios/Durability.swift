import Foundation
import JSON
import StandIns
import Synchronization
import TestRandomness
import Testing

/// The state after a process was killed in the middle of its work.
@Suite(.ownThread) struct Durability {
    /// Leads that writers were told are made: their numbers by identifier.
    final class Kept: Sendable {
        private let state = Mutex<(ids: [String: Int], next: Int, broken: [String])>(([:], 0, []))
        var ids: [String: Int] { state.withLock { $0.ids } }
        var broken: [String] { state.withLock { $0.broken } }
        var count: Int { state.withLock { $0.ids.count } }
        func next() -> Int {
            state.withLock {
                $0.next += 1; return $0.next
            }
        }
        func keep(_ id: String, _ number: Int) { state.withLock { $0.ids[id] = number } }
        func note(_ trouble: String) { state.withLock { $0.broken.append(trouble) } }
    }

    /// Writers that make leads, each under a key of its own, until the server is gone. Wait for the group.
    func startWriters(_ count: Int, on server: BureauProcess, _ token: String, _ kept: Kept) -> DispatchGroup
    {
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            Thread {
                let caller = server.caller(token)
                while true {
                    let number = kept.next()
                    let body: JSON = [
                        "company": .string("Durable \(number)"),
                        "email": .string("d\(number)@example\(number).com"),
                    ]
                    guard let answer = try? caller.post("/v1/leads", body, ["Idempotency-Key": "d-\(number)"])
                    else { break }
                    if answer.status == 201 {
                        kept.keep(answer.json.id, number)
                    } else {
                        kept.note("\(answer)")
                    }
                    if answer.status == 503 { break }
                }
                group.leave()
            }.start()
        }
        return group
    }

    @Test func `killed in a loop, what was answered is there, once, and its key is remembered`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let kept = Kept(), merging = try Merging(agency.owner)
        for round in 1...6 {
            let writers = startWriters(6, on: server, agency.token, kept)
            let merges = merging.start(server.caller(agency.token))
            let target = kept.count + 25 * round
            try eventuallyTrue("round \(round)", every: .milliseconds(1)) {
                kept.count >= target
            }
            server.kill()
            writers.wait()
            merges.wait()
            try server.start()
            try server.anonymous.get("/readyz").ok()
            #expect(try merging.step(agency.owner), "asked again after round \(round)")
        }
        try merging.expectOnce(agency.owner)
        let leads = try agency.owner.every("/v1/leads?fields=id,company")
        let have = Dictionary(leads.map { ($0.id, $0.text("company")) }, uniquingKeysWith: { a, _ in a })
        let answered = kept.ids
        #expect(answered.filter { have[$0.key] != "Durable \($0.value)" }.isEmpty, "answered leads are gone")
        #expect(Set(have.values).count == have.count, "a lead was made twice")
        #expect(kept.broken.isEmpty, "\(kept.broken.prefix(3))")
        var random = SeededGenerator(1)
        for (id, number) in answered.shuffled(using: &random).prefix(20) {
            let body: JSON = [
                "company": .string("Durable \(number)"), "email": .string("d\(number)@example\(number).com"),
            ]
            let again = try agency.owner.post("/v1/leads", body, ["Idempotency-Key": "d-\(number)"])
            #expect(try again.ok(201).id == id && again.header("Idempotency-Replayed") == "true")
        }
        let created = try agency.owner.every("/v1/events?type=lead.created").map { $0["subject"]?.id ?? "" }
        #expect(created.count == have.count && Set(created) == Set(have.keys), "one event for each lead")
        #expect(try agency.owner.get("/v1/audit/verify").ok()["valid"] == true)
        #expect(
            try agency.owner.get("/api/dashboard/overview").ok()["leads"]?["total"]?.int == Int64(have.count))
    }

    @Test
    func
        `an import that is killed goes on after the restart, beside creates; nothing is lost, nothing comes twice`()
        throws
    {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let (count, kept) = (many(12_000), Kept())
        let answer = try agency.startImport(csv(csvHeader, (0..<count).map { csvRow($0) }))
        let place = try #require(answer.header("Location"))
        var kills = 0
        for share in [0.1, 0.4, 0.7] {
            let writers = startWriters(2, on: server, agency.token, kept)
            let state = try eventually("\(share) of it", within: .seconds(180), every: .milliseconds(3)) {
                let state = try agency.owner.get(place).ok()
                let processed = Double(state["processed"]?.int ?? 0)
                return processed >= share * Double(count) || state.text("status") == "completed"
                    ? state : .none
            }
            server.kill()
            writers.wait()
            try server.start()
            kills += state.text("status") == "completed" ? 0 : 1
        }
        #expect(kills > 0, "it ended before it could be killed")
        let state = try agency.finished(answer, within: .seconds(180))
        #expect(state["processed"]?.int == Int64(count) && state["failed"] == 0)
        #expect(
            (state["created"]?.int ?? 0) + (state["skipped"]?.int ?? 0) == Int64(count), "\(state.serialized)"
        )
        let leads = try agency.owner.every("/v1/leads?fields=id,email")
        let emails = leads.map { $0.text("email") }
        #expect(Set(emails).count == emails.count && emails.filter { $0.contains("@import") }.count == count)
        #expect(Set(kept.ids.keys).isSubset(of: leads.map(\.id)))
        #expect(kept.broken.isEmpty, "\(kept.broken.prefix(3))")
        #expect(try agency.owner.every("/v1/events?type=import.completed").count == 1)
        #expect(try agency.owner.get("/v1/audit/verify").ok()["valid"] == true)
        #expect(
            try agency.owner.get("/api/dashboard/overview").ok()["leads"]?["total"]?.int == Int64(leads.count)
        )
        let left = (try? FileManager.default.contentsOfDirectory(atPath: server.folder + "/uploads")) ?? []
        #expect(left.isEmpty, "the file goes when it has been read")
    }

    @Test func `runs that were accepted are finished after the restart, each once`() throws {
        let server = try BureauProcess.start()
        let agency = try server.signUp()
        let places = try (0..<20).map { number in
            let id = try agency.makeLead(number).id
            return try #require(try agency.owner.post("/v1/leads/\(id)/score").header("Location"))
        }
        try server.killAndRestart()
        for place in places {
            let run = try eventually("the end of \(place)", every: .milliseconds(100)) {
                let run = try agency.owner.get(place).ok()
                return run.text("status") == "succeeded" ? run : .none
            }
            #expect(run["decisions"]?.array?.count == 1, "\(run.serialized)")
        }
    }

    @Test func `workflows in flight are killed in a loop: each ends, with each of its steps effective once`()
        throws
    {
        let provider = try StandIn { conversation in
            while let request = try conversation.readRequest() {
                // Long enough for a kill to come in between.
                Thread.sleep(forTimeInterval: 0.02)
                try conversation.send(StandInAnswer(200, request.target))
            }
        }
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let budget = try agency.owner.post(
            "/v1/budgets", ["kind": "calls", "limit": 100_000, "per": "month"]
        ).ok(201)
        let workflow = try agency.owner.post("/v1/workflows", Self.workflow(calling: provider.url)).ok(201)
        var runs: [String] = []
        for round in 1...5 {
            let target = provider.requests.count + 2 * round
            for _ in 0..<12 {
                let body: JSON = [
                    "workflow_id": .string(workflow.id), "state": ["n": .string("\(runs.count)")],
                ]
                runs.append(try agency.owner.post("/v1/workflow-runs", body).ok(202).id)
            }
            try eventuallyTrue("calls of round \(round)", every: .milliseconds(1)) {
                provider.requests.count >= target
            }
            try server.killAndRestart()
        }
        for id in runs {
            var run = JSON.null
            do {
                try eventuallyTrue("the end of \(id)", within: .seconds(180), every: .milliseconds(50)) {
                    run = try agency.owner.get("/v1/workflow-runs/\(id)").ok()
                    // A run whose process has died several times waits for a person, who lets it go on.
                    if run["error"]?.text("code") == "quarantined" {
                        _ = try agency.owner.post("/v1/jobs/\(run.text("job_id"))/retry")
                    }
                    return run.text("status") == "completed"
                }
            } catch {
                Issue.record("it stands at \(run.serialized)\n\(server.log.suffix(4000))")
                throw error
            }
            let history = (run["history"]?.array ?? []).map { "\($0.text("node")) \($0.text("status"))" }
            #expect(history.sorted() == ["call completed", "make completed", "nap completed"])
        }
        let made = try agency.owner.every("/v1/leads?fields=id,company").map { $0.text("company") }
        #expect(made.sorted() == runs.indices.map { "Flow \($0)" }.sorted(), "each made its lead, once")
        // A call that a kill cut off went out again, under the key by which the other side knows it.
        let calls = Dictionary(grouping: provider.requests, by: \.target)
        #expect(calls.count == runs.count)
        for (target, requests) in calls {
            #expect(Set(requests.map { $0.header("Idempotency-Key") ?? "" }).count == 1, "\(target)")
        }
        let ended = try agency.owner.every("/v1/events?type=workflow_run.completed").map {
            $0["subject"]?.id ?? ""
        }
        #expect(ended.sorted() == runs.sorted(), "one event for each")
        let use = try agency.owner.get("/v1/budgets/\(budget.id)").ok()
        #expect(use["held"]?.int == 0 && use["spent"]?.int ?? 0 >= Int64(runs.count), "\(use.serialized)")
    }

    private static func workflow(calling url: String) -> JSON {
        [
            "name": "in flight", "start": "make", "state": ["n": ["type": "string", "required": true]],
            "nodes": [
                [
                    "id": "make", "type": "tool", "tool": "create_record",
                    "input": ["type": "lead", "fields": ["company": "Flow {{n}}"]],
                ],
                [
                    "id": "call", "type": "tool", "tool": "http_request",
                    "input": ["method": "POST", "url": .string("\(url)/{{n}}")],
                ],
                ["id": "nap", "type": "wait", "for": "PT1S"],
            ],
            "edges": [["from": "make", "to": "call"], ["from": "call", "to": "nap"]],
        ]
    }

    @Test func `keys, sessions and refresh tokens survive`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let key = ["Idempotency-Key": "k-3"]
        let robot = try agency.key(["leads:read"])
        let first = try agency.owner.post("/v1/leads", lead(), key).ok(201)
        let secret = try agency.owner.post(
            "/v1/api-keys", ["name": "s", "scopes": ["leads:read"]], ["Idempotency-Key": "k-4"]
        ).ok(201)
        try server.killAndRestart()
        let again = try agency.owner.post("/v1/leads", lead(), key)
        #expect(try again.ok(201) == first && again.header("Idempotency-Replayed") == "true")
        let secretAgain = try agency.owner.post(
            "/v1/api-keys", ["name": "s", "scopes": ["leads:read"]], ["Idempotency-Key": "k-4"])
        #expect(try secretAgain.ok(201).text("secret") == secret.text("secret"))
        #expect(try agency.owner.total() == 1)
        try robot.get("/v1/leads").ok()
        try server.anonymous.post("/v1/auth/refresh", ["refresh_token": .string(agency.refreshToken)]).ok()
    }

    @Test func `a process that is told to end answers what began, loses nothing, and leaves in time`() throws
    {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let kept = Kept()
        let writers = startWriters(6, on: server, agency.token, kept)
        try eventuallyTrue("work", every: .milliseconds(5)) { kept.count > 50 }
        let began = ContinuousClock.now
        #expect(server.stop() == 0)
        #expect(began.duration(to: .now) < .seconds(10))
        writers.wait()
        #expect(kept.broken.filter { !$0.hasPrefix("<503") }.isEmpty, "\(kept.broken.prefix(3))")
        try server.start()
        let have = Set(try agency.owner.every("/v1/leads?fields=id").map(\.id))
        #expect(Set(kept.ids.keys).isSubset(of: have))
    }

    @Test func `an open event stream does not hold up the end`() throws {
        let server = try BureauProcess.start()
        let agency = try server.signUp()
        let stream = try EventStream(agency.owner)
        let began = ContinuousClock.now
        #expect(server.stop() == 0)
        #expect(began.duration(to: .now) < .seconds(10))
        try eventuallyTrue("the stream's end") { stream.isEnded }
    }

    @Test func `a second process on the same folder is refused, and the first goes on`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let refusal = #expect(throws: Unexpected.self) { _ = try BureauProcess.start(folder: server.folder) }
        let text = refusal?.description ?? ""
        #expect(text.contains("(1)"), "exit status 1: \(text)")
        #expect(["in use", "another", "already"].contains { text.contains($0) }, "\(text)")
        let id = try agency.makeLead().id
        try agency.owner.get("/v1/leads/\(id)").ok()
    }

    @Test func `neither the log nor the folder holds a secret, nor the log a person`() throws {
        let server = try BureauProcess.start(["log.level": "debug"])
        let agency = try server.signUp()
        let key = try agency.owner.post("/v1/api-keys", ["name": "r", "scopes": ["leads:read"]]).ok(201).text(
            "secret")
        let invitation = try agency.owner.post(
            "/v1/invitations", ["email": "i@example.com", "role": "viewer"], ["Idempotency-Key": "i"]
        )
        .ok(201).text("token")
        let (credential, modelKey) = ("postmark-secret-0123456789", "sk-of-a-model-0123456789")
        try agency.connect("postmark", credentials: ["server_token": .string(credential)])
        try agency.owner.post(
            "/v1/models",
            [
                "name": "mini", "base_url": "https://models.example.com/v1", "model": "m",
                "api_key": .string(modelKey),
            ]
        ).ok(201)
        _ = try agency.makeLead(
            0,
            ["email": "very.private@example.com", "contact_name": "Verona Private", "phone": "+14155552671"])
        _ = try agency.owner.get("/v1/leads?email=very.private@example.com")
        _ = try agency.owner.get("/v1/leads?q=Verona")
        _ = try agency.owner.get("/v1/nothing")
        _ = try server.anonymous.post(
            "/v1/auth/login", ["email": .string(agency.email), "password": "wrong horse battery"])
        _ = try server.anonymous.post("/v1/auth/refresh", ["refresh_token": .string(agency.refreshToken)])
            .ok()
        #expect(server.stop() == 0)
        let log = server.log
        #expect(log.contains("/v1/leads"), "requests are logged")
        for secret in [
            agency.password, agency.token, agency.refreshToken, key, invitation, "wrong horse battery",
            credential, modelKey, "very.private", "Verona", "4155552671",
        ] {
            #expect(!log.contains(secret), "the log holds \(secret)")
        }
        let files = try #require(FileManager.default.enumerator(atPath: server.folder)).compactMap {
            $0 as? String
        }
        for file in files {
            guard let data = FileManager.default.contents(atPath: server.folder + "/" + file) else {
                continue
            }
            for secret in [
                agency.password, agency.refreshToken, key, invitation, credential, modelKey,
            ] {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(file) holds a secret in clear")
            }
        }
        let mode = try FileManager.default.attributesOfItem(atPath: server.folder)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }
}
