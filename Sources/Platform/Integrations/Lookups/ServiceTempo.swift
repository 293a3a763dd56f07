internal import Agents
package import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The answers of a service of late in each hour of the agency's day: a row of `service_tempo` for each, in which older
/// calls count less and less.
package struct ServiceTempo: Sendable {
    package struct Hour: StoredRow {
        let hour: Int
        let calls: Double, failures: Double, milliseconds: Double

        package static let columns = Columns(of: Self.self)

        package init(_ hour: Int, calls: Double, failures: Double, milliseconds: Double) {
            (self.hour, self.calls, self.failures) = (hour, calls, failures)
            self.milliseconds = milliseconds
        }

        package init(_ row: inout ColumnReader) {
            hour = row.int("hour")
            (calls, failures) = (row.double("calls"), row.double("failures"))
            milliseconds = row.double("milliseconds")
        }

        /// The time that a call takes there, with its repetitions where calls fail.
        var burden: Double { milliseconds / calls / success / success }
        var success: Double { max(0.05, 1 - failures / calls) }
    }

    /// Hours with fewer calls say nothing.
    private static let knownFrom = 3.0
    /// The measures of a batch: its size where nothing is known, the time that it takes, and the most that it holds.
    package struct Batch: Sendable {
        let first: Int, milliseconds: Double, most: Int

        package init(first: Int = 10, within time: Duration = .seconds(60), most: Int = 200) {
            (self.first, self.most) = (first, most)
            milliseconds = Double(time.microseconds) / 1000
        }
    }

    private let hours: [Hour]

    package init(hours: [Hour]) { self.hours = hours }

    /// Returns how many questions the next batch holds: as many as are answered within its time, a few where nothing
    /// is known.
    package func batchSize(_ pace: ServicePace = ServicePace(), _ batch: Batch = Batch()) -> Int {
        let calls = hours.reduce(0) { $0 + $1.calls }
        guard calls >= 1 else { return batch.first }
        let failures = hours.reduce(0) { $0 + $1.failures }
        let success = max(0.05, 1 - failures / calls)
        let each = hours.reduce(0) { $0 + $1.milliseconds } / calls
        let lanes = Double(pace.concurrent ?? 1)
        let gap = max(each / lanes, Double(pace.interval.microseconds) / 1000, 1)
        return Int(min(max(batch.milliseconds / gap * success * success, 1), Double(batch.most)))
    }

    /// Returns the hours of the day in which what is not urgent is asked: the quiet ones, and among those that are
    /// known the one in which the service answers best.
    package func bestHour(among quiet: Range<Int>) -> Int {
        let known = hours.filter { $0.calls >= Self.knownFrom }
        let best = known.min { $0.burden < $1.burden }
        guard let best else { return quiet.lowerBound }
        guard let quietest = known.filter({ quiet.contains($0.hour) }).min(by: { $0.burden < $1.burden })
        else {
            return quiet.lowerBound
        }
        // Out of the quiet hours only for a clear gain.
        return quietest.burden > 2 * best.burden ? best.hour : quietest.hour
    }
}

/// The tempo of services: `tx.serviceTempo`.
package struct ServiceTempoStore<Base: Queryable> {
    let tx: Base

    package func tempo(of connector: String) throws -> ServiceTempo {
        ServiceTempo(
            hours: try tx.all(
                """
                SELECT \(ServiceTempo.Hour.columns) FROM service_tempo
                WHERE tenant_id = \(tx.tenant) AND connector = \(connector)
                """, ServiceTempo.Hour.init))
    }
}

extension Queryable {
    package var serviceTempo: ServiceTempoStore<Self> { ServiceTempoStore(tx: self) }
}

extension ServiceTempoStore where Base == Transaction {
    /// Notes how long one thing took. What is noted under names that are no connector's is measured in the same way.
    package func note(_ connector: String, took: Duration, hasFailed: Bool) throws {
        let hour = try tx.runtime.questions.zone(tx).local(of: tx.now).secondsOfDay / 3600
        let milliseconds = Double(took.microseconds) / 1000
        try tx.run(
            """
            INSERT INTO service_tempo (tenant_id, connector, hour, calls, failures, milliseconds)
            VALUES (\(tx.tenant), \(connector), \(hour), 1, \(hasFailed ? 1.0 : 0.0), \(milliseconds))
            ON CONFLICT (tenant_id, connector, hour) DO UPDATE SET calls = service_tempo.calls * 0.98 + 1,
                failures = service_tempo.failures * 0.98 + excluded.failures,
                milliseconds = service_tempo.milliseconds * 0.98 + excluded.milliseconds
            """)
    }

    func forget(_ connector: some Key) throws {
        try tx.run(
            "DELETE FROM service_tempo WHERE tenant_id = \(tx.tenant) AND connector = \(connector.keyText)")
    }
}
