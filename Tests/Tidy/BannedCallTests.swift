import Testing

/// Calls that the house has something better for.
struct `Banned calls` {
    struct Ban {
        var call: String
        var instead: String
        /// Files and modules that may, each for the reason beside it.
        var except: [String: String] = [:]
        /// A line with this is meant otherwise.
        var unless: String?
    }

    static let bans = [
        Ban(call: "Date()", instead: "the tenant's clock (`tx.now`), or Instant"),
        Ban(call: "Date.now", instead: "the tenant's clock (`tx.now`), or Instant"),
        Ban(call: "UUID()", instead: "UniqueID, which sorts by time"),
        Ban(
            call: ".random(", instead: "a generator that is passed in (`using:`)",
            except: [
                "Sources/Foundations/HTTPServer/SpooledBody.swift": "names of temporary files",
                "Sources/Foundations/Telemetry/TraceContext.swift": "trace ids where no seed is given",
            ],
            unless: "using:"),
        Ban(
            call: "Task.sleep", instead: "a schedule, a snooze, or the runtime's clock",
            except: [
                "Sources/Foundations/HTTPClient/HTTPClient.swift":
                    "the pause between attempts, which a test replaces",
                "Sources/Foundations/HTTPServer/HTTPServer.swift": "waits for connections to end",
                "Sources/Kernel/Jobs/Runtime.swift": "the one wait that the clock is made of",
            ]),
        Ban(call: "Thread.sleep", instead: "a signal to wait for"),
        Ban(
            call: "fatalError(", instead: "a thrown error, or precondition on what no input can break",
            except: [
                "Sources/Foundations/Wire/OutputBuffer.swift": "out of memory",
                "Sources/Foundations/HTTPServer/PreparedResponse.swift": "out of memory",
                "Sources/Foundations/HTTPServer/RequestHead.swift": "out of memory",
            ]),
        Ban(call: "try!", instead: "try, or a value that cannot be wrong"),
        Ban(call: "print(", instead: "Log", except: ["Bureau": "what commands say"]),
        Ban(call: "NSLog(", instead: "Log"),
        Ban(
            call: "strerror(", instead: "SystemFault, which has words and a remedy",
            except: ["Sources/Foundations/Telemetry/SystemFault.swift": "the words of what is rare"]),
        Ban(
            call: "errno: Int32", instead: "SystemFault: a number shows as soon as somebody prints the error"),
        Ban(call: "NSRegularExpression", instead: "a hand-written scan"),
        Ban(call: "DateFormatter", instead: "Instant and CivilDate"),
        Ban(call: "String(format:", instead: "interpolation"),
        Ban(call: "URLSession", instead: "HTTPClient"),
        Ban(call: "DispatchQueue", instead: "an actor, a Mutex or an own thread"),
        Ban(call: "@_", instead: "what the language promises"),
    ]

    @Test func `have their replacements used`() {
        var faults: [String] = []
        for source in Project.sources {
            for (index, line) in source.code.enumerated() {
                for ban in Self.bans where line.has(ban.call) && Self.isWhole(ban.call, in: line) {
                    guard ban.except[source.path] == nil, ban.except[source.module] == nil,
                        !(ban.unless.map(line.contains) ?? false)
                    else { continue }
                    faults.append("\(source.path):\(index + 1): \(ban.call) — use \(ban.instead)")
                }
            }
        }
        expectNone(faults, "Banned, with what to write instead:")
    }

