/// Scores leads by what is known: by rules, or by the tenant's own outcomes once they teach something.
package struct LeadScoring: Sendable {
    package let knowledge: ScoringKnowledge
    package let configuration: ScoringConfiguration

    package init(_ knowledge: ScoringKnowledge, _ configuration: ScoringConfiguration) {
        (self.knowledge, self.configuration) = (knowledge, configuration)
    }

    package func score(_ input: ScoringInput) -> LeadScore {
        if knowledge.stage == .learned, let model = knowledge.model {
            return LearnedScoring(model, configuration).score(input)
        }
        var estimate = ConversionEstimate()
        (estimate.won, estimate.lost) = (knowledge.won, knowledge.lost)
        (estimate.averagePoints, estimate.steepness) = (knowledge.averagePoints, knowledge.steepness)
        estimate.signs = knowledge.signs
        if knowledge.stage == .withoutSignal {
            estimate.isWithoutSignal = true
        } else {
            estimate.early = knowledge.model
        }
        return RuleScoring(configuration).score(input, conversion: estimate, history: knowledge.stage)
    }
}
