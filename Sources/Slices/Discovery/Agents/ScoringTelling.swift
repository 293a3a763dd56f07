internal import Agents
internal import Database
internal import JSON
internal import People
internal import Records

/// Tells scores: each is scored anew by what its decision was asked, and what comes out the same is told. What former
/// releases said otherwise stays as it was said.
final class ScoringTelling: DecisionTelling {
    private let reader: any Queryable
    private var known: [String: ScoringKnowledge?] = [:]
    private var labels: [String: String]?

    init(in reader: any Queryable) { self.reader = reader }

    func outcome(_ outcome: JSON) -> JSON {
        guard let said = outcome["next_action"]?.text.flatMap(NextAction.saying(of:)) else { return outcome }
        return outcome.saying("next_action", said)
    }

    func reasons(of decision: Decision) throws -> (factors: JSON, model: JSON) {
        let inputs = JSON(stored: decision.inputs)
        let input = inputs["lead"].flatMap(ScoringInput.init(json:))
        let rests = try input.map { try self.rests(of: $0, inputs["knowledge"]?.text) } ?? [:]
        let names = try ownLabels().merging(input?.spellings ?? [:]) { label, _ in label }
        let factors = (JSON(stored: decision.factors).array ?? []).map { factor -> JSON in
            guard let own = rests[factor["name"]?.text ?? ""], own.text == factor["evidence"]?.text else {
                return factor
            }
            return factor.merging(["facts": JSON(own.codes)]).saying("evidence", own.said(names))
        }
        let model = JSON(stored: decision.model)
        guard let stage = model["history"]?.text.flatMap(ScoringKnowledge.Stage.init(rawValue:)),
            stage.about == model["about"]?.text
        else { return (.array(factors), model) }
        return (.array(factors), model.saying("about", stage.said))
    }

    /// Returns what each factor of a score rests on; settings change its weight alone.
    private func rests(of input: ScoringInput, _ version: String?) throws -> [String: ScoreEvidence] {
        guard let knowledge = try version.flatMap(knowledge) else { return [:] }
        let score = LeadScoring(knowledge, ScoringConfiguration()).score(input)
        return Dictionary(score.factors.map { ($0.name.rawValue, $0.rests) }) { first, _ in first }
    }

    /// The labels of the custom fields of leads, by the columns of a model.
    private func ownLabels() throws -> [String: String] {
        if let labels { return labels }
        let found = try labelled(in: reader)
        labels = found
        return found
    }

    private func labelled(in reader: some Queryable) throws -> [String: String] {
        let fields = try reader.customFields.all(of: .lead).values
        return Dictionary(
            uniqueKeysWithValues: fields.compactMap { field in
                field.label.map { ("custom.\(field.key)", $0) }
            })
    }

    private func knowledge(version: String) throws -> ScoringKnowledge? {
        if let found = known[version] { return found }
        let found = try stored(version, in: reader) ?? ScoringKnowledge()
        known[version] = found.version == version ? found : .some(nil)
        return known[version] ?? nil
    }

    private func stored(_ version: String, in reader: some Queryable) throws -> ScoringKnowledge? {
        try reader.scoring.knowledge(version: version)
    }
}
