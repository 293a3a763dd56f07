internal import Agents
internal import JSON
internal import Records
package import Telemetry

/// The way in which a service takes what was said to somebody, as the history that it keeps of a record.
package struct ConnectorHistory: Sendable {
    /// The question for the entries of a record, the newest first.
    struct Find: Sendable {
        let question: ConnectorQuestion
        /// The places of the entries, of an identifier and of the text within one.
        let items: ConnectorPointer, id: ConnectorPointer, text: ConnectorPointer
        let overlap: Duration
    }

    let question: ConnectorQuestion
    /// The JSON Pointer to the identifier of the new entry in the answer.
    let id: ConnectorPointer
    /// `nil`: the service cannot be asked for what is there.
    let find: Find?

    package var isFindable: Bool { find != nil }
    /// The time by which the service's index lags behind: for so long what is there may not be found.
    package var lag: Duration { find?.overlap ?? .zero }
}

/// An entry in a history that a service keeps: something that was said.
package struct ConnectorEntry: Sendable {
    /// The identifier of what was said here, which stands in the entry: by it the entry is found.
    package let own: String
    package let title: String, text: String
    package let at: Instant

    package init(own: String, title: String, text: String, at: Instant) {
        (self.own, self.title, self.text, self.at) = (own, title, text, at)
    }

    static let names = ["id", "own", "title", "text", "at"]

    fileprivate func names(_ record: String) -> [String: JSON] {
        [
            "id": .string(record), "own": .string(own), "title": .string(title), "text": .string(text),
            "at": .string(at.description),
        ]
    }
}

extension ConnectorClient {
    /// Writes an entry into the history of a record and returns its identifier. `key`: the same for further attempts.
    package func enter(
        _ entry: ConnectorEntry, of record: String, _ object: ConnectorObject, key: String
    ) async throws -> String {
        guard let history = object.history else { throw Self.cannot("write the history of", object) }
        let names = names(of: object).adding(entry.names(record))
        let answer = try await pass(WriteConnectorTool.name, key: key) {
            wire, reach async throws(ToolFailure) in
            try await wire.ask(history.question, names, ConnectorWire.Extra(key: key), reach)
        }
        guard let id = history.id.value(in: answer.body)?.identifier else {
            throw ToolFailure(
                "invalid_answer", "the answer has no identifier of the new entry", isRetryable: false,
                isAmbiguous: true)
        }
        return id
    }

    /// Returns the identifier of an entry that may be in the history of a record already; `nil`: it is not there.
    package func entered(
        _ entry: ConnectorEntry, of record: String, _ object: ConnectorObject
    ) async throws -> String? {
        guard let find = object.history?.find else { throw Self.cannot("read the history of", object) }
        let names = names(of: object).adding(entry.names(record))
        let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
            try await wire.ask(find.question, names, ConnectorWire.Extra(), reach)
        }
        // Some services write null for a list without anything in it.
        guard let found = find.items.value(in: answer.body), found.isNull || found.array != nil else {
            throw ToolFailure(
                "invalid_answer", "the answer has no list of entries where the connector says",
                isRetryable: false)
        }
        let mine = (found.array ?? []).first { item in
            find.text.value(in: item)?.text?.contains(entry.own) == true
        }
        return mine.flatMap { find.id.value(in: $0)?.identifier }
    }
}
