import Foundation
import Testing
import Wording

/// The words that callers read of the API, and what they are told when it refuses something.
struct `Words of the API` {
    /// The beginnings of summaries. A new verb is welcome if none of these says it.
    static let verbs: Set = [
        "Accept", "Acknowledge", "Activate", "Adopt", "Advance", "Answer", "Apply", "Approve", "Archive",
        "Assign", "Cancel",
        "Change", "Check", "Claim", "Close", "Compare", "Complete", "Compose", "Connect", "Correct", "Create",
        "Decide", "Decline", "Delete", "Dismiss", "Download", "Draft", "End", "Enrich", "Enrol", "Erase",
        "Escalate", "Exchange", "Export", "Fill", "Find", "Follow", "Fork", "Get", "Grant", "Hand",
        "Ignore", "Import", "Invite", "Link", "List", "Make", "Mark", "Merge", "Move", "Offer", "Override",
        "Pause", "Preview", "Publish", "Qualify", "Receive", "Recommend", "Record", "Redeliver", "Refund",
        "Reject", "Release", "Remove", "Reopen", "Replay", "Request", "Research", "Resolve", "Restart",
        "Restore", "Resume", "Retry", "Review", "Revoke", "Rotate", "Run", "Score", "Send", "Set", "Share",
        "Show",
        "Sign", "Skip", "Snooze", "Start", "Step", "Stop", "Stream", "Submit", "Subscribe", "Suspend",
        "Test", "Undo", "Unlink", "Update", "Upload", "Verify", "Void", "Watch", "Withdraw",
    ]

    private static let document = "openapi/bureau.yaml"

    /// The summaries of the operations in the document of the API, each with its line. Those of webhooks say what has
    /// happened, and are not among them.
    private static func summaries(_ lines: [Substring]) -> [(line: Int, text: Substring)] {
        var isOperation = false
        return lines.enumerated().compactMap { index, line in
            if line.first?.isLetter == true { isOperation = line.hasPrefix("paths:") }
            let text = line.drop { $0 == " " }
            guard isOperation, text.hasPrefix("summary: ") else { return nil }
            return (index + 1, text.dropFirst("summary: ".count).drop { $0 == "\"" })
        }
    }

    private static func beginsWithVerb(_ summary: Substring) -> Bool {
        verbs.contains(String(summary.prefix { $0.isLetter }))
    }

    @Test func `begin each summary of an operation with a verb`() {
        let summaries = Self.summaries(Project.lines(Self.document))
        #expect(summaries.count > 600, "all of them are found")
        let faults = summaries.filter { !Self.beginsWithVerb($0.text) }
            .map { "\(Self.document):\($0.line): \($0.text)" }
        expectNone(
            faults, "Begin with a verb in the imperative, such as List or Create, and say what comes back:")
    }

    @Test func `tell a verb from what is none`() {
        let document = """
            paths:
              /v1/leads:
                get:
                  summary: List leads
                post:
                  summary: "Creates a lead: at once"
            webhooks:
              lead.created:
                post:
                  summary: A lead was created.
            """
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        let summaries = Self.summaries(lines)
        #expect(summaries.map { $0.line } == [4, 6])
        #expect(summaries.map { Self.beginsWithVerb($0.text) } == [true, false])
    }

    // A pattern in a function is compiled for every text.
    nonisolated(unsafe) private static let figurative = /\b(?:stands?\b(?! for\b)|talks\b)/

    @Test func `say that a post is published, not that it stands`() {
        var faults = Project.lines(Self.document).enumerated().filter { _, line in
            line.drop { $0 == " " }.hasPrefix("summary: ") && line.contains(Self.figurative)
        }.map { "\(Self.document):\($0.offset + 1): \($0.element)" }
        for (text, page) in `The words of the console`.used.sorted(by: { $0.key < $1.key })
        where text.contains(/\bstands?\b(?! for\b)/) {
            faults.append("\(page): \(text)")
        }
        expectNone(faults, "Say that it is published, or that an event has begun:")
        #expect("A post that stands".contains(Self.figurative) && "It talks live".contains(Self.figurative))
        #expect(!"A dash stands for nothing.".contains(Self.figurative))
    }

    /// The code that gives a text to a caller as the detail of a problem, a fault, a refusal or a failure.
    private static let givers = [
        "Problem(", "Fault(", "aults.add(", ".fault(", "Refusal(", "Failure(", ".terminal(", ".retryable(",
        "Reason(", ".malformed(", ".invalid(",
    ]

    /// Words without a referent, with which a detail is a riddle to whoever reads it alone.
    private static func isRiddle(_ text: String) -> Bool {
        let beginnings = ["It ", "Its ", "They ", "Their ", "That ", "There is ", "There are ", "Nobody "]
        return beginnings.contains(where: text.hasPrefix)
    }

