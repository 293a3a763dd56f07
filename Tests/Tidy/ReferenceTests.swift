import Testing

/// A reference to a record is an `ID` of its type (docs/decisions/0012-references-have-types.md).
struct References {
    /// Names that end as references do and are texts, and what they are.
    private static let texts = [
        "actorID": "an actor's, of whatever kind", "campaignID": "an agency's own word for a campaign",
        "contentID": "of a part of a mail",
        "eventID": "as webhooks call it", "externalID": "another system's", "internetID": "of a mail",
        "lastEventID": "as browsers send it", "messageID": "a mail service's",
        "noticeID": "of what several people are told at once", "operationID": "OpenAPI's",
        "otherID": "another record's of whatever type", "plannedIDs": "records' of whatever type",
        "productID": "a shop's", "providerID": "an outside service's",
        "recordID": "a record's of whatever type", "remoteID": "an outside service's",
        "requestID": "a request's", "stepID": "an own name within a sequence",
        "subjectID": "a record's of whatever type", "taxID": "an authority's", "traceID": "a trace's",
        "visitorID": "made by a visitor's browser",
    ]

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let text =
        /\b([a-z]\w*IDs?)(?:: String\b| = ""|: (?:\[String\]|Set<String>)| = (?:\[String\]|Set<String>)\()/

    /// Takes whole lines: a text's quotation marks are no code.
    private static func untyped(_ line: String) -> [String] {
        guard line.has("ID") else { return [] }
        return line.matches(of: text).map { String($0.1) }
    }

    @Test func `to records are no texts`() {
        var faults: [String] = [], seen: Set<String> = []
        for source in Project.sources {
            for (index, line) in source.lines.enumerated() {
                for name in Self.untyped(line) {
                    seen.insert(name)
                    if Self.texts[name] == nil { faults.append("\(source.path):\(index + 1): \(name)") }
                }
            }
        }
        expectNone(faults, "Give it the type of what it names, as in `clientID: ClientID`:")
        expectNone(
            Set(Self.texts.keys).subtracting(seen).sorted(), "Excused, and declared nowhere as a text:")
    }

    /// Files that know rows by texts, and what these are.
    private static let ownTexts = [
        "Sources/Foundations/Database/StoredRow.swift": "an example",
        "Sources/Kernel/Agents/AgentMemory.swift": "only shown",
        "Sources/Kernel/Agents/DecisionOverride.swift": "only shown",
        "Sources/Kernel/Jobs/Audit/Audit.swift": "part of what is sealed",
        "Sources/Kernel/Jobs/Events/Event.swift": "as webhooks call it",
        "Sources/Platform/RuntimeRoutes/ToolRoutes.swift": "only shown",
        "Sources/Platform/Tenancy/Portal/ClientActivity.swift": "part of what is sealed",
        "Sources/Providers/Slack/Slack.swift": "Slack's",
        "Sources/Reach/Messages/Staff/SlackUser.swift": "Slack's",
        "Sources/Slices/Campaigns/Money/CampaignSpending.swift": "only shown",
        "Sources/Slices/Deals/Billing/Checkout.swift": "the key under which services know it",
        "Sources/Slices/Deals/Signing/SignatureRequest.swift": "the key under which services know it",
        "Sources/Slices/Market/Hubs/FeedHubRow.swift": "the last part of an address",
        "Sources/Slices/Posts/Learning/LearnedPost.swift": "as decisions keep it",
        "Sources/Slices/Sync/Runs/SyncOutcome.swift": "a record's on either side",
    ]

    /// Files of slices that hand an identifier over as a text, and what that is.
    private static let handedTexts = [
        "Campaigns/CampaignDependencies.swift": "a record's of another slice, only shown",
        "Content/Writing/Passage.swift": "a record's of whatever type",
        "Content/Writing/WritingDependencies.swift": "a record's of whatever type",
        "Content/Writing/WrittenItems.swift": "a record's of whatever type",
        "Deals/Billing/Checkout.swift": "the key under which services know it",
        "Deals/Billing/Refund.swift": "the key under which services know it",
        "Deals/Packages/OfferTrial.swift": "a value that an experiment tries",
        "Deals/Signing/SignatureOrdering.swift": "the key under which services know it",
        "Deals/Signing/SignatureRequest.swift": "the key under which services know it",
        "Deals/Signing/SignatureSendJob.swift": "the key under which services know it",
        "Market/Hubs/FeedHubRow.swift": "the last part of an address",
        "Posts/Agents/SocialPiece.swift": "a record's of whatever type",
        "Posts/PostsDependencies.swift": "a record's of whatever type",
        "Quality/Judgement/RecordFacts.swift": "a record's of whatever type",
        "Support/Improvements/Improvement.swift": "a ticket's, or an answer's to a survey",
        "Sync/Runs/HeldRecords.swift": "a record's on either side",
        "Sync/Runs/SyncOutcome.swift": "a record's on either side",
        "Sync/Syncs/SyncPreview.swift": "a record's on either side",
    ]

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let handed = /_ id: String\b/

    /// A text is read as an identifier once, where it comes in: in a path, a link's token, or a member of a document.
    @Test func `to records are not handed over as texts`() {
        let root = "Sources/Slices/"
        let known = Project.sources.filter { source in
            source.path.hasPrefix(root) && source.text.has("_ id: String")
                && source.code.contains { $0.contains(Self.handed) }
        }.map { String($0.path.dropFirst(root.count)) }
        expectNone(
            known.filter { Self.handedTexts[$0] == nil },
            "Take an `ID` of its type, and have it read where the text comes in:")
        expectNone(
            Set(Self.handedTexts.keys).subtracting(known).sorted(), "Excused, and hands over no text:")
    }

    private static func isOwnText(_ line: String) -> Bool {
        line.has(#"row.text("id")"#) || line.has("func find(_ id: String")
    }

    /// Schedules, budgets and alerts are no records, and have identifiers of their type as records do.
    @Test func `to stored rows are no texts, either`() {
        let known = Project.sources.filter { $0.lines.contains(where: Self.isOwnText) }.map(\.path)
        expectNone(
            known.filter { Self.ownTexts[$0] == nil },
            "Give the row an `ID` of its type (`Identified`), and read it by `row.id(\"id\")`:")
        expectNone(
            Set(Self.ownTexts.keys).subtracting(known).sorted(), "Excused, and knows no row by a text:")
    }

    /// Only records turn identifiers into the texts by which lists and files know them.
    @Test func `are not written out to name something`() {
        let faults = Self.faults { !$0.matches(of: Self.written).isEmpty }
        expectNone(faults, "Pass the identifier itself: what names things takes any `Key`.")
    }

    /// A column, or a member of a document, that holds an identifier is read as one.
    @Test func `are not read as texts first`() {
        let faults = Self.faults { !$0.matches(of: Self.parsed).isEmpty }
        expectNone(
            faults, "Read the identifier: `ClientID(row, 0)`, `row.id(0)`, `json[\"client_id\"]?.id()`.")
    }

    // Patterns in a function are compiled for every line.
    nonisolated(unsafe) private static let written =
        #/
        \b(id|[a-z]\w*ID)\??\.text\b(?!\()
        | \b(limitKey|uniqueKey|id):\ [a-z]\w*\.text\b(?!\()
        /#.wordBoundaryKind(.simple)
    nonisolated(unsafe) private static let parsed =
        #/
        \b\w*ID(<\w+>)?\((\$0|row)\.text\(
        | ([tT]ext\(\d+\)|\?\.text)\.flatMap\ ?\(?\{\ ?(?!InternetMessage)(\w*ID|ID<\w+>)\(\$0\)
        /#.wordBoundaryKind(.simple)

    private static func faults(where isFault: (String) -> Bool) -> [String] {
        Project.sources.filter { !$0.path.hasPrefix("Sources/Kernel/Records/") }.flatMap { source in
            source.code.enumerated().filter { _, line in
                (line.has(".text") || line.has("ext(")) && isFault(line)
            }.map {
                "\(source.path):\($0.offset + 1)"
            }
        }
    }

    @Test(arguments: [
        "limitKey: id.text", "uniqueKey: domain.text,", "id: competitor.text)", "post.id.text",
        "clientID?.text ?? none", "(message.contactID?.text)",
    ])
    func `are found where they are written out`(line: String) {
        #expect(!line.matches(of: Self.written).isEmpty)
    }

    @Test(arguments: [
        "{ LeadID($0.text(0)) }", "item: ContentItemID(row.text(1))",
        "row.optionalText(1).flatMap { PackageID($0) }",
        "json[name]?.text.flatMap { ClientID($0) }", "json[name]?.text.flatMap({ ID<StoredFile>($0) })",
    ])
    func `are found where they are texts first`(line: String) {
        #expect(!line.matches(of: Self.parsed).isEmpty)
    }

    @Test func `are told from other texts`() {
        #expect(Self.untyped("func close(clientID: String, at: Instant)") == ["clientID"])
        #expect(Self.untyped("    var clientID = \"\", name = \"\"") == ["clientID"])
        #expect(Self.untyped("var leadIDs: [String] = []") == ["leadIDs"])
        #expect(Self.untyped("let dealIDs: Set<String>, taskIDs = [String]()") == ["dealIDs", "taskIDs"])
        #expect(Self.untyped("let clientID: ClientID, names: [ContactID: String]").isEmpty)
    }
}
