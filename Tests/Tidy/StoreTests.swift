import Testing

/// The members of a transaction or a reader itself: SQL, time, events and records. Everything else is a
/// store's.
struct Stores {
    /// Extensions that belong to no one subject.
    private static let common = [
        "Sources/Kernel/Records/Fields/Reference.swift": "references of any record",
        "Sources/Kernel/Agents/Resources/ManagedRecord.swift": "changes of any record",
        "Sources/Kernel/Jobs/Events/Event.swift": "events",
        "Sources/Kernel/Jobs/Events/EventSample.swift": "events",
        "Sources/Kernel/Jobs/Sandboxes/SeededID.swift": "ids",
        "Sources/Kernel/Agents/TenantQuestions.swift": "the time zone",
        "Sources/Platform/RuntimeRoutes/AgentRunRoutes.swift": "runs as requests start them, of any agent",
        "Sources/Bureau/Application/Journeys.swift": "what all slices tell of a contact",
        "Sources/Bureau/Application/StoredKeys.swift": "the key that a tenant is made with",
        "Sources/Bureau/Commands/SampleDeals.swift": "any record of the sample agency",
    ]

    // A pattern in a function is compiled for every line.
    nonisolated(unsafe) private static let head =
        /^(?:package |fileprivate |private )?extension (?:Transaction|Queryable|Reader)\b/
    nonisolated(unsafe) private static let hidden = /^ {4}(?:@\w+ )*(?:private|fileprivate)\b/
    nonisolated(unsafe) private static let member = /^ {4}(?! )[@\w ]*\b(?:func|var|let) (\w+)/
    nonisolated(unsafe) private static let store = /: \w+Store<Self> \{/

    private static func isExtension(_ line: String) -> Bool { line.contains(head) }

    /// Returns the names of the members of such extensions that other files see, other than stores.
    private static func members(of source: SwiftSource) -> [String] {
        var found: [String] = [], isInside = false
        for line in source.code {
            if Self.isExtension(line) {
                isInside = !line.contains("}")
            } else if line.hasPrefix("}") {
                isInside = false
            } else if isInside, !line.contains(hidden),
                let match = line.firstMatch(of: member),
                !line.contains(store)
            {
                found.append(String(match.1))
            }
        }
        return found
    }

    @Test func `hold what is read and changed, so that a transaction knows SQL, time and events alone`() {
        let sources = Project.sources.filter {
            !$0.path.hasPrefix("Sources/Foundations/Database") && Self.common[$0.path] == nil
        }
        let faults = sources.flatMap { source in
            Self.members(of: source).map { "\(source.path): \($0)" }
        }
        expectNone(faults, "Make it a member of a store, as `extension LeadStore { … }`:")
    }

    nonisolated(unsafe) private static let ofStore = /^(?:package )?extension (\w+Store)\b/

    /// Returns the stores of a source, each once for every member of it that other files see.
    private static func stores(of source: SwiftSource) -> [String] {
        var found: [String] = [], store: String?
        for line in source.code {
            if let match = line.firstMatch(of: ofStore) {
                store = line.contains("}") ? nil : String(match.1)
            } else if line.hasPrefix("}") {
                store = nil
            } else if let store, !line.contains(hidden), line.contains(member) {
                found.append(store)
            }
        }
        return found
    }

    /// A store with more members than these holds two concepts.
    private static let membersMax = 25

    @Test func `have one concept each, and few members`() {
        let members = Dictionary(grouping: Project.sources.flatMap(Self.stores)) { $0 }
        #expect(members.count > 100, "the pattern finds the stores")
        let faults = members.filter { $0.value.count > Self.membersMax }
            .map { "\($0.key): \($0.value.count) members" }
        expectNone(faults.sorted(), "Divide it by concept (docs/decisions/0011-a-store-for-each-subject.md):")
    }

    @Test func `are counted by what other files see`() {
        let source = SwiftSource(
            path: "Sources/Slices/X/X.swift",
            text: """
                extension LeadStore {
                    package func find() {}
                    private func own() {}
                }
                fileprivate extension LeadStore {
                    func helper() {}
                }
                package extension LeadStore where Base == Transaction {
                    @discardableResult func merge() -> Int { 1 }
                }
                """)
        #expect(Self.stores(of: source) == ["LeadStore", "LeadStore"])
    }

    @Test func `are told apart from what hangs on a transaction`() {
        let source = SwiftSource(
            path: "Sources/Slices/X/X.swift",
            text: """
                extension Transaction {
                    private func own() {}
                    package func shared() {}
                    @discardableResult func seen() -> Int { 1 }
                }
                extension Queryable {
                    package var leads: LeadStore<Self> { LeadStore(tx: self) }
                }
                extension LeadStore { package func good() {} }
                """)
        #expect(Self.members(of: source) == ["shared", "seen"])
    }
}
