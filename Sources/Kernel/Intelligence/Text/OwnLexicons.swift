internal import Lexicons

extension Lexicon {
    /// Reads this module's files about a subject.
    init(_ subject: String) { self.init(subject, in: ResourceTable.texts) }
}

extension PhraseSet where Group: RawRepresentable & CaseIterable, Group.RawValue == String {
    /// Knows the phrases of each group that stand below its name in the files about some subjects.
    init(about subjects: String...) {
        let lexicons = subjects.map { Lexicon($0) }
        self.init(
            groups: Group.allCases.map { group in
                (group, lexicons.flatMap { $0.lines(group.rawValue) }.joined(separator: "\n"))
            })
    }
}