    /// `print(` is no `blueprint(`, `Date()` no `CivilDate()`.
    private static func isWhole(_ call: String, in line: String) -> Bool {
        var rest = Substring(line)
        while let range = rest.firstRange(of: call) {
            let before = rest[..<range.lowerBound].last
            let isMember = before == "." && call.hasSuffix("(") && !call.hasPrefix(".")
            if before == nil || !(before!.isLetter || before!.isNumber || before == "_" || isMember) {
                return true
            }
            if !(call.first!.isLetter) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    @Test func `are excused only where they still stand`() {
        let faults = Self.bans.flatMap { ban in
            ban.except.keys.filter { place in
                !Project.sources.contains { source in
                    (source.path == place || source.module == place)
                        && source.code.contains { $0.contains(ban.call) }
                }
            }.map { "\($0): has no \(ban.call) any more; take it off the list" }
        }
        expectNone(faults.sorted(), "Exceptions that nothing needs:")
    }

    @Test func `of the database's clock are none: the moment is a parameter`() {
        let clocks = [
            "CURRENT_TIMESTAMP", "CURRENT_TIME", "unixepoch(", "datetime('now'", "julianday('now'", "now()",
        ]
        var faults: [String] = []
        for source in Project.sources {
            for literal in source.literals {
                for clock in clocks where literal.text.has(clock) {
                    faults.append("\(source.path):\(literal.line): \(clock)")
                }
            }
        }
        expectNone(faults, "SQL takes the moment as a parameter:")
    }

    /// A workflow leaves its code by throwing, and comes back when what it waits for is there: whoever catches
    /// everything catches that, too.
    @Test func `that swallow errors stand in no file with a workflow's code`() {
        let takesFlow = "_ flow: Flow"
        let workflows = Project.sources.filter { $0.code.contains { $0.contains(takesFlow) } }
        #expect(!workflows.isEmpty)
        let faults = workflows.flatMap { source in
            source.code.enumerated().filter { Self.isWhole("try?", in: $1) || $1.contains("catch {") }.map {
                index, _ in
                "\(source.path):\(index + 1): catch the errors that are meant, by their types"
            }
        }
        expectNone(faults, "A departure of a workflow would be taken for a failure:")
    }

    /// Code that could make a permit could reach a service that nobody has asked the gate about.
    @Test func `make no permit outside of the gate`() {
        let makers = Project.sources.filter { source in
            source.code.contains { $0.contains("Permit(") && Self.isWhole("Permit(", in: $0) }
        }
        #expect(!makers.isEmpty)
        let faults = makers.map(\.path).filter { !$0.hasPrefix("Sources/Kernel/Agents/Gate/") }
        expectNone(faults, "Ask the gate for it (`tx.permit(…)`):")
    }

    /// The code that connects, and nobody else, gets to see what lets an agency in.
    @Test func `open no credentials but for connectors`() {
        let openers = ["openCredentials(", "formerCredentials(", "secrets.open(", "sealing.open("]
        let own = "Sources/Platform/"
        let mayOpen: Set = [
            "\(own)Integrations/CredentialRotation.swift", "\(own)Integrations/Integration.swift",
            "\(own)Integrations/IntegrationCredentials.swift", "\(own)Integrations/IntegrationRoutes.swift",
            // It asks whether what is kept is a consent, which renews itself.
            "\(own)Integrations/IntegrationDates.swift",
            // It asks which integrations have the same key.
            "\(own)Integrations/Lookups/AccountQuota.swift",
            "\(own)Integrations/OAuthRoutes.swift", "\(own)Integrations/OAuthAnswer.swift",
            // These seal nothing of an integration's: links, keys of models, secrets of webhooks, keys of
            // domains.
            "\(own)Tenancy/Links/PublicLinks.swift", "\(own)Integrations/Models/LanguageModel.swift",
            "\(own)Tenancy/Webhooks/Webhook.swift", "Sources/Reach/Messages/Domains/SendingDomain.swift",
        ]
        let askers = [".access(to:", "freshAccess(to:"]
        let mayAsk = [
            "\(own)Integrations/", "Sources/Reach/Messages/Chat/", "Sources/Reach/Messages/Staff/",
            "Sources/Reach/Messages/Inbox/MailInbox.swift",
            "Sources/Reach/Messages/Mailboxes/MailboxPollJob.swift",
            "Sources/Reach/Messages/Outbox/MessageSendJob.swift", "Sources/Slices/Deals/Billing/Payment",
        ]
        func files(_ calls: [String]) -> [String] {
            Project.sources.filter { source in
                source.code.contains { line in calls.contains { line.contains($0) } }
            }.map(\.path)
        }
        #expect(Set(files(openers)) == mayOpen)
        let asking = files(askers)
        #expect(!asking.isEmpty)
        expectNone(
            asking.filter { path in !mayAsk.contains { path.hasPrefix($0) } },
            "Only what works through a connector gets what opens it:")
    }

    @Test func `walk through pages only where a run of their own finds them`() {
        let walks = Project.tests.filter { source in
            !source.path.hasPrefix("Tests/Tidy/") && source.code.contains { $0.contains("inBrowser(") }
                && !source.path.hasSuffix("Browser.swift")
        }
        expectNone(
            walks.map(\.path),
            "scripts/test runs suites in a browser apart: their names and files end in Browser:")
    }

    @Test func `switch no test off`() {
        let marks = [".disabled(", "XCTSkip", "withKnownIssue", ".enabled(if: false"]
        var faults: [String] = []
        for source in Project.tests where !source.path.hasPrefix("Tests/Tidy/") {
            for (index, line) in source.code.enumerated() where marks.contains(where: line.contains) {
                faults.append("\(source.path):\(index + 1)")
            }
        }
        expectNone(faults, "A test that does not run says nothing:")
    }

    /// The lines in which a loop lets other tasks run until something has come to hold, if ever.
    private static func endlessWaits(in source: SwiftSource) -> [Int] {
        source.code.indices.filter { index in
            source.code[index].contains("Task.yield()")
                && source.enclosing(line: index + 1).contains { line in
                    line.split { !$0.isLetter }.contains { $0 == "while" || $0 == "repeat" }
                }
        }.map { $0 + 1 }
    }

    @Test func `wait in no test for as long as it takes`() {
        let faults = Project.tests.filter { !$0.path.hasPrefix("Tests/Waiting/") }.flatMap { source in
            Self.endlessWaits(in: source).map { "\(source.path):\($0): #expect(await yields(until: { … }))" }
        }
        expectNone(faults, "What never comes keeps all other tests from being told; Tests/Waiting ends:")
    }

    @Test func `tell a wait without an end from a few turns`() {
        let text = """
            func few() async { for _ in 0..<5 { await Task.yield() } }
            func once() async {
                while isOpen { work() }
                await Task.yield()
            }
            func line() async { while !isOpen { await Task.yield() } }
            func lines() async {
                while !isOpen {
                    look()
                    await Task.yield()
                }
                repeat {
                    await Task.yield()
                } while !isOpen
            }
            """
        #expect(Self.endlessWaits(in: SwiftSource(path: "Tests/X.swift", text: text)) == [6, 10, 13])
    }
}
