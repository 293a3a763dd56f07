internal import Cryptography
package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Variants of an agent's settings, tried on its subjects side by side: a row of `agent_experiments`. Which
/// variant a subject gets is decided by its hash; whether the goal, an event about the subject, came in time is
/// counted; when every variant has had enough subjects, once and no sooner, the rates are compared.
package struct AgentExperiment: StoredRow, Identified {
    package static let idPrefix = "exp", noun = "agent_experiment", table = "agent_experiments"

    package enum Status: String, CaseIterable, Sendable { case running, concluded, applied, stopped }
    /// The course that is taken with settings that win.
    package enum Course: String, CaseIterable, Choice { case automatic, propose }

    package struct Variant: Sendable {
        package let name: String
        package let weight: Int
        /// A merge patch of what is published.
        package let settings: JSON
    }

    package let id: ID<AgentExperiment>
    package let agent: String, name: String
    /// The type of the event that counts as success.
    package let goal: String
    /// The first one is what is published: the others are compared with it.
    package let variants: [Variant]
    /// Subjects that each variant must have had.
    package let subjectsMin: Int
    /// The time after its assignment in which a subject's goal counts.
    package let observeFor: Duration
    package let course: Course
    package let status: Status
    package let result: JSON
    package let createdBy: Actor
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, agent) = (row.id("id"), row.text("agent"))
        (name, goal) = (row.text("name"), row.text("goal"))
        variants = Self.variants(JSON(stored: row.text("variants")))
        (subjectsMin, observeFor) = (row.int("subjects_min"), .microseconds(row.int64("observe_for")))
        course = Course(rawValue: row.text("apply")) ?? .propose
        status = Status(rawValue: row.text("status")) ?? .stopped
        result = row.optionalText("result").map { JSON(stored: $0) } ?? .null
        let creator = Actor.Kind(rawValue: row.text("created_by_type")) ?? .system
        createdBy = Actor(creator, id: row.text("created_by"))
        version = row.int("version")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }

    package static func variants(_ json: JSON) -> [Variant] {
        (json.array ?? []).map {
            Variant(
                name: $0["name"]?.text ?? "", weight: Int($0["weight"]?.int ?? 1),
                settings: $0["settings"] ?? [:])
        }
    }

    /// Returns the variant of a subject: the same for the same subject, always and everywhere.
    package func variant(for subject: Subject) -> Variant {
        Self.variant(of: variants, seed: "\(id)", subject)
    }

    static func variant(of variants: [Variant], seed: String, _ subject: Subject) -> Variant {
        let digest = SHA256.hash("\(seed)\n\(subject.id)")
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var place = Int(number % UInt64(variants.reduce(0) { $0 + $1.weight }))
        for variant in variants {
            if place < variant.weight { return variant }
            place -= variant.weight
        }
        return variants[0]
    }

    /// Returns the reference to a variant that a decision keeps.
    package func reference(to variant: Variant) -> JSON {
        ["experiment_id": JSON(id), "name": .string(variant.name), "settings": variant.settings]
    }

    package var json: JSON {
        let variants: [JSON] = variants.map {
            ["name": .string($0.name), "weight": JSON($0.weight), "settings": $0.settings]
        }
        return [
            "id": JSON(id), "agent": .string(agent), "name": .string(name), "goal": .string(goal),
            "variants": .array(variants), "subjects_min": JSON(subjectsMin),
            "observe_for": .string(observeFor.iso8601), "apply": .string(course.rawValue),
            "status": .string(status.rawValue), "result": result, "created_by": createdBy.json,
            "version": JSON(version), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
    }
}

/// The results of a variant among the subjects whose time to convert is over.
package struct VariantTally: Sendable {
    let name: String
    /// Subjects that were given the variant.
    let assigned: Int
    /// Those of them that have converted, or have had their time to.
    let observed: Int
    let converted: Int

    var rate: Double { observed == 0 ? 0 : Double(converted) / Double(observed) }

    package var json: JSON {
        [
            "name": .string(name), "assigned": JSON(assigned), "observed": JSON(observed),
            "converted": JSON(converted), "rate": .number(rate),
        ]
    }
}

extension AgentExperiment {
    /// The p-value from which a difference is called chance, shared among the variants that are compared.
    static let chanceMax = 0.05

    /// Returns the winner, when there is one, and the result; `nil` while some variant has had too few subjects.
    func conclusion(_ tallies: [VariantTally]) -> (winner: String?, result: JSON)? {
        guard let control = tallies.first, tallies.allSatisfy({ $0.observed >= subjectsMin }) else {
            return nil
        }
        var rows: [JSON] = [control.json], best: VariantTally?
        let limit = Self.chanceMax / Double(max(1, tallies.count - 1))
        for tally in tallies.dropFirst() {
            let chance = significance(
                of: (tally.converted, tally.observed), against: (control.converted, control.observed))
            rows.append(
                tally.json.merging(["p_value": .number(chance), "significant": .bool(chance < limit)]))
            if chance < limit, tally.rate > control.rate, tally.rate > best?.rate ?? 0 { best = tally }
        }
        return (best?.name, ["winner": JSON(best?.name), "variants": .array(rows)])
    }
}
