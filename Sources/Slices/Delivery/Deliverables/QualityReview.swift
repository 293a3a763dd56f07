internal import Database
internal import JSON
internal import Lexicons
internal import Nouns
internal import Records
internal import Templates
internal import Tenancy

/// The rules' findings about a deliverable before a person looks at it. Each rule is a factor, with what it saw.
struct QualityReview {
    /// One rule: how much it weighs, and what it found.
    struct Factor {
        let name: String
        let weight: Double
        let passes: Bool
        let evidence: Saying
        /// Further members of the factor.
        var more: JSONObject = [:]

        var json: JSON {
            let factor: JSON = [
                "name": .string(name), "value": .bool(passes), "weight": .number(weight),
                "contribution": .number(passes ? weight : 0), "evidence": .string(evidence.english),
            ]
            return factor.merging(.object(more))
        }
    }

    let factors: [Factor]
    /// The requirements that it was meant to meet, and does not.
    let missed: [String]

    init(_ deliverable: Deliverable, in reader: some Queryable) throws {
        let files = try deliverable.files.compactMap {
            try StoredFile.resource.find($0, in: reader)
        }
        let project = try Project.resource.find(deliverable.projectID, in: reader)
        let client = try Client.resource.find(deliverable.clientID, in: reader)
        let words = [deliverable.name, deliverable.text ?? ""] + files.map(\.name)
        let text = try ([deliverable.text ?? ""] + files.compactMap { try $0.writtenText(in: reader) })
            .joined(separator: "\n\n")
        let rules = try reader.deliverables.rules(for: deliverable)
        let (requirements, missed) = Self.requirements(deliverable, of: project, rules, text, files)
        self.missed = missed
        factors = [
            Self.content(deliverable, files), Self.placeholders(words),
            Self.clientName(client?.name ?? "", in: words), requirements, Self.answer(deliverable),
        ]
    }

    var score: Double {
        let sum = factors.reduce(0) { $0 + ($1.passes ? $1.weight : 0) }
        return (sum * 1000).rounded() / 1000
    }

    var json: JSON {
        [
            "passed": .bool(factors.allSatisfy(\.passes)), "score": .number(score),
            "factors": .array(factors.map(\.json)), "model": ["name": "rules", "version": "2"],
        ]
    }

    // MARK: Rules

    private static func content(_ deliverable: Deliverable, _ files: [StoredFile]) -> Factor {
        let text = (deliverable.text ?? "").trimmed
        return Factor(
            name: "content", weight: 0.35, passes: !text.isEmpty || files.contains { $0.size > 0 },
            evidence: Saying(
                "deliverable_check.content",
                ["files": .number(files.count), "characters": .number(text.count)]))
    }

    private static let marks =
        ["lorem ipsum", "xxx", "{{", "}}"]
        + Lexicon("requirements", in: ResourceTable.texts).phrases("unfilled")

    private static func placeholders(_ words: [String]) -> Factor {
        let text = words.joined(separator: "\n").lowercased()
        let found = marks.filter { mark in
            mark.allSatisfy(\.isLetter) ? text.wordSet.contains(mark) : text.contains(mark)
        }
        return Factor(
            name: "placeholders", weight: 0.2, passes: found.isEmpty,
            evidence: found.isEmpty
                ? Saying("deliverable_check.no_placeholder") : .quoted(found.joined(separator: ", ")))
    }

    /// A name that is nearly the client's is most likely the client's, misspelt.
    private static func clientName(_ name: String, in words: [String]) -> Factor {
        let wanted = name.split(separator: " ").map(String.init)
            .filter { $0.count >= 4 && $0.first?.isUppercase == true }
        let known = Set(wanted.map { $0.lowercased() })
        var misspelt: [String] = []
        for word in words.flatMap({ $0.letterRuns }) where word.first?.isUppercase == true && word.count >= 4
        {
            guard !known.contains(word.lowercased()) else { continue }
            let isNear = wanted.contains { near in
                near.count >= 5 && abs(near.count - word.count) <= 1
                    && near.lowercased().distance(to: word.lowercased()) == 1
                    && !word.lowercased().isInflection(of: near.lowercased())
            }
            if isNear { misspelt.append(word) }
        }
        return Factor(
            name: "client_name", weight: 0.15, passes: misspelt.isEmpty,
            evidence: misspelt.isEmpty
                ? Saying("deliverable_check.client_name") : .quoted(misspelt.joined(separator: ", ")))
    }

