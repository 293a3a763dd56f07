internal import Database
package import Intelligence
internal import Records
internal import Nouns
package import Tenancy

/// Trains an agency's own reader of tickets from what its people say that tickets are about, in categories of their
/// own as well.
package enum TicketLearning {
    /// The name is stored with each correction, and is never changed.
    static let task = "ticket_category"

    package static let models = LearnedModels(
        LearnedTask<TicketReader>(
            task,
            texts: { ids, reader in
                try Ticket.resource.values(of: ids, in: reader) { $0.subject + "\n\n" + $0.body }
            },
            train: { TicketReader.standard.learning(from: $0.map(\.correction)) },
            trainTrial: { TicketReader.standard.learning(from: $0.map(\.correction), isTrial: true) },
            label: { reader, text in reader.read(text).category.value.rawValue }))

    /// Returns the agency's own reader, or the standard one where it has none.
    static func reader(in reader: some Queryable) throws -> TicketReader {
        try models.model(in: reader) ?? .standard
    }
}

extension LearnedExample {
    fileprivate var correction: TicketCorrection {
        TicketCorrection(text: text, category: .init(rawValue: label))
    }
}
