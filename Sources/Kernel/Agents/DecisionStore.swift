package import Database

/// Agents' decisions, and people's corrections of them: `tx.decisions`.
package struct DecisionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var decisions: DecisionStore<Self> { DecisionStore(tx: self) }
}