    /// Checks the requirements of the project. A deliverable may name the requirements that it is meant to meet, where
    /// other deliverables meet the rest. What rules require, every deliverable is meant to meet.
    private static func requirements(
        _ deliverable: Deliverable, of project: Project?, _ rules: [ReviewRule], _ text: String,
        _ files: [StoredFile]
    ) -> (factor: Factor, missed: [String]) {
        var wanted = project?.requirements ?? [], always: [String] = []
        for rule in rules where !always.contains(rule.requirement) { always.append(rule.requirement) }
        wanted += always.filter { !wanted.contains($0) }
        let strange = deliverable.requirements.filter { !wanted.contains($0) }
        let findings = RequirementCheck(
            wanted, text: text, files: files.map { ($0.name, $0.mediaType) }
        ).findings
        let meant = deliverable.requirements.isEmpty ? wanted : deliverable.requirements
        let missed = findings.filter { !$0.isMet && (meant + always).contains($0.text) }
        let met = findings.count(where: \.isMet)
        let factor = Factor(
            name: "requirements", weight: 0.15, passes: missed.isEmpty && strange.isEmpty,
            evidence: !strange.isEmpty
                ? Saying("deliverable_check.strange", ["names": .text(strange.joined(separator: ", "))])
                : wanted.isEmpty
                    ? Saying("deliverable_check.no_requirements")
                    : Saying("deliverable_check.met", ["met": .number(met), "all": .number(wanted.count)]),
            more: ["requirements": .array(findings.map(\.json)), "rules": JSON(rules.map { "\($0.id)" })])
        return (factor, missed.map(\.text))
    }

    /// Returns the factor for requested changes: whether some have been made.
    private static func answer(_ deliverable: Deliverable) -> Factor {
        guard let last = deliverable.versions.list.last, deliverable.status == .changesRequested else {
            return Factor(
                name: "changes", weight: 0.15, passes: true, evidence: Saying("deliverable_check.no_changes"))
        }
        let isSame = last.text == deliverable.text && last.files == deliverable.files
        return Factor(
            name: "changes", weight: 0.15, passes: !isSame,
            evidence: Saying(
                "deliverable_check.version",
                ["way": .text(isSame ? "same" : "other"), "number": .number(last.number)]))
    }
}

extension StoredFile {
    /// Returns the text of a text file of at most a million bytes.
    fileprivate func writtenText(in reader: some Queryable) throws -> String? {
        guard mediaType.hasPrefix("text/"), size <= 1_000_000 else { return nil }
        return String(decoding: try reader.files.content(of: self), as: UTF8.self)
    }
}

extension String {
    fileprivate var letterRuns: [String] {
        split { !$0.isLetter }.map(String.init)
    }

    fileprivate var wordSet: Set<String> { Set(letterRuns) }

    /// A plural or a genitive, not a slip.
    fileprivate func isInflection(of word: String) -> Bool {
        count == word.count + 1 && hasPrefix(word) && (last == "s" || last == "n")
    }

    /// Returns the number of letters that have to be added, left out or changed. For words, which are short.
    fileprivate func distance(to other: String) -> Int {
        let (a, b) = (Array(prefix(40)), Array(other.prefix(40)))
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, with) in b.enumerated() {
                let next = Swift.min(row[j] + 1, row[j + 1] + 1, diagonal + (letter == with ? 0 : 1))
                (diagonal, row[j + 1]) = (row[j + 1], next)
            }
        }
        return row[b.count]
    }
}
