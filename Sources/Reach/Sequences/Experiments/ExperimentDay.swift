internal import Agents
internal import Cryptography
package import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import Records
internal import Telemetry

/// A day of a variant in an experiment with a film, by the clock of its network.
package struct ExperimentDay: StoredRow {
    package enum State: String, CaseIterable, Sendable {
        /// It is to come, or its figures are.
        case planned
        case counts
        /// The variant did not stand for all of the day.
        case spoiled
        /// The network has told no figures of it.
        case untold
    }

    /// Its place among the days, from 0; as many follow on each other as there are variants, and make a block.
    package let number: Int
    package let day: String, variant: String
    /// The change by which the film came to stand so.
    package let change: String?
    package var state = State.planned
    package var views: Int?, minutes: Int?

    package init(number: Int, day: String, variant: String, change: String?) {
        (self.number, self.day, self.variant, self.change) = (number, day, variant, change)
    }

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (number, day) = (row.int("number"), row.text("day"))
        (variant, change) = (row.text("variant"), row.optionalText("change_id"))
        state = State(rawValue: row.text("state")) ?? .planned
        (views, minutes) = (row.optionalInt("views"), row.optionalInt("minutes"))
    }
}

extension Experiment {
    /// The fewest blocks after which a film's winner is named, and the days after which it is given up.
    package static let blocksMin = 5, filmDaysMax = 84

    /// Returns the variant of a day: each has one day of a block, in an order that is by chance, and always the same.
    package func variant(ofDay number: Int) -> ExperimentVariant {
        var places = Array(variants.list.indices)
        let block = number / places.count
        for last in places.indices.dropFirst().reversed() {
            let digest = SHA256.hash("\(id)\n\(block)\n\(last)")
            let chance = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            places.swapAt(last, Int(chance % UInt64(last + 1)))
        }
        return variants.list[places[number % places.count]]
    }

    /// The winner, where there is one, and what each variant has come to.
    func findings(_ days: [ExperimentDay]) -> (winner: String?, json: JSON) {
        let names = variants.list.map(\.name), size = names.count
        guard let control = names.first else { return (nil, []) }
        let counted = days.filter { $0.state == .counts }
        // A block of which a day is missing compares nothing.
        let blocks = Dictionary(grouping: counted) { $0.number / size }.filter { $0.value.count == size }
        let compared = blocks.keys.sorted().compactMap { blocks[$0] }
        func figure(_ day: ExperimentDay) -> Int { (goal == .views ? day.views : day.minutes) ?? 0 }
        let limit = SequentialTest.chanceMax / Double(max(1, size - 1))
        func views(of name: String) -> Int {
            compared.joined().filter { $0.variant == name }.reduce(0) { $0 + ($1.views ?? 0) }
        }
        let hasEnough =
            compared.count >= Self.blocksMin && names.allSatisfy { views(of: $0) >= subjectsMin }
        var rows: [JSON] = [], winner: (name: String, difference: Double)?, isBeaten = size > 1
        for name in names {
            let own = compared.joined().filter { $0.variant == name }
            let total = own.reduce(0) { $0 + figure($1) }
            var row: JSONObject = [
                "name": .string(name), "days": JSON(own.count), "views": JSON(views(of: name)),
                "watch_minutes": JSON(own.reduce(0) { $0 + ($1.minutes ?? 0) }),
                "rate": .number(own.isEmpty ? 0 : Double(total) / Double(own.count)),
                "difference": nil, "interval": nil, "p_value": nil, "significant": false,
            ]
            if name != control {
                let differences = compared.map { block in
                    func logarithm(_ variant: String) -> Double {
                        log1p(Double(block.first { $0.variant == variant }.map(figure) ?? 0))
                    }
                    return logarithm(name) - logarithm(control)
                }
                if let test = SequentialTest(blocks: differences, chanceMax: limit) {
                    let isSignificant = hasEnough && test.chance < limit
                    row["difference"] = .number(expm1(test.difference))
                    if test.low.isFinite, test.high.isFinite {
                        row["interval"] = [.number(expm1(test.low)), .number(expm1(test.high))]
                    }
                    row["p_value"] = .number(test.chance)
                    row["significant"] = .bool(isSignificant)
                    if isSignificant, test.difference > winner?.difference ?? 0 {
                        winner = (name, test.difference)
                    }
                    if !isSignificant || test.difference > 0 { isBeaten = false }
                } else {
                    isBeaten = false
                }
            }
            rows.append(.object(row))
        }
        // Where all others do worse, what there was has won.
        return (winner?.name ?? (isBeaten ? control : nil), .array(rows))
    }

    func filmResults(in reader: some Queryable) throws -> JSON {
        let days = try reader.experimentDays.all(of: id), (winner, variants) = findings(days)
        return [
            "experiment_id": JSON(id), "status": .string(status.rawValue), "goal": .string(goal.rawValue),
            "winner": JSON(winner), "variants": variants,
            "days": .array(
                days.map { day in
                    [
                        "day": .string(day.day), "variant": .string(day.variant),
                        "state": .string(day.state.rawValue), "views": JSON(day.views),
                        "watch_minutes": JSON(day.minutes),
                    ]
                }),
            "method": .string(
                "Variants have whole days in turn, each one of a block, in an order by chance; those who see them are "
                    + "not chosen by chance, as the network offers no such test. Sequential t-test of the blocks, "
                    + "always-valid p-values; chance below 0.05 over all comparisons"),
        ]
    }
}

/// The days of experiments whose variants take turns: `tx.experimentDays`.
package struct ExperimentDayStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var experimentDays: ExperimentDayStore<Self> { ExperimentDayStore(tx: self) }
}

extension ExperimentDayStore {
    /// Returns the days of an experiment, the first first.
    package func all(of id: ID<Experiment>) throws -> [ExperimentDay] {
        try tx.all(
            """
            SELECT \(ExperimentDay.columns) FROM experiment_days
            WHERE tenant_id = \(tx.tenant) AND experiment_id = \(id) ORDER BY number
            """, ExperimentDay.init)
    }
}

package extension ExperimentDayStore where Base == Transaction {
    /// Gives a day to its variant; one that has it already keeps it.
    func plan(_ day: ExperimentDay, of id: ID<Experiment>) throws {
        try tx.run(
            """
            INSERT INTO experiment_days (tenant_id, experiment_id, number, day, variant, change_id, state)
            VALUES (\(tx.tenant), \(id), \(day.number), \(day.day), \(day.variant), \(day.change),
                \(day.state.rawValue))
            ON CONFLICT (tenant_id, experiment_id, number) DO NOTHING
            """)
    }

    /// Stores what a day has come to, and has the experiment looked at.
    func settle(_ day: ExperimentDay, of id: ID<Experiment>) throws {
        try tx.run(
            """
            UPDATE experiment_days SET state = \(day.state.rawValue), views = \(day.views), minutes = \(day.minutes)
            WHERE tenant_id = \(tx.tenant) AND experiment_id = \(id) AND number = \(day.number)
            """)
        try tx.experiments.evaluateLater(id)
    }
}

package extension ExperimentStore where Base == Transaction {
    /// Ends an experiment whose film is not there any more.
    func lose(_ experiment: Experiment) throws {
        guard experiment.status == .running else { return }
        var stopped = experiment
        (stopped.status, stopped.result) = (.stopped, try experiment.results(in: tx))
        try tx.update(experiment, to: &stopped, by: .system, action: "experiment.stopped")
    }
}