    /// "X is no Y", which tells what something is not in a form that few use.
    private static func isDenial(_ text: String) -> Bool {
        guard text.has(" no ") else { return false }
        let all = text.split(whereSeparator: \.isWhitespace).map { word in
            word.lowercased().trimmingCharacters(in: .punctuationCharacters)
        }
        return all.indices.dropLast(2).contains { index in
            ["is", "are", "was", "were"].contains(all[index]) && all[index + 1] == "no"
                && !["longer", "more"].contains(all[index + 2])
                && (index == 0 || all[index - 1] != "there")
        }
    }

    private static func riddles(in source: SwiftSource) -> [SwiftSource.Piece] {
        source.literals.filter { literal in
            isRiddle(literal.text)
                && source.enclosing(line: literal.line).prefix(2).contains { line in
                    givers.contains(where: line.contains)
                }
        }
    }

    @Test func `name the subject of every refusal`() {
        let faults = Project.sources.flatMap { source in
            Self.riddles(in: source).map { "\(source.path):\($0.line): \($0.text)" }
        }
        expectNone(
            faults,
            "Say what is wrong of what, and what to do; \"It\" names nothing where a detail stands alone:")
    }

    @Test func `are riddles in a problem, and not elsewhere`() {
        let text = """
            func refuse() throws {
                throw Problem(.conflict, "It is there already.")
                faults.add(
                    "/email", "invalid_email", "There is no such address.")
                faults.add("/email", "invalid_email", "email must be an email address.")
                mail.say("It is a fine day.")
            }
            """
        #expect(Self.riddles(in: SwiftSource(path: "Sources/X.swift", text: text)).map { $0.line } == [2, 4])
    }

    @Test func `say what is the case, in the product's catalogue and in the console, too`() {
        var faults = Project.sources.flatMap { source in
            source.literals.filter { Self.isDenial($0.text) }.map { "\(source.path):\($0.line): \($0.text)" }
        }
        for catalogue in `The catalogues of words`.languages where catalogue.language == "en" {
            faults += catalogue.texts.filter { Self.isDenial($0.value) }.map { "en.json: \($0.key)" }.sorted()
        }
        for (text, page) in `The words of the console`.used where Self.isDenial(text) {
            faults.append("\(page): \(text)")
        }
        expectNone(
            faults, "\"X is no Y\": write \"X is not a Y\" or \"The Y X does not exist\", and what to do:")
    }

    @Test func `deny in the way that people do`() {
        #expect(Self.isDenial("\\(code) is no country's code (ISO 3166)."))
        #expect(Self.isDenial("The file is no picture that blogs take."))
        #expect(Self.isDenial("{count, plural, one {It is no name} other {There are no names}}"))
        #expect(!Self.isDenial("{kind, select, none {There is no name: enter one} other {}}"))
        #expect(!Self.isDenial("The link is no longer valid."))
        #expect(!Self.isDenial("The file is not a picture: upload another."))
    }

    /// The word as the glossary has it. German has "E-Mail", and what is read may have either.
    nonisolated(unsafe) private static let hyphenated = /\b[eE]-mail/

    @Test func `spell email as the glossary does`() {
        // A migration keeps its name, and domains are as they are.
        let kept = ["Sources/Slices/Campaigns/ReachMigrations.swift", "DisposableDomains.swift"]
        var faults = Project.sources.filter { source in !kept.contains(where: source.path.hasSuffix) }
            .flatMap { source in
                source.literals.filter { $0.text.has("-mail") && $0.text.contains(Self.hyphenated) }
                    .map { "\(source.path):\($0.line): \($0.text.prefix(80))" }
            }
        let english =
            Project.files(in: "Sources", named: "/Wording/Resources/en.json")
            + Project.files(in: "docs", named: ".md") + `The words of the console`.pages
        #expect(english.count > 100 && english.contains("docs/glossary.md"), "all of them are found")
        for path in english {
            for (number, line) in Project.text(path).lines(with: ["-mail"])
            where line.contains(Self.hyphenated) {
                faults.append("\(path):\(number): \(line.prefix(80))")
            }
        }
        // The English stands before its translation.
        for path in `The words of the console`.catalogues {
            for (index, line) in Project.lines(path).enumerated() {
                let english = line.prefixMatch(of: /\s*"(?:[^"\\]|\\.)*":/)?.output ?? ""
                if english.contains(Self.hyphenated) { faults.append("\(path):\(index + 1): \(english)") }
            }
        }
        expectNone(faults, "Write email, and Email at the beginning:")
        #expect("An e-mail campaign".contains(Self.hyphenated))
        #expect(!"E-Mail-Kampagne".contains(Self.hyphenated))
    }
}
