package import Nouns

extension ID {
    /// An identifier of something that no test has stored.
    package static func numbered(_ number: UInt64) -> ID { ID(UniqueID(high: 0, low: number)) }
}

extension RunID {
    /// An identifier of a run of an agent that no test has stored.
    package static func numbered(_ number: UInt64) -> RunID { .agent(.numbered(number)) }
}
