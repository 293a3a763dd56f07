package import Records

/// A job's payload with the actor for whom it is worked, whose two members stand among those of the work.
@dynamicMemberLookup
package struct OnBehalf<Work: Codable & Sendable>: Codable, Sendable {
    package var work: Work
    package let actor: Actor

    package init(_ work: Work, of actor: Actor) { (self.work, self.actor) = (work, actor) }

    package init(from decoder: any Decoder) throws {
        (work, actor) = (try Work(from: decoder), try Actor(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try work.encode(to: encoder)
        try actor.encode(to: encoder)
    }

    package subscript<Value>(dynamicMember path: KeyPath<Work, Value>) -> Value { work[keyPath: path] }
}
