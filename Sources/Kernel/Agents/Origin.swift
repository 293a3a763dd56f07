package import Nouns
package import Templates

/// The origin of an action: for an agent's its run, and the decision that led to it where one was stored.
package struct Origin: Hashable, Sendable {
    package var run: RunID?, decision: DecisionID?
    /// Whether a person has said yes to it.
    package var isApproved: Bool
    /// The approval by which they have, where there is one: it is told what becomes of it.
    package var approval: ApprovalID?
    /// The reason for the action, for people, where that is not plain.
    package var why: Saying?

    package init(
        run: RunID? = nil, decision: DecisionID? = nil, isApproved: Bool = false, approval: ApprovalID? = nil,
        why: Saying? = nil
    ) {
        (self.run, self.decision, self.isApproved) = (run, decision, isApproved)
        (self.approval, self.why) = (approval, why)
    }
}
