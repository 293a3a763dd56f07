package import Database
package import Intelligence
internal import JSON
internal import Records
internal import Telemetry
internal import Nouns
package import Tenancy

/// Trains an agency's own classifier of replies from what its people say that replies mean.
package enum ReplyLearning {
    package static let models = LearnedModels(
        LearnedTask<ReplyClassifier>(
            "reply_class",
            texts: { ids, reader in
                try Message.resource.values(of: ids, in: reader, \.text)
            },
            train: { examples in
                ReplyClassifier.standard.learning(
                    from: examples.compactMap { example in
                        ReplyClass(rawValue: example.label).map {
                            ReplyCorrection(text: example.text, meaning: $0)
                        }
                    })
            },
            label: { classifier, text in
                classifier.classify(ReplyText(text: text), on: CivilDate(daysSinceEpoch: 0)).meaning.rawValue
            }))

    /// Returns the agency's own classifier, or the standard one where it has none.
    package static func classifier(in reader: some Queryable) throws -> ReplyClassifier {
        try models.model(in: reader) ?? .standard
    }
}
