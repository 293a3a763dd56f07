package import Database
package import Intelligence
package import JSON
package import Nouns

/// The way for agents to ask models; the composition root gives it.
package struct ModelService: Sendable {
    /// Asks past a gate.
    package let gateway: @Sendable (_ gate: any ModelGate) -> ModelGateway
    /// The way to a model for who has leave to go it, once.
    package let connect: @Sendable (_ permit: Permit) -> ModelTransport
    /// The models that an agent of the tenant asks, in their order; without any it takes the path that needs none.
    package let chain: @Sendable (_ agent: String, _ tenant: TenantID) throws -> [ModelRoute]
    /// The closure that is called when a model was asked, with the outcome, what it took, and the duration.
    package var asked: @Sendable (_ outcome: StaticString, _ use: ModelUse, _ time: Duration) -> Void =
        { _, _, _ in }

    package init(
        gateway: @escaping @Sendable (any ModelGate) -> ModelGateway,
        connect: @escaping @Sendable (Permit) -> ModelTransport,
        chain: @escaping @Sendable (String, TenantID) throws -> [ModelRoute]
    ) {
        (self.gateway, self.connect, self.chain) = (gateway, connect, chain)
    }
}

/// An agent's question to a model: it wants a document of the schema, made by a prompt.
package struct ModelQuestion: Sendable {
    package var prompt: PromptFile
    package var values: [String: PromptFile.Value]
    package var schema: JSON
    /// Tools that the model may wish for, by name; the gate decides about each call.
    package var tools: [String] = []
    package var tokensMax = 500
    /// The pictures that it is about; they come from outside, as what they show does.
    package var images: [ChatImage] = []

    package init(_ prompt: PromptFile, _ values: [String: PromptFile.Value], answering schema: JSON) {
        (self.prompt, self.values, self.schema) = (prompt, values, schema)
    }
}

/// The outcome of a question.
package enum AskedModel: Sendable {
    case answered(ModelReply)
    /// The model wished for something that a person has to agree to first; it is done without the run then.
    case awaitsApproval(ApprovalID)
    /// There is no answer, and the code of the reason: the agent goes on without a model.
    case local(String)
}

/// A model's answer, and whose it is.
package struct ModelReply: Hashable, Sendable {
    /// Fits the schema that was asked for. What it says is a model's: data, as what it was made from.
    package let document: JSON
    /// `{name, model, prompt}`: the tenant's name for the model, what its server calls it, and the prompt's version.
    package let source: JSON

    package init(document: JSON, source: JSON) { (self.document, self.source) = (document, source) }
}

/// The tokens and cost of one question.
package struct ModelUse: Hashable, Sendable {
    package let tokens: ModelUsage
    /// The cost in millionths of a minor unit.
    package let cost: Int64
}
